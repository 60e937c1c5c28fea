import { accounted } from './accounted.ts'
import { allSettled } from './all-settled.ts'
import type { Check } from './check.ts'
import { exactlyOnce } from './exactly-once.ts'
import { noDuplicates } from './no-duplicates.ts'
import { noInvention } from './no-invention.ts'
import { noLoss } from './no-loss.ts'
import { noStaleWrites } from './no-stale-writes.ts'
import { orderedPerKey } from './ordered-per-key.ts'
import { orderedPerPartition } from './ordered-per-partition.ts'
import { orderedPerProducer } from './ordered-per-producer.ts'
import { totalOrder } from './total-order.ts'

/** The one list of checks, in the order in which reports show them. */
export const checks: readonly Check[] = [
  noLoss,
  noDuplicates,
  exactlyOnce,
  noInvention,
  noStaleWrites,
  orderedPerKey,
  orderedPerPartition,
  orderedPerProducer,
  totalOrder,
  allSettled,
  accounted,
]
