import type { BrokerState } from './broker-state.ts'
import type { Channel, Delivery } from './channel.ts'
import type { Settlement } from './classic-queue.ts'
import type { Fault } from './fault.ts'
import { preconditionFailed } from './fault.ts'

/** `basic.ack`, `basic.reject` and `basic.nack`. In a transaction they take effect at the commit. */
export function settleTag(
  state: BrokerState,
  channel: Channel,
  how: Settlement,
  tag: number,
  multiple: boolean,
): Fault | undefined {
  const deliveries = channel.take(tag, multiple)
  if (deliveries === undefined) return preconditionFailed(`unknown delivery tag ${tag}`)
  if (channel.transaction === undefined) settle(state, channel, how, deliveries)
  else hold(channel, how, deliveries)
  return undefined
}

/** `basic.recover`: everything unacknowledged goes back to its queue. */
export function recover(state: BrokerState, channel: Channel): void {
  settle(state, channel, 'requeue', channel.takeAll())
}

/** Tells the queues, queue by queue and consumer by consumer as the server does, and then those that the channel's limit held back. */
export function settle(state: BrokerState, channel: Channel, how: Settlement, deliveries: readonly Delivery[]): void {
  for (const group of deliveries.length === 1 ? [deliveries] : grouped(deliveries)) {
    const [first] = group
    if (first === undefined || !state.isCurrent(first.queue)) continue
    const copies = group.map(({ copy }) => copy)
    first.queue.settle(how, channel.number, first.consumer, copies)
  }
  channel.limit.acknowledged(deliveries)
  resumeReleased(channel)
}

/** Lets the queues go on that a channel's limit held back and does not any more. */
export function resumeReleased(channel: Channel): void {
  for (const queue of channel.limit.released()) queue.resume(channel.number)
}

/**
 * What becomes of a late acknowledgement: the channel is closed if its oldest delivery has been out for longer than its queue allows, or than
 * `timeout` µs where that says nothing. The server looks once a minute.
 */
export function acknowledgementFault(state: BrokerState, channel: Channel, timeout: number): Fault | undefined {
  const { oldest } = channel
  const late = oldest !== undefined && latestAcknowledgement(state, oldest, timeout) < state.now
  return late && state.profile.consumerTimeout === 'closes-channel'
    ? preconditionFailed(`delivery acknowledgement on channel ${channel.number} timed out`)
    : undefined
}

/** Until when a delivery may be acknowledged, µs; `timeout` holds where its queue has none of its own. */
export function latestAcknowledgement(state: BrokerState, { queue, at }: Delivery, timeout: number): number {
  const own = state.profile.consumerTimeoutOfQueue === 'taken' && state.isCurrent(queue)
  const { consumerTimeout } = queue.options
  return at + (own && consumerTimeout !== Infinity ? consumerTimeout : timeout)
}

/** Later acknowledgements of the same kind join the earlier ones, which decides the order of the commit. */
function hold(channel: Channel, how: Settlement, deliveries: readonly Delivery[]): void {
  const held = channel.transaction?.settlements
  const last = held?.at(-1)
  if (last?.how === how) held?.splice(-1, 1, { how, deliveries: [...last.deliveries, ...deliveries] })
  else held?.push({ how, deliveries })
}

function grouped(deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] {
  const groups = new Map<string, Delivery[]>()
  for (const delivery of [...deliveries].sort(inOrder)) {
    const key = `${delivery.consumer === undefined ? `get ${delivery.tag}` : `tag ${delivery.consumer}`} of ${delivery.queue.name}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [delivery])
    else group.push(delivery)
  }
  return [...groups.values()]
}

/** By queue; then what `basic.get` brought before what consumers were given, those by their tags; then in the order of delivery. */
function inOrder(one: Delivery, other: Delivery): number {
  const byQueue = compare(one.queue.name, other.queue.name)
  const byConsumer = compare(one.consumer ?? '', other.consumer ?? '')
  return byQueue !== 0 ? byQueue : byConsumer !== 0 ? byConsumer : one.tag - other.tag
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1
}
