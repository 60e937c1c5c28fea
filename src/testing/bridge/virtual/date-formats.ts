import type { Scope } from '../scope.ts'
import { clockRead } from './clocks.ts'
import { patch, patchReading } from './patch.ts'

/** `Intl.DateTimeFormat` without a date formats the present one, which is that of the simulated host. */
export function patchDateFormats(): void {
  const { prototype } = Intl.DateTimeFormat
  patch(prototype, 'formatToParts', (scope, [date], call) => call.real(date ?? present(scope)))
  patchReading(prototype, 'format', (scope, real) => {
    const format: unknown = real()
    if (typeof format !== 'function') return format
    return (date?: unknown): unknown => Reflect.apply(format, undefined, [date ?? present(scope)])
  })
}

function present(scope: Scope): number {
  return clockRead(scope, Math.floor(scope.user.process.wallClock / 1000))
}
