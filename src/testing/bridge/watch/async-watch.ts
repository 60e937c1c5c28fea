import type { AsyncHook } from 'node:async_hooks'
import { createHook } from 'node:async_hooks'
import { installAgain } from '../install.ts'
import type { Scope } from '../scope.ts'
import { scopes } from '../scope.ts'
import { stepBudget } from '../step-budget.ts'
import { isLoading, stackHere } from '../user-line.ts'
import type { UserWorld } from '../user-world.ts'
import { breakOffSoon } from './break-off.ts'
import { realResources, sameStep, waitedFor } from './resource-kinds.ts'

/**
 * Sees everything asynchronous that code of users begins: what belongs to the real world is told of, what only takes a thread is waited for,
 * and what goes on and on is broken off.
 */
const creations: AsyncHook = createHook({
  init: (asyncId, type, _trigger, resource) => {
    if (sameStep.has(type)) {
      if (++stepBudget.promises > stepBudget.most) tooMany(type)
      // A run that is over takes no ticks any more: code that would go on for ever with them does not.
      if (type === 'TickObject' && scopes.getStore()?.user.world.over === true)
        Reflect.set(resource, 'callback', nothing)
      return
    }
    const what = realResources.get(type)
    if (what === undefined && !waitedFor.has(type)) return
    const scope = scopes.getStore()
    if (scope !== undefined) created(scope, asyncId, type, what, resource)
  },
})

function nothing(): void {}

/** Whose threads are at work: only then is it looked at when they end, which costs something for every promise. */
const working = new Map<number, UserWorld>()

const ends: AsyncHook = createHook({
  // Whoever waited for it goes on, in a turn that nobody else prepared.
  before: (asyncId) => {
    if (working.has(asyncId)) installAgain()
  },
  after: (asyncId) => over(asyncId),
  destroy: (asyncId) => over(asyncId),
})

let watchers = 0

/** Watches until the function returned is called. */
export function watchAsync(): () => void {
  if (watchers++ === 0) creations.enable()
  let watching = true
  return () => {
    if (watching && --watchers === 0) creations.disable()
    watching = false
  }
}

function created(scope: Scope, asyncId: number, type: string, what: string | undefined, resource: object): void {
  if (what === undefined) {
    if (type === 'ZLIB') scope.user.world.compressors.add(resource)
    else wait(scope, asyncId)
    if (type.endsWith('REQUEST')) unlessDone(asyncId, resource)
    return
  }
  const frames = stackHere()
  if (isLoading(frames)) return wait(scope, asyncId)
  if (frames.some((frame) => ofNoConcern.test(frame))) return
  const isTimer = type === 'Timeout' || type === 'Immediate'
  // Timers that Node's own modules set go with something else, which is told of.
  if (isTimer && frames.find((frame) => !ofTimers.test(frame))?.startsWith('node:') === true) return
  const advice = isTimer ? earlyReference : notSimulated
  scope.user.report('real-resource', `The code uses ${what}, which is not simulated (${advice})`, frames)
}

const earlyReference = 'the function was taken before onceproof/testing was loaded, so import that first'
const notSimulated = 'use what the consumer is given, or declare it'

const ofTimers = /^node:(internal\/(timers|async_hooks|util)|timers)\b/

/** The standard streams open by themselves when somebody writes, and copying a value opens a channel. */
const ofNoConcern = /^node:internal\/(bootstrap\/switches|structured_clone|console)|^node:internal\/process\/promises/

function wait(scope: Scope, asyncId: number): void {
  const { world } = scope.user
  if (working.size === 0) ends.enable()
  working.set(asyncId, world)
  world.working++
}

/** Work that was done at once, as by `generateKeySync`, looks the same when it is made; but then nobody waits for it to call back. */
function unlessDone(asyncId: number, job: object): void {
  const look = (): void => {
    if (Reflect.get(job, 'ondone') === undefined) over(asyncId)
  }
  scopes.exit(() => void Promise.resolve().then(look))
}

function over(asyncId: number): void {
  const world = working.get(asyncId)
  if (world === undefined) return
  world.working--
  working.delete(asyncId)
  if (working.size === 0) ends.disable()
}

function tooMany(type: string): void {
  stepBudget.most = Infinity
  const scope = scopes.getStore()
  if (scope === undefined) return
  scope.user.report('endless', 'The code goes on for ever without waiting for anything that takes time', stackHere())
  // Ticks and microtasks are not taken any more from here on, so they come to their end by themselves. What runs now is Node's own code, which
  // must be let go before anything is broken off. A loop that never lets go of the thread is for the watchdog.
  if (type === 'PROMISE') breakOffSoon()
}
