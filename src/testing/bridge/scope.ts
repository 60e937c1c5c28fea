import { AsyncLocalStorage } from 'node:async_hooks'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Random } from '../../simulation/random.ts'
import type { UserProcess } from './user-process.ts'

/** Where code of a user runs: in which simulated process, and in the handling of which delivery. Whatever it begins inherits this. */
export interface Scope {
  readonly user: UserProcess
  readonly handling: Handling | undefined
  /** What `Math.random` and its like draw from here: an attempt to handle a message has a stream of its own. */
  readonly random: Random
}

/** A package may be loaded twice in one process, by `import` and by `require`: both must know where code runs. */
const key = Symbol.for('onceproof/scopes/1')

/** The scope of the code that runs, wherever promises, timers and callbacks have led it. */
export const scopes: AsyncLocalStorage<Scope> = sharedStorage()

function sharedStorage(): AsyncLocalStorage<Scope> {
  const known: unknown = Reflect.get(AsyncLocalStorage, key)
  if (known instanceof AsyncLocalStorage) return known
  const storage = new AsyncLocalStorage<Scope>()
  Reflect.defineProperty(AsyncLocalStorage, key, { value: storage })
  return storage
}
