import type { BrokerState } from './broker-state.ts'
import type { Channel, HeldPublish } from './channel.ts'
import type { PublishFields } from './command.ts'
import { Confirms } from './confirms.ts'
import { addressReply, deliverReplies, isForRequesters } from './direct-reply.ts'
import { noExchange } from './declaring-exchanges.ts'
import type { Fault } from './fault.ts'
import { accessRefused, notImplemented, preconditionFailed } from './fault.ts'
import { copiesFault, makeMessage } from './message.ts'
import { settle } from './settling.ts'

/** `basic.publish`. In a transaction it is routed now and sent at the commit. */
export function publish(state: BrokerState, channel: Channel, fields: PublishFields): Fault | undefined {
  if (fields.immediate === true) return notImplemented('immediate=true')
  const { bytes } = fields.content
  const { maxMessageSize } = state.profile
  if (bytes > maxMessageSize)
    return preconditionFailed(`message size ${bytes} is larger than configured max size ${maxMessageSize}`)
  const exchange = state.virtualHost.exchange(fields.exchange)
  if (exchange === undefined) return noExchange(fields.exchange)
  if (exchange.declaration.internal) return accessRefused(`cannot publish to internal exchange '${fields.exchange}'`)
  const wrong = copiesFault(fields.content.properties.headers)
  if (wrong !== undefined) return preconditionFailed(wrong)
  const properties = addressReply(channel, fields.content.properties)
  if ('scope' in properties) return properties
  const content = properties === fields.content.properties ? fields.content : { ...fields.content, properties }
  const message = makeMessage(fields.exchange, fields.routingKey, content, state.profile)
  if (typeof message === 'string') return preconditionFailed(message)
  const held = { message, queues: state.virtualHost.queuesFor(message), mandatory: fields.mandatory ?? false }
  if (channel.transaction === undefined) send(state, channel, held)
  else channel.transaction.publishes.push(held)
  return undefined
}

/** `confirm.select`. */
export function selectConfirms(channel: Channel): Fault | undefined {
  if (channel.transaction !== undefined) return preconditionFailed('cannot switch from tx to confirm mode')
  channel.confirms ??= new Confirms()
  return undefined
}

/** `tx.select`. */
export function selectTransactions(channel: Channel): Fault | undefined {
  if (channel.transaction !== undefined) return undefined
  if (channel.confirms !== undefined) return preconditionFailed('cannot switch from confirm to tx mode')
  channel.confirms = new Confirms()
  channel.transaction = { publishes: [], settlements: [], state: 'open' }
  return undefined
}

/** `tx.commit`: publishes first, then acknowledgements. It is answered when every queue has every message. */
export function commit(state: BrokerState, channel: Channel): Fault | undefined {
  const { transaction } = channel
  if (transaction === undefined) return preconditionFailed('channel is not transactional')
  transaction.state = 'committing'
  for (const held of transaction.publishes.splice(0)) send(state, channel, held)
  for (const { how, deliveries } of transaction.settlements.splice(0)) settle(state, channel, how, deliveries)
  state.answering.add(channel)
  return undefined
}

/** `tx.rollback`: forgets the publishes and acknowledgements; what was delivered stays unacknowledged. */
export function rollBack(channel: Channel): Fault | undefined {
  const { transaction } = channel
  if (transaction === undefined) return preconditionFailed('channel is not transactional')
  channel.restore(transaction.settlements.splice(0).flatMap(({ deliveries }) => deliveries))
  transaction.publishes.length = 0
  return undefined
}

/** Sends a channel's answers to its publishes, or the answer to its commit; returns what was wrong with the commit. */
export function answer(state: BrokerState, channel: Channel): Fault | undefined {
  const { confirms, transaction } = channel
  if (confirms === undefined) return undefined
  if (transaction !== undefined) return answerCommit(state, channel)
  for (const confirm of confirms.takeAnswers()) state.emit({ kind: 'confirm', channel: channel.number, ...confirm })
  return undefined
}

function send(state: BrokerState, channel: Channel, { message, queues, mandatory }: HeldPublish): void {
  const present = channel.transaction === undefined ? queues : queues.filter((queue) => state.isCurrent(queue))
  const replies = deliverReplies(state, message)
  const isRouted = present.length > 0 || (state.profile.replyAddresses === 'routed' && isForRequesters(message))
  if (!isRouted && mandatory) state.emit({ kind: 'return', channel: channel.number, message })
  if (present.length + replies === 0) state.emit({ kind: 'unroutable', message, exchange: message.exchange })
  const sequence = channel.confirms?.publish(present.length)
  if (sequence !== undefined) state.answering.add(channel)
  const publisher = sequence === undefined ? undefined : { channel: channel.number, sequence }
  for (const queue of present) queue.publish(message, publisher)
}

function answerCommit(state: BrokerState, channel: Channel): Fault | undefined {
  const { confirms, transaction } = channel
  if (confirms === undefined || transaction === undefined || transaction.state === 'open') return undefined
  if (confirms.takeAnswers().some((confirm) => confirm.answer === 'nack')) transaction.state = 'failed'
  if (confirms.hasOpen) return undefined
  if (transaction.state === 'failed') return preconditionFailed('partial tx completion')
  transaction.state = 'open'
  state.emit({ kind: 'done', channel: channel.number, command: 'tx-commit' })
  return undefined
}
