import nodeProcess from 'node:process'
import type { Inside } from '../inside.ts'
import type { Scope } from '../scope.ts'
import { scopes } from '../scope.ts'
import { patch } from './patch.ts'

type Listener = (...args: readonly unknown[]) => unknown

interface Listening {
  readonly listener: Listener
  readonly once: boolean
}

/** What code of a user listens to on `process`, by the simulated process that it runs in. Nothing of it reaches the real one. */
const listeners = new WeakMap<Inside, Map<unknown, Listening[]>>()

/** Whoever is to hear now of an event of a simulated process, in the order in which they began to listen. Who listens once has done so with this. */
export function listenersTo(inside: Inside, event: unknown): readonly Listener[] {
  const known = listeners.get(inside)?.get(event) ?? []
  const found = known.map(({ listener }) => listener)
  for (const each of known.filter(({ once }) => once)) known.splice(known.indexOf(each), 1)
  return found
}

/** The same; nobody hears it again. */
export function lastListenersTo(inside: Inside, event: unknown): readonly Listener[] {
  const found = listenersTo(inside, event)
  listeners.get(inside)?.delete(event)
  return found
}

/** `process.on('SIGTERM', ...)` and its likes: a listener inside hears the events of its simulated process, and of no other. */
export function patchSignals(): void {
  for (const process of new Set([nodeProcess, globalThis.process])) {
    for (const [names, once] of [
      [['on', 'addListener', 'prependListener'], false],
      [['once', 'prependOnceListener'], true],
    ] as const)
      for (const name of names)
        patch(process, name, ({ user }, [event, listener], { self }) => {
          if (!isListener(listener)) return self
          if (name.startsWith('prepend')) ofEvent(user, event).unshift({ listener, once })
          else ofEvent(user, event).push({ listener, once })
          return self
        })
    for (const name of ['off', 'removeListener'])
      patch(process, name, ({ user }, [event, listener], { self }) => {
        const known = ofEvent(user, event)
        const place = known.findLastIndex((each) => each.listener === listener)
        if (place >= 0) known.splice(place, 1)
        return self
      })
    patch(process, 'removeAllListeners', ({ user }, [event], { self }) => {
      if (event === undefined) listeners.delete(user)
      else ofEvent(user, event).length = 0
      return self
    })
    patch(process, 'listenerCount', ({ user }, [event]) => ofEvent(user, event).length)
    patch(process, 'listeners', ({ user }, [event]) => ofEvent(user, event).map(({ listener }) => listener))
    patch(process, 'emit', ({ user }, [event, ...args]) => tell(user, event, args))
    patch(process, 'kill', (scope, [pid, signal]) => kill(scope, pid, signal ?? 'SIGTERM'))
    patch(process, 'emitWarning', ({ user }, [warning, options]) => {
      if (!isToldOnce(warning, options)) user.log(`warning: ${String(warning)}`)
    })
  }
}

/** What Node tells once in the life of the real process is nothing that a simulated one does: the first run would have a line that no other has. */
function isToldOnce(warning: unknown, options: unknown): boolean {
  const given = warning instanceof Error ? warning.name : options
  const type = typeof given === 'object' && given !== null && 'type' in given ? given.type : given
  return type === 'DeprecationWarning' || type === 'ExperimentalWarning'
}

/** Calls who listens; whether anybody did. */
function tell(user: Inside, event: unknown, args: readonly unknown[]): boolean {
  const told = listenersTo(user, event)
  for (const listener of told) listener(...args)
  return told.length > 0
}

/** A process that signals itself hears it soon, or ends by it; all others are out of its reach. */
function kill(scope: Scope, pid: unknown, signal: unknown): true {
  const { user } = scope
  if (pid !== user.pid) {
    throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH', syscall: 'kill', errno: -3 })
  }
  if (signal === 0) return true
  if (signal === 'SIGKILL' || ofEvent(user, signal).length === 0)
    user.exit(`process.kill(process.pid, ${String(signal)})`)
  else user.setTimer(0, () => scopes.run(scope, () => user.callBack(() => tell(user, signal, [signal]))))
  return true
}

function ofEvent(user: Inside, event: unknown): Listening[] {
  const events = listeners.get(user) ?? new Map<unknown, Listening[]>()
  listeners.set(user, events)
  const known = events.get(event) ?? []
  events.set(event, known)
  return known
}

function isListener(value: unknown): value is Listener {
  return typeof value === 'function'
}
