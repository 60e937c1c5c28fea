import { outages } from '../borne-faults.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Claim, Use } from '../system.ts'
import { producerTable } from './options/client-table.ts'
import { pages } from './options/pages.ts'
import type { QueuePlan } from './options/queue-plan.ts'
import { servicePlanOf } from './options/queue-plan.ts'

/** What the documentation promises for a queue and who uses it. */
export function claimsOf(settings: Settings, use: Use): readonly Claim[] {
  const queue = servicePlanOf(settings).queues.get(use.address)
  if (queue === undefined) return []
  return use.role === 'producer' ? producerClaims(queue, use) : consumerClaims(queue)
}

function producerClaims(queue: QueuePlan, { settings }: Use): readonly Claim[] {
  const values = valuesOf(producerTable, settings)
  const looks = values['batch-size'] === 1 || values['failed-entries'] !== 'ignored'
  const isKnownByContent = queue.usesContent && !settings.explicit.includes('MessageDeduplicationId')
  const stored: Claim = {
    guarantee: 'no-loss',
    level: 'delivery',
    holds: looks,
    under: looks ? outages : [],
    statement: looks
      ? 'A message whose send succeeded is stored on several servers before the answer.'
      : 'A batch is answered with 200 though entries of it have failed; who does not look at them loses them.',
    page: looks ? pages.standard : pages.batch,
  }
  const once: Claim = {
    guarantee: 'no-duplicates',
    level: 'delivery',
    holds: false,
    under: [],
    statement: queue.isFifo
      ? 'A send that is repeated after five minutes, or under another deduplication id, is another message.'
      : 'A send whose answer was lost is made again by the SDK, and is in the queue twice.',
    page: queue.isFifo ? pages.deduplication : pages.retries,
  }
  return [isKnownByContent && values.body === 'key' ? alike : stored, once]
}

const alike: Claim = {
  guarantee: 'no-loss',
  level: 'delivery',
  holds: false,
  under: [],
  statement: 'A send of what reads like another one succeeds within five minutes, and brings nothing.',
  page: pages.deduplication,
}

function consumerClaims(queue: QueuePlan): readonly Claim[] {
  const { isFifo, acts } = queue
  const isEmptied = acts.purgedAt !== undefined || acts.deletedAt !== undefined
  return [
    {
      guarantee: 'no-loss',
      level: 'delivery',
      holds: !isEmptied,
      under: isEmptied ? [] : outages,
      statement: isEmptied
        ? 'An operator empties or deletes the queue, and what is sent meanwhile goes with it.'
        : 'At least once: what is not deleted is visible again after its timeout, until it is older than the retention period.',
      page: isEmptied ? pages.purge : pages.standard,
    },
    {
      guarantee: 'no-duplicates',
      level: 'delivery',
      holds: false,
      under: [],
      statement: isFifo
        ? 'A message that is not deleted within its visibility timeout is received again.'
        : 'At least once: what is not deleted in time is received again, and what was deleted may be, if a server was unavailable.',
      page: isFifo ? pages.fifo : pages.standard,
    },
    {
      guarantee: 'ordered-per-key',
      level: 'delivery',
      holds: isFifo,
      under: [],
      statement: isFifo
        ? 'The messages of a group are received in the order in which the queue took them, which is that of sends that wait for one another.'
        : 'The order of a standard queue is a best effort.',
      page: isFifo ? pages.fifo : pages.standard,
    },
  ]
}
