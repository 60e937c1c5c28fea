import { AsyncLocalStorage } from 'node:async_hooks'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Inside } from './inside.ts'

/** Where code of a user runs: in which simulated process, and in the handling of which delivery. Whatever it begins inherits this. */
export interface Scope {
  readonly inside: Inside
  readonly handling: Handling | undefined
}

export const scopes = new AsyncLocalStorage<Scope>()
