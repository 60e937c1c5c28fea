import timers from 'node:timers'
import { promisify } from 'node:util'
import type { Scope } from '../scope.ts'
import type { Replacement } from './patch.ts'
import { descriptorOf, isOurs, patch } from './patch.ts'
import { immediatePromise, timeoutPromise } from './timer-promises.ts'
import { VirtualImmediate } from './virtual-immediate.ts'
import { VirtualTimer } from './virtual-timer.ts'

/** `setTimeout`, `setInterval`, `setImmediate` and what clears them: the globals, and those of `node:timers`. */
export function patchTimers(): void {
  for (const owner of [globalThis, timers]) {
    patch(owner, 'setTimeout', (scope, args, call) => timerOf(scope, args, call, false))
    patch(owner, 'setInterval', (scope, args, call) => timerOf(scope, args, call, true))
    patch(owner, 'setImmediate', (scope, [callback, ...args], call) =>
      isFunction(callback) ? new VirtualImmediate(scope, () => callback(...args)) : call.real(callback, ...args),
    )
    for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate']) patchClearing(owner, name)
    patchPromisified(owner, 'setTimeout', timeoutPromise)
    patchPromisified(owner, 'setImmediate', immediatePromise)
  }
}

function timerOf(
  scope: Scope,
  [callback, delay, ...args]: readonly unknown[],
  call: Parameters<Replacement>[2],
  repeats: boolean,
): unknown {
  // Node's own function has the right error for what is no function.
  if (!isFunction(callback)) return call.real(callback, delay, ...args)
  return new VirtualTimer(scope, () => callback(...args), delay, repeats)
}

function isFunction(value: unknown): value is (...args: readonly unknown[]) => unknown {
  return typeof value === 'function'
}

/** A timer is cleared as itself, or as the number that it turned into. */
function patchClearing(owner: object, name: string): void {
  patch(owner, name, (scope, [timer], call) => {
    if (timer instanceof VirtualTimer || timer instanceof VirtualImmediate) timer.close()
    else if (typeof timer === 'number' || typeof timer === 'string')
      scope.user.timers.byNumber.get(Number(timer))?.close()
    else call.real(timer)
  })
}

/** `promisify(setTimeout)` asks the function for its own promise version. */
function patchPromisified(owner: object, name: string, replacement: Replacement): void {
  const patched: unknown = Reflect.get(owner, name)
  if (typeof patched !== 'function' || !isOurs(patched)) return
  const property = descriptorOf(patched, promisify.custom)
  const original: unknown = Reflect.get(patched, promisify.custom)
  if (property?.configurable !== true || typeof original !== 'function' || isOurs(original)) return
  const holder = { custom: original }
  patch(holder, 'custom', replacement)
  Reflect.defineProperty(patched, promisify.custom, {
    enumerable: property.enumerable ?? false,
    configurable: true,
    get: () => holder.custom,
  })
}
