import timerPromises from 'node:timers/promises'
import type { Scope } from '../scope.ts'
import type { Replacement } from './patch.ts'
import { patch } from './patch.ts'
import { VirtualImmediate } from './virtual-immediate.ts'
import { VirtualTimer } from './virtual-timer.ts'

/** `node:timers/promises`, with its scheduler. */
export function patchTimerPromises(): void {
  patch(timerPromises, 'setTimeout', timeoutPromise)
  patch(timerPromises, 'setImmediate', immediatePromise)
  patch(timerPromises, 'setInterval', (scope, [delay, value, options]) => intervals(scope, delay, value, options))
  const scheduler = Reflect.getPrototypeOf(timerPromises.scheduler) ?? timerPromises.scheduler
  patch(scheduler, 'wait', (scope, [delay, options], call) => timeoutPromise(scope, [delay, undefined, options], call))
  patch(scheduler, 'yield', (scope, _args, call) => immediatePromise(scope, [], call))
}

export const timeoutPromise: Replacement = (scope, [delay, value, options]) =>
  interruptible(signalOf(options), (resolve) => new VirtualTimer(scope, () => resolve(value), delay, false))

export const immediatePromise: Replacement = (scope, [value, options]) =>
  interruptible(signalOf(options), (resolve) => new VirtualImmediate(scope, () => resolve(value)))

/** A promise that a signal can end before its timer does. */
function interruptible(
  signal: AbortSignal | undefined,
  set: (resolve: (value: unknown) => void) => { close(): unknown },
): Promise<unknown> {
  if (signal?.aborted === true) return Promise.reject(abortError(signal))
  return new Promise((resolve, reject) => {
    const timer = set((value) => {
      signal?.removeEventListener('abort', abort)
      resolve(value)
    })
    const abort = (): void => {
      timer.close()
      if (signal !== undefined) reject(abortError(signal))
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

async function* intervals(scope: Scope, delay: unknown, value: unknown, options: unknown): AsyncGenerator<unknown> {
  const signal = signalOf(options)
  let due = 0
  let wake: (() => void) | undefined
  const tick = (): void => {
    due++
    wake?.()
  }
  signal?.addEventListener('abort', () => wake?.(), { once: true })
  const timer = new VirtualTimer(scope, tick, delay, true)
  try {
    for (;;) {
      if (signal?.aborted === true) throw abortError(signal)
      if (due === 0) await new Promise<void>((resolve) => (wake = resolve))
      for (; due > 0; due--) yield value
    }
  } finally {
    timer.close()
  }
}

function signalOf(options: unknown): AbortSignal | undefined {
  if (typeof options !== 'object' || options === null) return undefined
  const signal: unknown = Reflect.get(options, 'signal')
  return signal instanceof AbortSignal ? signal : undefined
}

/** The error that Node's own functions reject with. */
function abortError(signal: AbortSignal): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  })
}
