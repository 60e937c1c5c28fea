import childProcess from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import net from 'node:net'
import nodeProcess from 'node:process'
import type { Scope } from '../scope.ts'
import { stackHere, isLoading } from '../user-line.ts'
import { patch } from '../virtual/patch.ts'
import { isStandard } from '../virtual/standard-streams.ts'

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
  for (const process of new Set([nodeProcess, globalThis.process]))
    patch(process, 'chdir', (scope, [folder]) => refuse(scope, `changes its folder to ${String(folder)}`))
  patchWriting()
  patchStopping()
}

/** Functions that write to the disk at once, and the place of what they write. */
const writing = [
  ...[
    'writeFileSync',
    'appendFileSync',
    'mkdirSync',
    'mkdtempSync',
    'rmSync',
    'rmdirSync',
    'unlinkSync',
    'truncateSync',
  ],
  ...['renameSync', 'copyFileSync', 'cpSync', 'symlinkSync', 'linkSync', 'utimesSync', 'chmodSync', 'chownSync'],
]

/** Reading the disk is harmless. What is written there stays, so another run finds it. */
function patchWriting(): void {
  for (const name of writing)
    patch(fs, name, (scope, args, call) =>
      isStandard(args[0]) || isLoading(stackHere())
        ? call.real(...args)
        : refuse(scope, `writes to ${String(args[0])}`),
    )
  patch(fs, 'openSync', (scope, [path, flags, mode], call) =>
    flags === undefined || flags === 'r' || flags === 0 || isLoading(stackHere())
      ? call.real(path, flags, mode)
      : refuse(scope, `writes to ${String(path)}`),
  )
}

/** A thread that is stopped cannot go on in virtual time. */
function patchStopping(): void {
  patch(Atomics, 'wait', (scope) => {
    const error = new Error('The thread of a simulated process cannot be stopped: wait with a timer.')
    scope.user.report('endless', 'The code stops its thread, and no virtual time passes meanwhile', error)
    throw error
  })
}

function refuse(scope: Scope, what: string): never {
  const error = new Error(`The code ${what}, which is not simulated (use what the consumer is given, or declare it).`)
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
