import type { OperationsOf } from '../../application/operations.ts'
import { told } from '../../application/operations.ts'
import type { Program } from '../../application/program.ts'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Random } from '../../simulation/random.ts'
import type { Scope } from './scope.ts'
import type { UserProcess } from './user-process.ts'

/** An operation that a handling began: its present name, and where. */
interface Begun {
  name: string
  readonly place: Error
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
  begin<R>(program: () => Program<R>): () => Program<R> {
    const begun: Begun = { name: 'an operation', place: new Error('began here') }
    this.#pending.add(begun)
    this.#latest = begun
    return () => this.#told(program(), begun)
  }

  *#told<R>(program: Program<R>, begun: Begun): Program<R> {
    const pending = this.#pending
    try {
      return yield* told(named(program, begun), this.#of, undefined, this.#steps)
    } finally {
      pending.delete(begun)
    }
  }

  /** The handler has returned: what it began is to be over, or nobody will know how it ended. */
  returned(): void {
    for (const { name, place } of this.#pending) {
      this.user.report('left-behind', `The handler returned and did not wait for ${name}`, place, this.handling)
    }
  }

  /** Nobody will ever settle what the handler waits for. */
  neverSettles(): void {
    const { place, name } = this.#latest ?? {}
    const last = name === undefined ? '' : `; the last that it did was ${name}`
    this.user.report('never-settled', `The handler waits for something that never happens${last}`, place, this.handling)
  }
}

function* named<R>(program: Program<R>, begun: Begun): Program<R> {
  for (let next = program.next(); ;) {
    if (next.done === true) return next.value
    begun.name = next.value.name
    next = program.next(yield next.value)
  }
}
