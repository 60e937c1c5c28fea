import type { EachMessagePayload } from '../kafkajs/each-message.ts'
import { consumer } from '../kafkajs/consumer.ts'
import { producer } from '../kafkajs/producer.ts'

/** What a handler of Nest's Kafka transport is given beside its data, as `KafkaContext`. */
export class KafkaContext {
  readonly #message: unknown
  readonly #payload: EachMessagePayload

  /** `message` is the record with key, value and headers as Nest has decoded them. */
  constructor(message: unknown, payload: EachMessagePayload) {
    this.#message = message
    this.#payload = payload
  }

  getMessage(): unknown {
    return this.#message
  }

  getPartition(): number {
    return this.#payload.partition
  }

  getTopic(): string {
    return this.#payload.topic
  }

  getHeartbeat(): () => Promise<void> {
    return () => this.#payload.heartbeat()
  }

  getConsumer(): ReturnType<typeof consumer> {
    return consumer()
  }

  getProducer(): ReturnType<typeof producer> {
    return producer()
  }
}
