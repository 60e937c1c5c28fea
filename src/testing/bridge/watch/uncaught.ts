import { scopes } from '../scope.ts'
import { isOurs, markAsOurs } from '../virtual/patch.ts'
import { realProcess } from './real-process.ts'

/** An error that means nothing: it is thrown for what Node does when it has one. */
export const meaningless = new Error('This error has no meaning.')

const events: ReadonlySet<unknown> = new Set(['unhandledRejection', 'uncaughtException', 'uncaughtExceptionMonitor'])

/**
 * Errors that nobody caught end the simulated process in which they came up, and not the real one: Node says of them in the context of the
 * code that made them.
 */
export function catchUncaught(): void {
  const { emit } = realProcess
  if (isOurs(emit)) return
  const patched = function (this: unknown, event: unknown, ...args: readonly unknown[]): unknown {
    if (events.has(event)) {
      if (args[0] === meaningless) return true
      const scope = scopes.getStore()
      if (scope !== undefined) {
        if (event !== 'uncaughtExceptionMonitor') scope.user.uncaught(args[0], String(event), args[1])
        return true
      }
    }
    return Reflect.apply(emit, this, [event, ...args])
  }
  markAsOurs(patched, emit)
  Reflect.defineProperty(realProcess, 'emit', { value: patched, writable: true, configurable: true, enumerable: false })
}
