import type { Micros } from '../../../simulation/duration.ts'
import type { Random } from '../../../simulation/random.ts'
import type { KafkaJsConsumerSettings } from './kafka-js-settings.ts'
import { waitOf } from './kafka-js-settings.ts'

type Retry = KafkaJsConsumerSettings['retry']

/** What went wrong one after the other, and how long kafkajs waits after each. */
export class KafkaJsFailures {
  readonly #retry: Retry
  #count = 0
  #lastWait: Micros | undefined

  constructor(retry: Retry) {
    this.#retry = retry
  }

  next(random: Pick<Random, 'next'>): { readonly wait: Micros; readonly isTooOften: boolean } {
    const wait = waitOf(this.#retry, this.#lastWait, random.next())
    this.#count += 1
    this.#lastWait = wait
    return { wait, isTooOften: this.#count > this.#retry.retries }
  }

  forget(): void {
    this.#count = 0
    this.#lastWait = undefined
  }
}
