import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'
import type { Scope } from '../scope.ts'
import { patch } from '../virtual/patch.ts'

/** Functions that lead out of the simulation throw in the user's code, before anything real has happened. */
export function patchRefusals(): void {
  patch(net.Socket.prototype, 'connect', (scope, [first, ...rest]) =>
    refuse(scope, `opens a connection to ${destination(first, rest)}`),
  )
  patch(net.Server.prototype, 'listen', (scope) => refuse(scope, 'listens for connections'))
  patch(dgram, 'createSocket', (scope) => refuse(scope, 'opens a socket for datagrams'))
  for (const owner of [dns, dns.promises])
    for (const name of ['lookup', 'lookupService', 'resolve', 'resolve4', 'resolve6', 'resolveSrv', 'reverse'])
      patch(owner, name, (scope, [host]) => refuse(scope, `asks the DNS for ${String(host)}`))
  for (const name of ['spawn', 'exec', 'execFile', 'fork', 'spawnSync', 'execSync', 'execFileSync'])
    patch(childProcess, name, (scope, [program]) => refuse(scope, `starts the program ${String(program)}`))
}

function refuse(scope: Scope, what: string): never {
  const error = new Error(`The code ${what}, which is not simulated: use what the consumer is given, or declare it.`)
  scope.user.report('real-resource', error.message.slice(0, -1), error)
  throw error
}

function destination(first: unknown, rest: readonly unknown[]): string {
  // net.connect() itself passes its arguments on as one list.
  const [to, next] = Array.isArray(first) ? [first[0], first[1]] : [first, rest[0]]
  if (typeof to === 'object' && to !== null) {
    const path: unknown = Reflect.get(to, 'path')
    const host: unknown = Reflect.get(to, 'host') ?? 'localhost'
    return typeof path === 'string' ? path : `${String(host)}:${String(Reflect.get(to, 'port'))}`
  }
  return typeof to === 'number' ? `${typeof next === 'string' ? next : 'localhost'}:${to}` : String(to)
}
