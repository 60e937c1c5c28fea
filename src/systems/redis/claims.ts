import { disconnections, orderlyEnds, outages, standstills } from '../borne-faults.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Claim, Use } from '../system.ts'
import { clientPolicyOf } from './client/client-policy.ts'
import { pages } from './options/pages.ts'
import { systemTable } from './options/system-table.ts'
import type { Place } from './options/topology.ts'
import { topologyOf } from './options/topology.ts'
import { consumerValues, producerValues } from './options/client-values.ts'

/** What Redis promises for a configuration, and under which faults. */
export function claimsOf(settings: Settings, use: Use): readonly Claim[] {
  const place = topologyOf(settings).places.get(use.address)
  if (place === undefined) return []
  return use.role === 'producer' ? producerClaims(settings, use, place) : consumerClaims(use, place)
}

function producerClaims(settings: Settings, use: Use, place: Place): readonly Claim[] {
  const values = producerValues(use.settings)
  if (place === 'channel') return [forgetful, published(clientPolicyOf(values).afterLoss === 'write-again')]
  const { idempotency, content, maxlen, references } = values
  const isIdempotent = place === 'stream' && idempotency === 'IDMP'
  const readAlike = place === 'stream' && idempotency === 'IDMPAUTO' && content === 'key'
  return [
    readAlike ? alike : maxlen === null || references === 'ACKED' ? durability(settings, use.address) : trimming,
    {
      guarantee: 'no-duplicates',
      level: 'delivery',
      holds: isIdempotent,
      under: isIdempotent ? standstills : [],
      statement: isIdempotent
        ? 'An entry that comes again under the same id is not added again, within the window of its producer.'
        : 'A write that is sent again because its answer was lost is there twice.',
      page: isIdempotent ? pages.idempotency : pages.errors,
    },
  ]
}

const trimming: Claim = {
  guarantee: 'no-loss',
  level: 'delivery',
  holds: false,
  under: [],
  statement: 'Trimming does not look at groups: entries that nobody has read yet go too.',
  page: pages.xtrim,
}

const sinceTheGroup: Claim = {
  guarantee: 'no-loss',
  level: 'delivery',
  holds: false,
  under: [],
  statement: 'A group that begins at $ never gets what was in the stream before it.',
  page: pages.streams,
}

const forgetful: Claim = {
  guarantee: 'no-loss',
  level: 'delivery',
  holds: false,
  under: [],
  statement: 'At most once: who is not there, or cannot take a message, does not get it, and it is stored nowhere.',
  page: pages.pubsub,
}

const alike: Claim = {
  guarantee: 'no-loss',
  level: 'delivery',
  holds: false,
  under: [],
  statement: 'Entries of a producer that read alike are one, within its window: an answer names the first.',
  page: pages.idempotency,
}

function published(isAgain: boolean): Claim {
  return {
    guarantee: 'no-duplicates',
    level: 'delivery',
    holds: !isAgain,
    under: isAgain ? [] : disconnections,
    statement: isAgain
      ? 'A client that writes again what was not answered publishes it twice.'
      : 'What was written and not answered has failed, and is not published again.',
    page: pages.clients,
  }
}

/** What answers were given for, and survives. */
function durability(settings: Settings, address: string): Claim {
  const {
    appendonly,
    appendfsync,
    replicas,
    sentinels,
    maxmemory,
    'maxmemory-policy': policy,
  } = valuesOf(systemTable, settings)
  const base = { guarantee: 'no-loss', level: 'delivery' } as const
  if (topologyOf(settings).deletions.some(({ key }) => key === address))
    return {
      ...base,
      holds: false,
      under: [],
      statement: 'Whoever deletes a key deletes all that is in it.',
      page: pages.del,
    }
  if (maxmemory > 0 && policy !== 'noeviction')
    return {
      ...base,
      holds: false,
      under: [],
      statement: 'At the limit of its memory the server drops whole keys.',
      page: pages.eviction,
    }
  if (!appendonly)
    return {
      ...base,
      holds: false,
      under: [],
      statement: 'Without the append-only file a server that ends loses what came after the last snapshot.',
      page: pages.persistence,
    }
  if (replicas > 0 && sentinels > 0)
    return {
      ...base,
      holds: false,
      under: [],
      statement: 'Replication is asynchronous: a failover may lose what was answered; WAIT makes that rarer.',
      page: pages.replication,
    }
  const isAlways = appendfsync === 'always'
  return {
    ...base,
    holds: true,
    under: isAlways ? outages : orderlyEnds,
    statement: isAlways
      ? 'With appendfsync always an answer means that the disk has the write.'
      : 'What was answered is written soon, and an orderly end writes it all; a loss of power may take the last second or two.',
    page: pages.persistence,
  }
}

function consumerClaims({ settings }: Use, place: Place): readonly Claim[] {
  const values = consumerValues(settings)
  if (place === 'channel')
    return [
      forgetful,
      {
        guarantee: 'no-duplicates',
        level: 'delivery',
        holds: true,
        under: disconnections,
        statement: 'At most once: one subscription hears a message once.',
        page: pages.pubsub,
      },
    ]
  const isOnce = place === 'list' ? values.take !== 'BLMOVE' : values.noack
  const isLate = place === 'stream' && values.start === '$'
  const delivered = isLate ? sinceTheGroup : atLeastOnce(place)
  return [isOnce ? atMostOnce(place) : delivered, duplicates(isOnce, place)]
}

function atMostOnce(place: Place): Claim {
  return {
    guarantee: 'no-loss',
    level: 'delivery',
    holds: false,
    under: [],
    statement:
      place === 'list'
        ? 'An element that was popped is lost with its worker, or with the answer.'
        : 'With NOACK an entry counts as acknowledged when it is read.',
    page: place === 'list' ? pages.blpop : pages.xreadgroup,
  }
}

function atLeastOnce(place: Place): Claim {
  return {
    guarantee: 'no-loss',
    level: 'delivery',
    holds: true,
    under: standstills,
    statement:
      place === 'list'
        ? 'An element is in exactly one list until its worker removes it.'
        : 'An entry stays pending until it is acknowledged, and can be claimed.',
    page: place === 'list' ? pages.lmove : pages.streams,
  }
}

function duplicates(isOnce: boolean, place: Place): Claim {
  return {
    guarantee: 'no-duplicates',
    level: 'delivery',
    holds: isOnce,
    under: isOnce ? standstills : [],
    statement: isOnce
      ? 'What was handed out is in the hands of one consumer.'
      : 'What was handled and not acknowledged is handed out again.',
    page: place === 'list' ? pages.lmove : pages.streams,
  }
}
