import nodeProcess from 'node:process'
import type { Inside } from '../inside.ts'
import { patch } from './patch.ts'

type Listener = (...args: readonly unknown[]) => unknown

/** What code of a user listens to on `process`, by the simulated process that it runs in. Nothing of it reaches the real one. */
const listeners = new WeakMap<Inside, Map<unknown, Listener[]>>()

/** Whoever listens to a signal in a simulated process, in the order in which they began to. */
export function listenersOf(inside: Inside, signal: 'SIGTERM' | 'SIGINT'): readonly Listener[] {
  return listeners.get(inside)?.get(signal) ?? []
}

/** `process.on('SIGTERM', ...)` and its likes: a listener inside hears the signals of its simulated process, and of no other. */
export function patchSignals(): void {
  for (const process of new Set([nodeProcess, globalThis.process])) {
    for (const name of ['on', 'addListener', 'once', 'prependListener', 'prependOnceListener'])
      patch(process, name, ({ user }, [event, listener], { self }) => {
        if (isListener(listener)) ofEvent(user, event).push(listener)
        return self
      })
    for (const name of ['off', 'removeListener'])
      patch(process, name, ({ user }, [event, listener], { self }) => {
        const known = ofEvent(user, event)
        const place = known.findLastIndex((each) => each === listener)
        if (place >= 0) known.splice(place, 1)
        return self
      })
    patch(process, 'removeAllListeners', ({ user }, [event], { self }) => {
      if (event === undefined) listeners.delete(user)
      else ofEvent(user, event).length = 0
      return self
    })
    patch(process, 'listenerCount', ({ user }, [event]) => ofEvent(user, event).length)
    patch(process, 'listeners', ({ user }, [event]) => [...ofEvent(user, event)])
  }
}

function ofEvent(user: Inside, event: unknown): Listener[] {
  const events = listeners.get(user) ?? new Map<unknown, Listener[]>()
  listeners.set(user, events)
  const known = events.get(event) ?? []
  events.set(event, known)
  return known
}

function isListener(value: unknown): value is Listener {
  return typeof value === 'function'
}
