import { AsyncLocalStorage } from 'node:async_hooks'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Program } from '../../application/program.ts'
import type { Random } from '../../simulation/random.ts'
import type { Waiting } from './inside.ts'
import type { UserProcess } from './user-process.ts'

/** Where code of a user runs: in which simulated process, and in the handling of which delivery. Whatever it begins inherits this. */
export interface Scope {
  readonly user: UserProcess
  readonly handling: Handling | undefined
  /** What `Math.random` and its like draw from here: an attempt to handle a message has a stream of its own. */
  readonly random: Random
  /** The same program as one of its operations; without it, operations are of no delivery. */
  begin?<R>(program: () => Program<R>, waiting: Waiting): () => Program<R>
  /** Something begins that its code may wait for; what comes back is to be called at its end. */
  hold?(): () => void
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
