import { disconnections } from '../borne-faults.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Claim, Use } from '../system.ts'
import { memoryProducerOptions } from './options.ts'
import { topologyOf } from './topology.ts'

/** What tutorials say of their broker. They are no vendors and have no page. */
export function claimsOf(settings: Settings, use: Use): readonly Claim[] {
  const { queues, topics } = topologyOf(settings)
  if (use.role === 'producer') return producerClaims(use)
  const queue = queues.get(use.address)
  if (queue !== undefined) return queueClaims(queue.visibilityTimeout !== undefined)
  return topics.includes(use.address) ? topicClaims : []
}

function producerClaims(use: Use): readonly Claim[] {
  const { confirm } = valuesOf(memoryProducerOptions, use.settings)
  const statement = confirm
    ? 'What the broker has confirmed is in its queue.'
    : 'A send is over when it is written; nobody says whether the broker got it.'
  return [{ guarantee: 'no-loss', level: 'delivery', holds: confirm, under: [], statement, page: '' }]
}

function queueClaims(leased: boolean): readonly Claim[] {
  return [
    {
      guarantee: 'no-loss',
      level: 'delivery',
      holds: true,
      under: leased ? disconnections : [],
      statement: leased
        ? 'At least once: what is not acknowledged in time is delivered again, while the broker lives.'
        : 'At least once: a message stays until its consumer acknowledges it.',
      page: '',
    },
    {
      guarantee: 'no-duplicates',
      level: 'delivery',
      holds: false,
      under: [],
      statement: 'A message that was rejected or whose acknowledgement was late is delivered again.',
      page: '',
    },
  ]
}

const topicClaims: readonly Claim[] = [
  {
    guarantee: 'no-duplicates',
    level: 'delivery',
    holds: true,
    under: disconnections,
    statement: 'At most once: every subscriber of the moment is handed the message, and nobody hands it over again.',
    page: '',
  },
  {
    guarantee: 'no-loss',
    level: 'delivery',
    holds: false,
    under: [],
    statement: 'Who is not subscribed at that moment misses the message.',
    page: '',
  },
]
