import nodeProcess from 'node:process'
import { patch } from './patch.ts'

/** As they were when the package was loaded: fake timers of a test runner may hold back what these begin. */
const { nextTick } = nodeProcess
const { queueMicrotask } = globalThis

/** `queueMicrotask` and `process.nextTick` stay Node's own; up to the end of a run, so that code that would go on for ever with them does not. */
export function patchMicrotasks(): void {
  patch(globalThis, 'queueMicrotask', ({ user }, [callback], call) => {
    if (!isFunction(callback)) return call.real(callback)
    return user.world.over ? undefined : queueMicrotask(() => user.callBack(callback))
  })
  for (const process of new Set([nodeProcess, globalThis.process]))
    if (process.nextTick !== nextTick)
      patch(process, 'nextTick', (_, [callback, ...args], call) =>
        isFunction(callback) ? nextTick(callback, ...args) : call.real(callback, ...args),
      )
}

function isFunction(value: unknown): value is (...args: readonly unknown[]) => void {
  return typeof value === 'function'
}
