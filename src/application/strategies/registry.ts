import { acknowledgeFirst } from './acknowledge-first.ts'
import { bloomFilter } from './bloom-filter.ts'
import { brokerDeduplication } from './broker-deduplication.ts'
import { checkThenMark } from './check-then-mark.ts'
import { claimFirst } from './claim-first.ts'
import { eventSourcing } from './event-sourcing.ts'
import { expectedVersion } from './expected-version.ts'
import { fencing } from './fencing.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { idempotencyKeyAndReconciliation } from './idempotency-key-and-reconciliation.ts'
import { inbox } from './inbox.ts'
import { inboxAndVersion } from './inbox-and-version.ts'
import { inboxWithoutKey } from './inbox-without-key.ts'
import { leaseThenComplete } from './lease-then-complete.ts'
import { memoryCache } from './memory-cache.ts'
import { newerVersion } from './newer-version.ts'
import { none } from './none.ts'
import { outbox } from './outbox.ts'
import { outboxAndInbox } from './outbox-and-inbox.ts'
import { positionAndVersion } from './position-and-version.ts'
import { readCompareSet } from './read-compare-set.ts'
import { redeliveredFlag } from './redelivered-flag.ts'
import { storedPosition } from './stored-position.ts'
import type { Strategy } from './strategy.ts'
import { upsert } from './upsert.ts'

/** Every strategy, in the order in which documents list them; what others are made of first, compositions last. */
export const strategies: readonly Strategy[] = [
  none,
  acknowledgeFirst,
  brokerDeduplication,
  redeliveredFlag,
  memoryCache,
  bloomFilter,
  checkThenMark,
  claimFirst,
  leaseThenComplete,
  inbox,
  inboxWithoutKey,
  storedPosition,
  upsert,
  newerVersion,
  expectedVersion,
  readCompareSet,
  fencing,
  eventSourcing,
  idempotencyKey,
  outbox,
  inboxAndVersion,
  positionAndVersion,
  outboxAndInbox,
  idempotencyKeyAndReconciliation,
]
