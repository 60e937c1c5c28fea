import { perform } from '../../../application/program.ts'
import type { PushConsumer } from '../../../systems/rabbitmq/client/push-consumer.ts'
import type { Inside } from '../../bridge/inside.ts'
import { IllegalOperationError } from './illegal-operation-error.ts'
import type { ConsumeMessage } from './message.ts'
import type { PublishOptions } from './publishing.ts'
import { Publishing } from './publishing.ts'
import { Unsimulated } from './unsimulated.ts'
import type { Unsettled } from './unsettled.ts'

/** A message, or as much of one as it takes to settle it. */
type Settled = Pick<ConsumeMessage, 'fields'> | { readonly fields: { readonly deliveryTag: number } }

type Confirmed = (error: unknown, ok: Record<string, never>) => void

/**
 * One channel of amqplib, from its opening until it is closed: by the broker, over a tag that it does not know (406), or with the connection. It
 * is a confirm channel as well. What it declares is there already: queues, exchanges and bindings are said where the check describes its system.
 */
export class SimulatedChannel extends Unsimulated {
  readonly connection = { serverProperties: serverProperties() }
  /** Which opening of the consumer's channel it is. */
  readonly #opening: number
  readonly #consumer: PushConsumer
  readonly #inside: Inside
  readonly #unsettled: Unsettled
  readonly #publishing: Publishing

  constructor(consumer: PushConsumer, inside: Inside, opening: number, unsettled: Unsettled) {
    super()
    this.#consumer = consumer
    this.#inside = inside
    this.#opening = opening
    this.#unsettled = unsettled
    this.#publishing = new Publishing(inside, (message) => void this.emit('return', message))
  }

  ack(message: Settled, allUpTo = false): void {
    this.#acknowledge(message.fields.deliveryTag, allUpTo)
  }

  /** Everything that is unacknowledged: AMQP says so with the tag 0. */
  ackAll(): void {
    this.#acknowledge(0, true)
  }

  nack(message: Settled, allUpTo = false, requeue = true): void {
    this.#reject(message.fields.deliveryTag, allUpTo, requeue)
  }

  nackAll(requeue = true): void {
    this.#reject(0, true, requeue)
  }

  reject(message: Settled, requeue = true): void {
    this.#reject(message.fields.deliveryTag, false, requeue)
  }

  publish(
    exchange: string,
    routingKey: string,
    content: Buffer,
    options?: PublishOptions,
    callback?: Confirmed,
  ): boolean {
    this.#mustBeOpen()
    this.#publishing.publish(exchange, routingKey, content, options, callback)
    return true
  }

  sendToQueue(queue: string, content: Buffer, options?: PublishOptions, callback?: Confirmed): boolean {
    return this.publish('', queue, content, options, callback)
  }

  waitForConfirms(): Promise<void> {
    return this.#publishing.waitForConfirms()
  }

  /** Holds for the consumer when it is said before the first delivery. */
  prefetch(count: number, global = false): Promise<Record<string, never>> {
    this.#consumer.configure({ prefetch: count, 'prefetch-global': global })
    return Promise.resolve({})
  }

  assertQueue(queue = ''): Promise<{ queue: string; messageCount: number; consumerCount: number }> {
    return Promise.resolve({ queue, messageCount: 0, consumerCount: 0 })
  }

  checkQueue(queue: string): Promise<{ queue: string; messageCount: number; consumerCount: number }> {
    return this.assertQueue(queue)
  }

  assertExchange(exchange: string): Promise<{ exchange: string }> {
    return Promise.resolve({ exchange })
  }

  checkExchange(): Promise<Record<string, never>> {
    return Promise.resolve({})
  }

  bindQueue(): Promise<Record<string, never>> {
    return Promise.resolve({})
  }

  bindExchange(): Promise<Record<string, never>> {
    return Promise.resolve({})
  }

  #acknowledge(tag: number, multiple: boolean): void {
    this.#mustBeOpen()
    this.#say('acknowledge', () => {
      for (const handling of this.#unsettled.take(tag, multiple)) handling.noteAcknowledged()
      this.#consumer.settle({ kind: 'acknowledge', tag, multiple })
    })
  }

  #reject(tag: number, multiple: boolean, requeue: boolean): void {
    this.#mustBeOpen()
    this.#say('reject', () => {
      this.#unsettled.take(tag, multiple)
      this.#consumer.settle({ kind: 'reject', tag, multiple, requeue })
    })
  }

  /** Nothing answers to it: it is over when it is written. */
  #say(operation: string, write: () => void): void {
    void this.#inside.perform(() =>
      perform(operation, (resume) => {
        write()
        resume(undefined)
      }),
    )
  }

  #mustBeOpen(): void {
    const { opening, isOpen } = this.#consumer
    const isCurrent = opening === this.#opening ? isOpen : opening < this.#opening
    if (!isCurrent) throw new IllegalOperationError('Channel closed')
  }
}

function serverProperties(): Record<'host' | 'product' | 'version' | 'platform' | 'information', string> {
  return { host: 'localhost', product: 'RabbitMQ', version: '', platform: 'Onceproof', information: 'simulated' }
}
