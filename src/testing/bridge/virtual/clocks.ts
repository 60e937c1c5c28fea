import { performance } from 'node:perf_hooks'
import nodeProcess from 'node:process'
import type { Scope } from '../scope.ts'
import { stepBudget } from '../step-budget.ts'
import { patch, patchReading } from './patch.ts'

/** As many looks at the clock in one step are somebody who waits for time to pass. */
const mostReads = 100_000

/** The time for code of a user. No time passes while code runs, so code that loops until it has passed would do so for ever. */
export function clockRead<T>(scope: Scope, time: T): T {
  if (++stepBudget.clockReads <= mostReads) return time
  const error = new Error('No time passes while code runs: wait with a timer, not in a loop that looks at the clock.')
  scope.user.report('endless', 'A loop waits for the clock, and no virtual time passes while code runs', error)
  throw error
}

/** Clocks that only go forward: `performance`, `process.hrtime` and `process.uptime` count from the start of the simulated process. */
export function patchClocks(): void {
  // Fake timers of a test runner are another object, or properties of their own on this one.
  for (const clock of new Set([performance, globalThis.performance])) {
    patch(ownerOf(clock, 'now'), 'now', (scope) => clockRead(scope, scope.user.uptime / 1000))
    const origin = ownerOf(clock, 'timeOrigin')
    patchReading(origin, 'timeOrigin', ({ user }) => (user.process.wallClock - user.uptime) / 1000)
    patchMarks(ownerOf(clock, 'mark'))
  }
  for (const process of new Set([nodeProcess, globalThis.process])) {
    patch(process, 'hrtime', (scope, [since]) => clockRead(scope, highResolution(scope.user.process.now, since)))
    patch(process.hrtime, 'bigint', (scope) => clockRead(scope, BigInt(scope.user.process.now) * 1000n))
    patch(process, 'uptime', (scope) => clockRead(scope, scope.user.uptime / 1_000_000))
  }
}

function ownerOf(clock: object, name: string): object {
  return Object.hasOwn(clock, name) ? clock : (Reflect.getPrototypeOf(clock) ?? clock)
}

function highResolution(micros: number, since: unknown): readonly [number, number] {
  const now = [Math.floor(micros / 1_000_000), (micros % 1_000_000) * 1000] as const
  if (!Array.isArray(since)) return now
  const nanoseconds = now[1] - Number(since[1])
  const seconds = now[0] - Number(since[0])
  return nanoseconds < 0 ? [seconds - 1, nanoseconds + 1_000_000_000] : [seconds, nanoseconds]
}

/** What somebody measures by marks counts as the clock does. Node keeps one list of marks for everybody. */
function patchMarks(owner: object): void {
  patch(owner, 'mark', ({ user }, [name, options], call) =>
    call.real(name, { startTime: user.uptime / 1000, ...record(options) }),
  )
  patch(owner, 'measure', ({ user }, [name, start, end], call) => {
    const options = typeof start === 'object' ? record(start) : start === undefined ? {} : { start }
    if (end !== undefined || options['end'] !== undefined || options['duration'] !== undefined)
      return call.real(name, start, end)
    return call.real(name, { ...options, end: user.uptime / 1000 })
  })
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
