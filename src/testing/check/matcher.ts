import type { CheckResult } from './result.ts'
import { thrownAt, userPlace } from './user-place.ts'

/** What a matcher is told by the test runner: vitest and Jest agree in this. */
export interface MatcherState {
  readonly isNot?: boolean
}

export interface Matched {
  readonly pass: boolean
  readonly message: () => string
}

/**
 * `expect(checkDelivery({ ... })).toHold()`, of the promise or of what it came to. It must be awaited. A check that does not hold throws at
 * the line that called `checkDelivery`.
 */
async function toHold(this: MatcherState | undefined, received: unknown): Promise<Matched> {
  const place = userPlace()
  const result = await received
  if (!isResult(result)) throw thrownAt(new TypeError('toHold() is for what checkDelivery({ ... }) gives.'), place)
  if (this?.isNot !== true) result.assertHolds()
  return { pass: result.ok, message: () => `It was expected not to hold, and it holds.\n\n${result.text}` }
}

/** For `expect.extend(matchers)`, where importing `onceproof/testing` does not do it: Jest without injected globals. */
export const matchers: { readonly toHold: typeof toHold } = { toHold }

/** Adds the matcher to the `expect` of vitest or Jest, if one of them runs this file. */
export function registerMatchers(): void {
  const surroundings: Readonly<Record<PropertyKey, unknown>> = globalThis
  const expects = [surroundings[Symbol.for('expect-global')], surroundings['expect']]
  const extensible = expects.find(isExtensible)
  extensible?.extend(matchers)
}

interface Extensible {
  extend(matchers: object): void
}

/** `expect` is a function with functions on it. */
function isExtensible(value: unknown): value is Extensible {
  return typeof value === 'function' && 'extend' in value && typeof value.extend === 'function'
}

function isResult(value: unknown): value is CheckResult {
  return typeof value === 'object' && value !== null && 'assertHolds' in value && 'ok' in value
}

declare global {
  // The name under which both test runners look for matchers of others.
  namespace jest {
    interface Matchers<R, T = {}> {
      /** Holds if the check does: everything that it asks, in every run, and something was exercised. Must be awaited. */
      toHold(): Promise<R>
    }
  }
}
