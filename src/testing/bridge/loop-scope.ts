import type { Program } from '../../application/program.ts'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Random } from '../../simulation/random.ts'
import { FetchedScope } from './fetched-scope.ts'
import type { Loop, Waiting, Work } from './inside.ts'
import type { Scope } from './scope.ts'
import { scopes } from './scope.ts'
import type { UserProcess } from './user-process.ts'

/**
 * The scope of a loop that fetches deliveries by itself. What it does where it has not looked at one in the same chain of promises is of the one that was looked at
 * last: a helper may have read the message for it.
 */
export class LoopScope implements Scope, Loop {
  readonly user: UserProcess
  #latest: FetchedScope | undefined

  constructor(user: UserProcess) {
    this.user = user
  }

  get random(): Random {
    return this.user.background.random
  }

  get handling(): Handling | undefined {
    return this.#latest?.handling
  }

  run(code: () => unknown): unknown {
    return scopes.run(this, code)
  }

  work(handling: Handling): Work {
    return new FetchedScope(this.user, handling, (scope) => void (this.#latest = scope))
  }

  /** It waits, and not for anything that it could receive: nobody will ever settle that. */
  neverSettles(): void {
    const { handling } = this
    if (handling !== undefined)
      this.user.report('never-settled', 'waits for something that never happens', undefined, handling)
  }

  begin<R>(program: () => Program<R>, waiting: Waiting): () => Program<R> {
    return this.#latest?.begin(program, waiting) ?? program
  }

  hold(): () => void {
    return this.#latest?.hold() ?? (() => {})
  }
}
