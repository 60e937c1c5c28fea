import { outages } from '../borne-faults.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Claim, Use } from '../system.ts'
import { consumerTable, producerTable } from './options/client-tables.ts'
import { pages } from './options/pages.ts'
import { serviceTable } from './options/stream-table.ts'

/** What the documentation promises for a configuration. */
export function claimsOf(settings: Settings, use: Use): readonly Claim[] {
  return use.role === 'producer' ? producerClaims(settings, use) : consumerClaims(use)
}

function producerClaims(settings: Settings, use: Use): readonly Claim[] {
  const values = valuesOf(producerTable, use.settings)
  const isBlind = values.api === 'PutRecords' && values['failed-entries'] === 'ignore'
  const isOrdered = values.api === 'PutRecord' && values.SequenceNumberForOrdering
  const stream = valuesOf(serviceTable, settings).streams[use.address]
  const isSpread = stream?.RecordDistributionStrategy === 'AUTO'
  return [
    {
      guarantee: 'no-loss',
      level: 'delivery',
      holds: !isBlind,
      under: isBlind ? [] : outages,
      statement: isBlind
        ? 'A request with PutRecords succeeds though some of its entries have failed; who does not look loses them.'
        : 'A record with a sequence number is stored in three zones for the retention period.',
      page: isBlind ? pages.putRecords : pages.concepts,
    },
    {
      guarantee: 'no-duplicates',
      level: 'delivery',
      holds: false,
      under: [],
      statement: 'A put whose answer is lost is sent again, and becomes a record of its own.',
      page: pages.duplicates,
    },
    {
      guarantee: 'ordered-per-key',
      level: 'delivery',
      holds: isOrdered && !isSpread,
      under: [],
      statement:
        isOrdered && !isSpread
          ? 'Who names the sequence number of the record before gets a higher one for each key.'
          : 'Puts that follow one another quickly may get their sequence numbers in another order.',
      page: isSpread ? pages.distribution : pages.putRecord,
    },
  ]
}

function consumerClaims({ settings }: Use): readonly Claim[] {
  const values = valuesOf(consumerTable, settings)
  const weakness = weaknessOf(values)
  return [
    {
      guarantee: 'no-loss',
      level: 'delivery',
      holds: weakness === undefined,
      under: weakness === undefined ? outages : [],
      statement:
        weakness?.statement ?? 'At least once: a worker that takes a lease over begins behind the last checkpoint.',
      page: weakness?.page ?? pages.duplicates,
    },
    {
      guarantee: 'no-duplicates',
      level: 'delivery',
      holds: false,
      under: [],
      statement: 'What was processed and not checkpointed is processed again by whoever has the lease next.',
      page: pages.duplicates,
    },
  ]
}

interface Weakness {
  readonly statement: string
  readonly page: string
}

function weaknessOf(values: ReturnType<typeof consumerValues>): Weakness | undefined {
  if (values.initialPositionInStream !== 'TRIM_HORIZON')
    return {
      statement: 'An application that begins later than at the trim horizon never reads what is before.',
      page: pages.additional,
    }
  if (values.checkpoint === 'before-batch' || values.checkpoint === 'each-record')
    return {
      statement: 'What is before a checkpoint counts as done, whether or not it is.',
      page: pages.duplicates,
    }
  if (values['on-exception'] === 'skip' || values['retry-attempts'] !== null)
    return { statement: 'A batch whose processRecords throws is skipped.', page: pages.troubleshooting }
  return undefined
}

function consumerValues(settings: Settings) {
  return valuesOf(consumerTable, settings)
}
