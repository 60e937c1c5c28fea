import type { OperationsOf } from '../../application/operations.ts'
import { told } from '../../application/operations.ts'
import type { Program } from '../../application/program.ts'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Random } from '../../simulation/random.ts'
import type { Waiting, Work } from './inside.ts'
import type { Scope } from './scope.ts'
import { scopes } from './scope.ts'
import type { UserProcess } from './user-process.ts'

/**
 * The scope of a delivery that a loop of the user has fetched. Nobody calls the code for it: the loop goes from one delivery to the next, or works on
 * several at a time, and whatever it does after it has taken one up is of that one, until it takes up another. `taken` hears of it.
 */
export class FetchedScope implements Scope, Work {
  readonly user: UserProcess
  readonly random: Random
  readonly #handling: Handling
  readonly #of: OperationsOf
  readonly #taken: (scope: FetchedScope) => void
  readonly #steps = { taken: 0 }
  #underWay = 0
  #isSettled = false
  /** What its code has gone on with. */
  #next: FetchedScope | undefined

  constructor(user: UserProcess, handling: Handling, taken: (scope: FetchedScope) => void) {
    const { process, context } = user
    const { attempt, delivery } = handling
    const { message } = delivery.envelope
    this.user = user
    this.#handling = handling
    this.#taken = taken
    this.random = process.randomOf(`user-code/${context.service}/${context.text(message)}/attempt-${attempt}`)
    this.#of = { process, service: context.service, message, attempt }
  }

  get handling(): Handling {
    return this.#current.#handling
  }

  /** Only code of the same process takes it up: a test may look at what it was given when all is over. */
  takeUp(): void {
    const before = scopes.getStore()
    if (before?.user !== this.user) return
    if (before instanceof FetchedScope) before.#current.#leadTo(this)
    this.#taken(this)
    scopes.enterWith(this)
  }

  settled(): void {
    this.#isSettled = true
  }

  /** A chain of promises that is not the one that took up the other message still has this scope. */
  #leadTo(next: FetchedScope): void {
    if (this.#isSettled && next !== this) this.#next = next
  }

  get #current(): FetchedScope {
    if (this.#next === undefined) return this
    this.#next = this.#next.#current
    return this.#next
  }

  get isUnderWay(): boolean {
    return this.#underWay > 0
  }

  begin<R>(program: () => Program<R>, { isShared = false }: Waiting): () => Program<R> {
    const current = this.#current
    const letGo = isShared ? () => {} : current.hold()
    return () => held(told(program(), current.#of, undefined, current.#steps), letGo)
  }

  hold(): () => void {
    const current = this.#current
    current.#underWay++
    return () => void current.#underWay--
  }
}

function* held<R>(program: Program<R>, letGo: () => void): Program<R> {
  try {
    return yield* program
  } finally {
    letGo()
  }
}
