import fs from 'node:fs'
import type { Scope } from '../scope.ts'
import { patch } from './patch.ts'

/** What is written to the standard streams goes to the log of the simulated process, as lines for the console do. Loggers write in one of these ways. */
export function patchStandardStreams(): void {
  for (const stream of [process.stdout, process.stderr])
    patch(stream, 'write', (scope, [text, ...rest]) => {
      written(scope, text)
      callLater(rest, null)
      return true
    })
  patch(fs, 'writeSync', (scope, [descriptor, data, ...rest], call) => {
    if (!isStandard(descriptor)) return call.real(descriptor, data, ...rest)
    return written(scope, part(data, rest))
  })
  patch(fs, 'write', (scope, [descriptor, data, ...rest], call) => {
    if (!isStandard(descriptor)) return call.real(descriptor, data, ...rest)
    callLater(rest, null, written(scope, part(data, rest)), data)
    return undefined
  })
  patch(fs, 'fsyncSync', (_scope, [descriptor], call) => (isStandard(descriptor) ? undefined : call.real(descriptor)))
  patch(fs, 'fsync', (_scope, [descriptor, callback], call) => {
    if (!isStandard(descriptor)) return call.real(descriptor, callback)
    callLater([callback], null)
    return undefined
  })
}

/** Whether it is the number of standard output or standard error. */
export function isStandard(descriptor: unknown): boolean {
  return descriptor === 1 || descriptor === 2
}

/** Writes it down, and says how many bytes it was. */
function written({ user }: Scope, data: unknown): number {
  const text = data instanceof Uint8Array ? Buffer.from(data).toString() : String(data)
  if (text !== '') user.log(text.replace(/\n$/, ''))
  return Buffer.byteLength(text)
}

/** The bytes of a buffer that are meant: from where, and how many. */
function part(data: unknown, [from, length]: readonly unknown[]): unknown {
  if (!(data instanceof Uint8Array) || typeof from !== 'number') return data
  return data.subarray(from, typeof length === 'number' ? from + length : undefined)
}

function callLater(args: readonly unknown[], ...answer: readonly unknown[]): void {
  const callback = args.find((each) => typeof each === 'function')
  if (callback !== undefined) process.nextTick(() => void Reflect.apply(callback, undefined, answer))
}
