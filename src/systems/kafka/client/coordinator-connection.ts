import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { KafkaError } from '../core/error-table.ts'
import { present } from '../core/invariant.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import { retryBackoff } from '../core/producer/retry-backoff.ts'
import type { RequestBody } from '../protocol.ts'
import type { Answer } from './broker-link.ts'
import type { BrokerLinks } from './broker-links.ts'

export interface CoordinatorContext {
  readonly process: Process
  readonly links: BrokerLinks
  readonly group: string
  /** Between two look-ups that found nothing, µs. */
  readonly retryBackoff: Backoff
  /** The coordinator is known, for the first time or again. */
  found(): void
}

/** A consumer's way to the coordinator of its group: any broker says who that is, and is asked again when it was lost. */
export class CoordinatorConnection {
  readonly #context: CoordinatorContext
  #node: string | undefined
  #lookingUp = false
  #failures = 0
  #closed = false

  constructor(context: CoordinatorContext) {
    this.#context = context
  }

  get known(): boolean {
    return this.#node !== undefined
  }

  /** Asks for the coordinator, unless that is under way. */
  lookUp(): void {
    if (this.#lookingUp || this.#closed) return
    const { links, group } = this.#context
    this.#lookingUp = true
    links.leastLoaded().request({ type: 'find-coordinator', group }, (answer) => {
      this.#lookingUp = false
      const node = typeof answer === 'string' ? undefined : answer.coordinator?.node
      if (node === undefined) this.#lookUpLater()
      else {
        this.#failures = 0
        this.#node = node
        this.#context.found()
      }
    })
  }

  /** It is somebody else, or out of reach. */
  lose(): void {
    this.#node = undefined
    this.lookUp()
  }

  /** Takes note of an error that says so. */
  loseAfter(error: KafkaError): void {
    if (losesCoordinator.has(error)) this.lose()
  }

  /** Only while it is known. */
  ask<R extends RequestBody>(body: R, answered: (answer: Answer<R>) => void, timeout?: Micros): void {
    const node = present(this.#node, 'the coordinator is known to whoever asks it')
    this.#context.links.to(node, 'coordinator').request(body, answered, timeout)
  }

  close(): void {
    this.#closed = true
  }

  #lookUpLater(): void {
    const { process, retryBackoff: backoff } = this.#context
    this.#failures += 1
    process.setTimer(retryBackoff(this.#failures, backoff, process.random.next()), () => {
      if (!this.known) this.lookUp()
    })
  }
}

const losesCoordinator: ReadonlySet<KafkaError> = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
])

/** The error of an answer; a request that nobody answered counts as a broken connection. */
export function errorOf(answer: string | { readonly error: KafkaError }): KafkaError {
  return typeof answer === 'string' ? 'NETWORK_EXCEPTION' : answer.error
}
