import { ends, outages, slowness } from '../borne-faults.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Claim, Use } from '../system.ts'
import { consumerValues, producerValues } from './client/client-settings.ts'
import type { Topology } from './options/topology.ts'
import { topologyOf } from './options/topology.ts'
import { publishAddress } from './options/address.ts'
import { brokerTable } from './options/broker-table.ts'
import { rabbitVersions } from './options/broker-settings-of.ts'
import { pages } from './options/pages.ts'

const reliabilityPage = 'https://www.rabbitmq.com/docs/reliability'

/** What RabbitMQ's documentation promises for a configuration; what queues promise is the same in every version. */
export function claimsOf(settings: Settings, use: Use): readonly Claim[] {
  const topology = topologyOf(settings, rabbitVersions[rabbitVersions.length - 1] ?? '4.3')
  return use.role === 'producer' ? producerClaims(settings, topology, use) : consumerClaims(use)
}

function producerClaims(settings: Settings, topology: Topology, use: Use): readonly Claim[] {
  const weakness = weaknessOf(topology, use)
  const durable: Claim = {
    guarantee: 'no-loss',
    level: 'delivery',
    holds: weakness === undefined,
    under: weakness === undefined ? borneByConfirmed(settings) : [],
    statement:
      weakness?.statement ??
      'A persistent message that was confirmed is on the disk of every durable queue that it was routed to.',
    page: weakness?.page ?? pages.confirms,
  }
  const once: Claim = {
    guarantee: 'no-duplicates',
    level: 'delivery',
    holds: false,
    under: [],
    statement: 'A message that is published again because its confirm was lost is in the queue twice.',
    page: reliabilityPage,
  }
  return [durable, once]
}

/** What only the operating system has is lost with the power. */
function borneByConfirmed(settings: Settings): readonly string[] {
  const reachesDisk = valuesOf(brokerTable, settings)['confirms-after'] === 'fsync'
  return reachesDisk ? outages : ends
}

interface Weakness {
  readonly statement: string
  readonly page: string
}

/** Why a confirmed message of this use may be lost, or none. */
function weaknessOf(topology: Topology, { address, settings }: Use): Weakness | undefined {
  const { confirms, tx, delivery_mode: mode, mandatory } = producerValues(settings)
  if (!confirms && !tx)
    return {
      statement: 'What is published without confirms may be lost on the way, and nobody hears of it.',
      page: pages.confirms,
    }
  if (mode !== '2')
    return {
      statement: 'A transient message is discarded when its broker restarts, confirmed or not.',
      page: pages.queues,
    }
  const to = publishAddress(address, topology)
  const queues = to === undefined ? [] : topology.route(to.exchange, [to.routingKey])
  if (queues.length === 0 && !mandatory)
    return {
      statement: 'A message that no queue takes is confirmed and gone, unless it is mandatory.',
      page: pages.publishers,
    }
  for (const queue of queues) {
    const found = queueWeakness(topology, queue)
    if (found !== undefined) return found
  }
  return undefined
}

function queueWeakness(topology: Topology, queue: string): Weakness | undefined {
  if (!topology.isLasting(queue))
    return {
      statement: `The queue ${queue} goes with its broker, its connection or its last consumer, or an administrator deletes it.`,
      page: pages.queues,
    }
  const options = topology.optionsOf(queue)
  if (options === undefined) return undefined
  const hasLimit = Number.isFinite(options.maxLength) || Number.isFinite(options.maxLengthBytes)
  if (hasLimit && options.overflow === 'drop-head')
    return {
      statement: `When the queue ${queue} is full it drops its oldest message, which was confirmed.`,
      page: pages.maxLength,
    }
  if (Number.isFinite(options.messageTimeToLive) || Number.isFinite(options.expires))
    return {
      statement: `What waits too long in the queue ${queue} is dropped, though it was confirmed.`,
      page: pages.ttl,
    }
  return undefined
}

function consumerClaims(use: Use): readonly Claim[] {
  const { noAck } = consumerValues(use.settings)
  return [
    {
      guarantee: 'no-loss',
      level: 'delivery',
      holds: !noAck,
      under: noAck ? [] : outages,
      statement: noAck
        ? 'With automatic acknowledgement a message is done with when it is sent; what its consumer loses is lost.'
        : 'At least once: what is not acknowledged when its channel or connection is gone is delivered again.',
      page: pages.confirms,
    },
    {
      guarantee: 'no-duplicates',
      level: 'delivery',
      holds: noAck,
      under: noAck ? slowness : [],
      statement: noAck
        ? 'At most once: a message that was sent is in its queue no more.'
        : 'What was handled and not acknowledged is delivered again, marked as redelivered.',
      page: pages.confirms,
    },
  ]
}
