import { scopes } from '../scope.ts'
import { clockRead } from './clocks.ts'
import { isOurs, markAsOurs, patch } from './patch.ts'

/** `Date` by the wall clock of the simulated host, skew and all. */
export function patchDates(): void {
  const Present = globalThis.Date
  if (isOurs(Present)) return
  // Whoever has taken the constructor before finds at least this one.
  patch(Present, 'now', (scope) => clockRead(scope, wallClock(scope.user.process.wallClock)))
  const Virtual = new Proxy(Present, {
    construct: (target, args, newTarget) => {
      const scope = args.length === 0 ? scopes.getStore() : undefined
      if (scope === undefined) return Reflect.construct(target, args, newTarget)
      return Reflect.construct(target, [clockRead(scope, wallClock(scope.user.process.wallClock))], newTarget)
    },
    apply: (target, self, args) => {
      const scope = scopes.getStore()
      if (scope === undefined) return Reflect.apply(target, self, args)
      return new Present(clockRead(scope, wallClock(scope.user.process.wallClock))).toString()
    },
  })
  markAsOurs(Virtual, Present)
  Reflect.defineProperty(Present.prototype, 'constructor', {
    value: Virtual,
    writable: true,
    enumerable: false,
    configurable: true,
  })
  Reflect.defineProperty(globalThis, 'Date', {
    ...Reflect.getOwnPropertyDescriptor(globalThis, 'Date'),
    value: Virtual,
  })
}

/** Dates are in whole milliseconds. */
function wallClock(micros: number): number {
  return Math.floor(micros / 1000)
}
