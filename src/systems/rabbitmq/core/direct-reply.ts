import type { BrokerState } from './broker-state.ts'
import type { Channel } from './channel.ts'
import type { ConsumeFields } from './command.ts'
import type { Fault } from './fault.ts'
import { notAllowed, preconditionFailed } from './fault.ts'
import type { Message, Properties } from './message.ts'

/*
 * Direct reply-to: a requester consumes from a queue that does not exist, and whoever answers publishes to an address that stands for the
 * requester's channel. Nothing is stored: a reply goes straight to the channel, or nowhere.
 */

/** The name that requesters consume from and put into `reply-to`. */
export const replyQueue = 'amq.rabbitmq.reply-to'

/** What the server makes of it in a request: the address of the requester's channel. */
const addressPrefix = `${replyQueue}.`

/** `basic.consume` from the pseudo-queue. */
export function consumeReplies(state: BrokerState, channel: Channel, fields: ConsumeFields): Fault | undefined {
  if (channel.hasConsumer(fields.tag)) return notAllowed(`attempt to reuse consumer tag '${fields.tag}'`)
  if (fields.noAck !== true) return preconditionFailed('reply consumer cannot acknowledge')
  if (channel.replies !== undefined) return preconditionFailed('reply consumer already set')
  const tag = fields.tag === '' ? state.makeName('amq.ctag') : fields.tag
  const address = state.makeName(`${addressPrefix}${channel.number}`)
  channel.replies = { tag, address }
  state.requesters.set(address, channel)
  state.emit({ kind: 'consuming', channel: channel.number, consumer: tag })
  return undefined
}

/** The channel wants no replies any more. */
export function stopReplies(state: BrokerState, channel: Channel): void {
  if (channel.replies !== undefined) state.requesters.delete(channel.replies.address)
  channel.replies = undefined
}

/** The properties of a publish with the requester's address in them, or what is wrong with asking for it. */
export function addressReply(channel: Channel, properties: Properties): Properties | Fault {
  if (properties.replyTo !== replyQueue) return properties
  if (channel.replies === undefined) return preconditionFailed('fast reply consumer does not exist')
  return { ...properties, replyTo: channel.replies.address }
}

/** Whether the name of a queue is an address of this kind, whoever is behind it. */
export function isReplyAddress(name: string): boolean {
  return name.startsWith(addressPrefix)
}

/** Whether the message is for requesters, be they there or not. */
export function isForRequesters(message: Message): boolean {
  return message.exchange === '' && message.routingKeys.some(isReplyAddress)
}

/** Gives a message to the requesters that its keys mean; how many there were. */
export function deliverReplies(state: BrokerState, message: Message): number {
  if (!isForRequesters(message)) return 0
  let count = 0
  for (const address of new Set(message.routingKeys)) {
    const requester = state.requesters.get(address)
    if (requester === undefined) continue
    reply(state, requester, message)
    count++
  }
  return count
}

function reply(state: BrokerState, requester: Channel, message: Message): void {
  const tag = requester.nextTag()
  const consumer = requester.replies?.tag ?? ''
  state.emit({ kind: 'replied', message })
  const to = { channel: requester.number, consumer, tag }
  state.emit({ kind: 'deliver', ...to, redelivered: false, queue: replyQueue, message })
}
