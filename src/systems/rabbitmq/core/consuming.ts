import type { BrokerState } from './broker-state.ts'
import type { Channel } from './channel.ts'
import { ClassicQueue } from './classic-queue.ts'
import type { ConsumeFields } from './command.ts'
import type { Consumer } from './consumer-line.ts'
import { consumeReplies, replyQueue, stopReplies } from './direct-reply.ts'
import { findQueue } from './declaring-queues.ts'
import type { Fault } from './fault.ts'
import { accessRefused, notAllowed, preconditionFailed } from './fault.ts'
import { resumeReleased } from './settling.ts'

/** `basic.get`. */
export function get(state: BrokerState, channel: Channel, name: string, noAck: boolean): Fault | undefined {
  const queue = findQueue(state, channel, name)
  if (!(queue instanceof ClassicQueue)) return queue
  const copy = queue.get(noAck)
  if (copy === undefined) {
    state.emit({ kind: 'got-nothing', channel: channel.number, queue: queue.name })
    return undefined
  }
  const tag = channel.record(undefined, queue, copy, state.now, noAck)
  const { message, redelivered } = copy
  const remaining = queue.ready.length
  state.emit({ kind: 'got', channel: channel.number, tag, redelivered, queue: queue.name, message, remaining })
  return undefined
}

/** `basic.consume`. */
export function consume(state: BrokerState, channel: Channel, fields: ConsumeFields): Fault | undefined {
  if (fields.queue === replyQueue) return consumeReplies(state, channel, fields)
  if (channel.hasConsumer(fields.tag)) return notAllowed(`attempt to reuse consumer tag '${fields.tag}'`)
  const queue = findQueue(state, channel, fields.queue)
  if (!(queue instanceof ClassicQueue)) return queue
  const priority = fields.arguments?.['x-priority'] ?? 0
  if (typeof priority !== 'number' || !Number.isInteger(priority))
    return preconditionFailed("invalid arg 'x-priority': expected integer")
  const tag = fields.tag === '' ? state.makeName('amq.ctag') : fields.tag
  const consumer = makeConsumer(channel, fields, tag, priority)
  if (!queue.subscribe(consumer)) return accessRefused(`queue '${queue.name}' in exclusive use`)
  channel.consumers.set(tag, { queue, consumer })
  state.emit({ kind: 'consuming', channel: channel.number, consumer: tag })
  queue.run()
  return undefined
}

/** `basic.cancel`; no error if there is no such consumer. */
export function cancel(state: BrokerState, channel: Channel, tag: string): void {
  const known = channel.consumers.get(tag)
  channel.consumers.delete(tag)
  if (channel.replies?.tag === tag) stopReplies(state, channel)
  state.emit({ kind: 'cancelled', channel: channel.number, consumer: tag })
  if (known !== undefined && state.isCurrent(known.queue)) known.queue.cancel(channel.number, tag)
}

/**
 * `basic.qos`: with `global` a limit on the channel, otherwise one on each consumer that comes later, which takes the channel's limit away.
 */
export function limitPrefetch(state: BrokerState, channel: Channel, count: number, global: boolean): void {
  if (global && state.profile.globalPrefetch === 'channel') channel.limit.set(count, channel.unacknowledged)
  else {
    channel.prefetch = count
    channel.limit.set(0, 0)
  }
  resumeReleased(channel)
}

function makeConsumer(channel: Channel, fields: ConsumeFields, tag: string, priority: number): Consumer {
  const noAck = fields.noAck ?? false
  const prefetch = noAck || channel.prefetch === 0 ? Infinity : channel.prefetch
  return {
    channel: channel.number,
    tag,
    noAck,
    exclusive: fields.exclusive ?? false,
    priority,
    prefetch,
    credit: prefetch,
  }
}
