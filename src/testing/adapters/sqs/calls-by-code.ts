import type { Micros } from '../../../simulation/duration.ts'
import type { SqsConsumer } from '../../../systems/sqs/client/consumer.ts'
import type { SdkClient } from '../../../systems/sqs/client/sdk-client.ts'
import type { Inside } from '../../bridge/inside.ts'

/** A message that the code has in hand, as far as its own calls are about it. */
export interface HeldMessage {
  /** The code has called for its deletion. */
  noteDeletion(): void
  deleted(): void
  /** The attempt is over without its deletion. */
  left(reason: string): void
  hideUntil(time: Micros): void
}

/** What the code of one process needs for calls that it makes by itself, whoever receives for it. */
export class CallsByCode {
  readonly consumer: SqsConsumer
  readonly #clients = new Map<object, SdkClient>()
  /** By receipt handle. */
  readonly #held = new Map<string, HeldMessage>()

  constructor(consumer: SqsConsumer, inside: Inside) {
    this.consumer = consumer
    ofProcesses.set(inside, this)
  }

  /** The simulated client behind one that the code has made. */
  clientOf(made: object, maxAttempts: number | undefined): SdkClient {
    const known = this.#clients.get(made)
    if (known !== undefined) return known
    const purpose = `by-code-${this.#clients.size + 1}`
    const client = this.consumer.openClient(purpose, maxAttempts === undefined ? {} : { maxAttempts })
    this.#clients.set(made, client)
    return client
  }

  hold(receiptHandle: string, message: HeldMessage): void {
    this.#held.set(receiptHandle, message)
  }

  /** Whether it was held until now. */
  release(receiptHandle: string): boolean {
    return this.#held.delete(receiptHandle)
  }

  /** Nothing where somebody else received it, or it is settled. */
  held(receiptHandle: string): HeldMessage | undefined {
    return this.#held.get(receiptHandle)
  }
}

const ofProcesses = new WeakMap<Inside, CallsByCode>()

/** Nothing where the process does not receive from SQS. */
export function callsByCodeIn(inside: Inside): CallsByCode | undefined {
  return ofProcesses.get(inside)
}
