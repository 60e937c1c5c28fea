import type { Program } from '../../../application/program.ts'
import { spawn, start } from '../../../application/program.ts'
import { receive } from '../../../application/receiving.ts'
import type { Source, Ways } from '../../../application/source.ts'
import type { Handling, HandlingOutcome } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import { ownDelivery } from '../../../systems/rabbitmq/client/delivery.ts'
import { PushConsumer } from '../../../systems/rabbitmq/client/push-consumer.ts'
import type { OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { givenFor } from '../handling-of.ts'
import { reasonOf } from '../reason-of.ts'
import { WrongClient } from '../wrong-client.ts'
import type { SimulatedChannel } from './channel.ts'
import { Channels } from './channels.ts'
import type { ConsumeMessage } from './message.ts'
import { messageOf } from './message.ts'

/** How the code consumes, where it says so itself; otherwise as the check's system has it. */
export interface ConsumeOptions {
  /** Messages are acknowledged by being delivered. */
  readonly noAck?: boolean
  /** How many messages may be unacknowledged on the channel; 0 for any number. */
  readonly prefetch?: number
}

/** The function that is given to `channel.consume`; with null when the broker cancelled the consumer. */
export type OnMessage = (message: ConsumeMessage | null, channel: SimulatedChannel) => unknown

/** The code settles its messages; an error that it lets escape ends the process. */
const byTheCode: Ways = { acknowledge: 'never', onError: 'crash' }

/** Nothing is to be settled; an error that is caught outside of the function changes nothing. */
const caughtOutside: Ways = { acknowledge: 'never', onError: 'swallow' }

/**
 * A consumer whose function is called as by `channel.consume(queue, onMessage)` of amqplib: with each message as it arrives, without waiting for
 * the one before, as many at a time as the prefetch lets through. Whatever is not acknowledged goes back when the channel is closed. Nobody waits
 * for what the function returns: an error that escapes from it ends the process, as Node does.
 */
export function consume(onMessage: OnMessage, options: ConsumeOptions = {}): OfWholeSource {
  return pushed('amqplib.consume', () => (message, channel) => onMessage(message, channel), options, byTheCode)
}

/** The same for code that is given each channel first: `async (channel) => { await channel.prefetch(10); return (message) => { ... } }`. */
export function onChannel(
  setUp: (channel: SimulatedChannel) => OnMessage | Promise<OnMessage>,
  options: ConsumeOptions = {},
): OfWholeSource {
  return pushed('amqplib.onChannel', setUp, options, byTheCode)
}

/** The same for a function whose errors are caught by what calls it: its message stays unacknowledged. */
export function consumeCaught(shape: string, onMessage: OnMessage, options: ConsumeOptions): OfWholeSource {
  return pushed(shape, () => onMessage, options, caughtOutside)
}

function pushed(
  shape: string,
  setUp: (channel: SimulatedChannel) => OnMessage | Promise<OnMessage>,
  options: ConsumeOptions,
  ways: Ways,
): OfWholeSource {
  return {
    shape,
    *consume(source, user) {
      const consumer = pushConsumer(source, shape)
      consumer.configure(options)
      const channels = new Channels(consumer, user, setUp)
      yield* channels.first()
      watch(consumer, channels, user)
      const handleOne = source.handler((handling) => handle(consumer, channels, user, handling), ways)
      for (;;) {
        for (const delivery of yield* receive(source)) {
          // A new channel is set up before anything of it is handled.
          yield* channels.of(ownDelivery(delivery).opening)
          yield* spawn(handleOne(delivery))
        }
      }
    },
  }
}

function pushConsumer(source: Source, shape: string): PushConsumer {
  const consumer = source.open()
  if (consumer instanceof PushConsumer && consumer.client === 'amqplib') return consumer
  throw new WrongClient(shape, "rabbitmq({ client: 'amqplib', ... })")
}

function watch(consumer: PushConsumer, channels: Channels, user: UserCalls): void {
  const { process } = user.inside
  consumer.watch({
    closed: (reason) => start(process, channels.closed(reason)),
    cancelled: () => start(process, channels.cancelled()),
  })
}

function* handle(
  consumer: PushConsumer,
  channels: Channels,
  user: UserCalls,
  handling: Handling,
): Program<HandlingOutcome> {
  const delivery = ownDelivery(handling.delivery)
  const { channel, unsettled, onMessage } = yield* channels.of(delivery.opening)
  if (consumer.noAck) handling.noteAcknowledged()
  else unsettled.add(delivery.tag, handling)
  const message = givenFor(messageOf(delivery, consumer.consumerTag), handling)
  const ended = yield* user.call([handling], () => {
    const returned = onMessage(message, channel)
    // A listener that gives no promise is over when it has settled its message.
    if (returned === undefined && !consumer.noAck) user.inside.goesOn()
    return returned
  })
  return ended.kind === 'returned' ? done : failed(reasonOf(ended.error))
}
