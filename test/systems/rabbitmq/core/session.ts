import { Broker } from '../../../../src/systems/rabbitmq/core/broker.ts'
import type { BrokerOptions } from '../../../../src/systems/rabbitmq/core/broker.ts'
import type { Command } from '../../../../src/systems/rabbitmq/core/command.ts'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { Properties } from '../../../../src/systems/rabbitmq/core/message.ts'
import { headersOf } from '../../../../src/systems/rabbitmq/core/message.ts'
import type { Output } from '../../../../src/systems/rabbitmq/core/output.ts'

/** A broker with channel 1 of a connection "a", and short words for what tests do with it. */
export class Session {
  broker: Broker
  now = 0
  #messages = 0

  constructor(options: Partial<BrokerOptions> = {}) {
    this.broker = new Broker({ version: '4.2', confirms: 'at-once', ...options })
    this.open(1)
  }

  do(command: Command): readonly Output[] {
    return this.broker.execute(command, this.now)
  }

  open(channel: number, connection = 'a'): void {
    this.do({ kind: 'open-channel', channel, connection })
  }

  queue(
    name: string,
    given: FieldTable = {},
    flags: { durable?: boolean; exclusive?: boolean; autoDelete?: boolean } = {},
  ): readonly Output[] {
    return this.do({ kind: 'declare-queue', channel: 1, name, durable: true, ...flags, arguments: given })
  }

  /** Publishes through the default exchange. Messages are numbered from 1. */
  publish(queue: string, properties: Properties = {}, { channel = 1, bytes = 1 } = {}): readonly Output[] {
    return this.do({
      kind: 'publish',
      channel,
      exchange: '',
      routingKey: queue,
      content: { id: ++this.#messages, bytes, properties },
    })
  }

  publishMany(queue: string, count: number): void {
    for (let index = 0; index < count; index++) this.publish(queue)
  }

  consume(
    queue: string,
    tag: string,
    { channel = 1, noAck = false, exclusive = false, priority = 0 } = {},
  ): readonly Output[] {
    const given = priority === 0 ? {} : { 'x-priority': priority }
    return this.do({ kind: 'consume', channel, queue, tag, noAck, exclusive, arguments: given })
  }

  prefetch(count: number, { channel = 1, global = false } = {}): readonly Output[] {
    return this.do({ kind: 'prefetch', channel, count, global })
  }

  get(queue: string, { channel = 1, noAck = false } = {}): readonly Output[] {
    return this.do({ kind: 'get', channel, queue, noAck })
  }

  ack(tag: number, { channel = 1, multiple = false } = {}): readonly Output[] {
    return this.do({ kind: 'acknowledge', channel, tag, multiple })
  }

  reject(tag: number, { channel = 1, multiple = false, requeue = false } = {}): readonly Output[] {
    return this.do({ kind: 'reject', channel, tag, multiple, requeue })
  }

  wait(millis: number): readonly Output[] {
    this.now += millis * 1000
    return this.do({ kind: 'tick' })
  }

  /** The disk has everything that was written. */
  sync(): readonly Output[] {
    return this.do({ kind: 'synced', write: this.broker.written })
  }

  /** The numbers of the messages that are ready, in their order. */
  ready(queue: string): readonly number[] {
    return [...(this.broker.virtualHost.queue(queue)?.ready ?? [])].map(({ message }) => message.id)
  }

  /** The headers of the first message that is ready. */
  headers(queue: string): FieldTable {
    const first = this.broker.virtualHost.queue(queue)?.ready.first()
    return first === undefined ? {} : headersOf(first.message)
  }
}

/** The deliveries among the outputs, as `consumer:message`, with `!` for redelivered. */
export function deliveriesIn(outputs: readonly Output[]): readonly string[] {
  return outputs
    .filter((output) => output.kind === 'deliver')
    .map(({ consumer, message, redelivered }) => `${consumer}:${message.id}${redelivered ? '!' : ''}`)
}

/** What `basic.get` brought, as `message`, with `!` for redelivered. */
export function gotIn(outputs: readonly Output[]): string | undefined {
  const got = outputs.find((output) => output.kind === 'got')
  return got === undefined ? undefined : `${got.message.id}${got.redelivered ? '!' : ''}`
}

export function kindsIn(outputs: readonly Output[]): readonly string[] {
  return outputs.map(({ kind }) => kind)
}

/** Why the channel was closed, if it was. */
export function closedIn(outputs: readonly Output[]): number | undefined {
  return outputs.find((output) => output.kind === 'channel-closed' || output.kind === 'connection-closed')?.code
}

/** The confirms among the outputs, as `ack 1` or `ack ..3`. */
export function confirmsIn(outputs: readonly Output[]): readonly string[] {
  return outputs
    .filter((output) => output.kind === 'confirm')
    .map(({ answer, sequence, multiple }) => `${answer} ${multiple ? '..' : ''}${sequence}`)
}
