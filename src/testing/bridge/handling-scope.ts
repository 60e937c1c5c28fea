import type { OperationsOf } from '../../application/operations.ts'
import { told } from '../../application/operations.ts'
import type { Program } from '../../application/program.ts'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Random } from '../../simulation/random.ts'
import type { Waiting } from './inside.ts'
import type { Scope } from './scope.ts'
import type { Ended } from './shaped-handler.ts'
import type { UserProcess } from './user-process.ts'

/** An operation that a handling began: its present name, and where, if the run notes places. */
interface Begun {
  name: string
  readonly place: Error | undefined
  /** Whether the handling had ended by then; told once. */
  isLate: boolean
}

/** The scope of one attempt to handle one delivery. */
export class HandlingScope implements Scope {
  readonly user: UserProcess
  readonly handling: Handling
  readonly random: Random
  readonly #of: OperationsOf
  readonly #steps = { taken: 0 }
  readonly #pending = new Set<Begun>()
  #latest: Begun | undefined
  #hasReturned = false
  #goesOn = false

  constructor(user: UserProcess, handling: Handling) {
    const { process, context } = user
    const { attempt, delivery } = handling
    const { message } = delivery.envelope
    this.user = user
    this.handling = handling
    this.random = process.randomOf(`user-code/${context.service}/${context.text(message)}/attempt-${attempt}`)
    this.#of = { process, service: context.service, message, attempt }
  }

  /** The same program, told of: each of its operations is a place where a fault can strike. */
  begin<R>(program: () => Program<R>, { isShared = false, givenUp }: Waiting): () => Program<R> {
    const place = this.user.world.notesPlaces ? new Error('began here') : undefined
    const begun: Begun = { name: 'an operation', place, isLate: this.#hasReturned && !isShared }
    if (!isShared) this.#pending.add(begun)
    givenUp?.addEventListener('abort', () => this.#pending.delete(begun), { once: true })
    this.#latest = begun
    return () => this.#told(program(), begun)
  }

  *#told<R>(operation: Program<R>, begun: Begun): Program<R> {
    const program = told(operation, this.#of, undefined, this.#steps)
    try {
      for (let next = program.next(); ;) {
        if (next.done === true) return next.value
        begun.name = next.value.name
        if (begun.isLate) this.#tellLate(begun)
        next = program.next(yield next.value)
      }
    } finally {
      this.#pending.delete(begun)
    }
  }

  /** The handler has come to its end. If it returned, what it began is to be over, or nobody will know how it ended. */
  ended({ kind }: Ended): void {
    // Whoever throws says that it is not done.
    if (kind === 'threw' || this.#goesOn) return
    this.#hasReturned = true
    if (this.user.isWorkingForOthers) return
    for (const { name, place } of this.#pending) {
      this.user.report('left-behind', `returned and did not wait for ${name}`, place, this.handling)
    }
  }

  /** It is not over when its code returns. */
  goesOn(): void {
    this.#goesOn = true
  }

  /** Whether it waits, and for nothing that it has begun. */
  get isIdle(): boolean {
    return this.#pending.size === 0
  }

  #tellLate(begun: Begun): void {
    begun.isLate = false
    if (this.user.isWorkingForOthers) return
    this.user.report('left-behind', `had returned when ${begun.name} began`, begun.place, this.handling)
  }

  /** Nobody will ever settle what the handler waits for. */
  neverSettles(): void {
    const { place, name } = this.#latest ?? {}
    const last = name === undefined ? '' : `; the last that it did was ${name}`
    this.user.report('never-settled', `waits for something that never happens${last}`, place, this.handling)
  }
}
