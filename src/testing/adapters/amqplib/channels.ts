import type { Program } from '../../../application/program.ts'
import type { PushConsumer } from '../../../systems/rabbitmq/client/push-consumer.ts'
import type { UserCalls } from '../../bridge/shaped-handler.ts'
import { SimulatedChannel } from './channel.ts'
import type { OnMessage } from './consume.ts'
import { Unsettled } from './unsettled.ts'

/** One opening of the consumer's channel, as the code has it. */
export interface OpenChannel {
  readonly channel: SimulatedChannel
  readonly unsettled: Unsettled
  readonly onMessage: OnMessage
}

/** The channels of one consumer, one after the other: a channel that is closed is gone, and the application opens another. */
export class Channels {
  readonly #consumer: PushConsumer
  readonly #user: UserCalls
  readonly #setUp: (channel: SimulatedChannel) => OnMessage | Promise<OnMessage>
  readonly #known = new Map<number, OpenChannel>()

  constructor(
    consumer: PushConsumer,
    user: UserCalls,
    setUp: (channel: SimulatedChannel) => OnMessage | Promise<OnMessage>,
  ) {
    this.#consumer = consumer
    this.#user = user
    this.#setUp = setUp
  }

  /** The one that is about to be opened. */
  first(): Program<OpenChannel> {
    return this.of(this.#consumer.opening + 1)
  }

  /** The channel of an opening, set up by the code when it is new. */
  *of(opening: number): Program<OpenChannel> {
    const known = this.#known.get(opening)
    if (known !== undefined) return known
    const unsettled = new Unsettled()
    const channel = new SimulatedChannel(this.#consumer, this.#user.inside, opening, unsettled)
    let onMessage = nothing
    const ended = yield* this.#user.call([], async () => {
      onMessage = await this.#setUp(channel)
    })
    if (ended.kind === 'threw') throw ended.error
    const open = this.#known.get(opening) ?? { channel, unsettled, onMessage }
    this.#known.set(opening, open)
    return open
  }

  /** The channel that was open last is closed. */
  *closed(reason: string): Program {
    const channel = this.#known.get(this.#consumer.opening)?.channel
    if (channel === undefined) return
    yield* this.#user.call([], () => {
      if (channel.listenerCount('error') > 0) channel.emit('error', new Error(`Channel closed by server: ${reason}`))
      channel.emit('close')
    })
  }

  /** The consumer's queue is gone: amqplib says so with a message that is none. */
  *cancelled(): Program {
    const open = this.#known.get(this.#consumer.opening)
    if (open !== undefined) yield* this.#user.call([], () => open.onMessage(null, open.channel))
  }
}

const nothing: OnMessage = () => {}
