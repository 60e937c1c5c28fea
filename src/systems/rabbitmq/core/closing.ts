import type { BrokerState } from './broker-state.ts'
import type { Channel } from './channel.ts'
import type { ClassicQueue } from './classic-queue.ts'
import { stopReplies } from './direct-reply.ts'
import type { Fault } from './fault.ts'
import type { QueuedMessage } from './ready-messages.ts'

/** A channel goes: its consumers with it, and what it had unacknowledged comes back, also what a transaction would have acknowledged. */
export function closeChannel(state: BrokerState, channel: Channel): void {
  if (!state.channels.delete(channel.number)) return
  state.answering.delete(channel)
  stopReplies(state, channel)
  const held = channel.transaction?.settlements.flatMap(({ deliveries }) => deliveries) ?? []
  const copies = new Map<ClassicQueue, QueuedMessage[]>()
  for (const { queue } of channel.consumers.values()) copies.set(queue, [])
  for (const { queue, copy } of [...channel.takeAll(), ...held]) {
    const back = copies.get(queue)
    if (back === undefined) copies.set(queue, [copy])
    else back.push(copy)
  }
  const queues = [...copies]
    .filter(([queue]) => state.isCurrent(queue))
    .sort(([one], [other]) => (one.name < other.name ? -1 : 1))
  for (const [queue, back] of queues) queue.channelGone(channel.number, back)
}

/** A connection goes: its channels, then the queues that were its own. */
export function closeConnection(state: BrokerState, connection: string): void {
  for (const channel of [...state.channels.values()])
    if (channel.connection === connection) closeChannel(state, channel)
  for (const queue of [...state.virtualHost.queues]) {
    if (queue.declaration.owner === connection) state.deleteQueue(queue, 'owner-gone')
  }
}

/** Closes what an error closes. */
export function closeFor(state: BrokerState, channel: Channel, { scope, code, text }: Fault): void {
  if (scope === 'channel') {
    state.emit({ kind: 'channel-closed', channel: channel.number, code, text })
    closeChannel(state, channel)
  } else {
    state.emit({ kind: 'connection-closed', connection: channel.connection, code, text })
    closeConnection(state, channel.connection)
  }
}
