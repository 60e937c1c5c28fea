import type { SimulatedChannel } from '../amqplib/channel.ts'
import type { ConsumeMessage } from '../amqplib/message.ts'

/** What a handler of Nest's RabbitMQ transport is given beside its data, as `RmqContext`. */
export class RmqContext {
  readonly args: readonly [ConsumeMessage, SimulatedChannel, string]

  constructor(message: ConsumeMessage, channel: SimulatedChannel, pattern: string) {
    this.args = [message, channel, pattern]
  }

  getArgs(): readonly [ConsumeMessage, SimulatedChannel, string] {
    return this.args
  }

  getArgByIndex(index: number): unknown {
    return this.args[index]
  }

  getMessage(): ConsumeMessage {
    return this.args[0]
  }

  getChannelRef(): SimulatedChannel {
    return this.args[1]
  }

  getPattern(): string {
    return this.args[2]
  }
}
