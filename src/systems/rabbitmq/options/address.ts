import type { Topology } from './topology.ts'

/** Where a producer publishes to. */
export interface PublishAddress {
  /** `''` for the default exchange, whose key is the name of a queue. */
  readonly exchange: string
  readonly routingKey: string
}

/**
 * What an address means to a producer: `orders` the queue of that name through the default exchange, or the exchange of that name with an empty
 * key; `shop/order.created` the exchange `shop` with a routing key. Nothing where there is neither.
 */
export function publishAddress(address: string, { queues, exchanges }: Topology): PublishAddress | undefined {
  if (queues.includes(address)) return { exchange: '', routingKey: address }
  const slash = address.indexOf('/')
  const exchange = slash < 0 ? address : address.slice(0, slash)
  if (!exchanges.includes(exchange)) return undefined
  return { exchange, routingKey: slash < 0 ? '' : address.slice(slash + 1) }
}
