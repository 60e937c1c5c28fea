import { defineFact } from '../../history/fact.ts'
import { pages } from './options/pages.ts'

/** A record has its sequence number, which is its `offset`; `partition` is `events/orders/shardId-000000000000`. */
export const recordPut = defineFact(
  'record-put',
  'broker',
  { message: 'name', partition: 'name', offset: 'int' },
  '{node} put {message} into {partition} with sequence number {offset}',
  {
    statement: 'Every put that reaches the service is a record of its own: it does not know which of them are retries.',
    evidence: 'documented',
    page: pages.duplicates,
    routine: true,
  },
)

/** A shard took a put no more: `records` or `bytes` of this second are used up. */
export const putThrottled = defineFact(
  'put-throttled',
  'broker',
  { message: 'name', partition: 'name', limit: 'name' },
  '{partition} did not take {message}: too many {limit} in a second (ProvisionedThroughputExceeded)',
  {
    statement: 'What a shard does not take is refused, record by record, and it is for the producer to try again.',
    evidence: 'documented',
    page: pages.putRecords,
  },
)

/** A shard takes no more in this second: its `records` or `bytes` are used up. */
export const shardLimitReached = defineFact(
  'shard-limit-reached',
  'broker',
  { place: 'name', limit: 'name' },
  '{place} had taken all the {limit} that it takes in a second',
  {
    statement: 'A shard takes 1,000 records and 1 MiB a second, whatever the others have to spare.',
    evidence: 'documented',
    page: pages.limits,
  },
)

/** A shard answered a read no more: `calls` or `bytes`. */
export const readThrottled = defineFact(
  'read-throttled',
  'broker',
  { partition: 'name', group: 'name', limit: 'name' },
  '{partition} refused a read of {group}: too many {limit} (ReadProvisionedThroughputExceeded)',
  {
    statement: 'All who poll a shard share five reads and 2 MiB a second.',
    evidence: 'documented',
    page: pages.getRecords,
  },
)

/** A shard was closed by a `split` or a `merge`; `children` go on. */
export const shardClosed = defineFact(
  'shard-closed',
  'broker',
  { partition: 'name', children: 'name', reason: 'name' },
  '{partition} was closed by a {reason}; new records go to {children}',
  {
    statement: 'Resharding closes a shard: its records stay where they are, and new ones go to its children.',
    evidence: 'documented',
    page: pages.resharding,
  },
)

/** A registered consumer subscribed to a shard anew, and its subscription from before ended. */
export const subscriptionTakenOver = defineFact(
  'subscription-taken-over',
  'broker',
  { partition: 'name', consumer: 'name', member: 'name', from: 'name' },
  '{member} took over the subscription of {consumer} to {partition} from {from}',
  {
    statement: 'A registered consumer has one subscription for a shard: a later one ends the one before.',
    evidence: 'documented',
    page: pages.subscribe,
  },
)

/** A worker became the owner of a lease that was `free`, `over`, or `stolen`; `from` is who had it. */
export const leaseTaken = defineFact(
  'lease-taken',
  'broker',
  { group: 'name', partition: 'name', member: 'name', from: 'name', reason: 'name' },
  '{member} took the lease of {partition} from {from}: {reason}',
  {
    statement:
      'A lease whose counter has not moved for the fail-over time, as its observer saw it, may be taken; so may some of a worker that has more than its share.',
    evidence: 'source',
    page: pages.leaseTaker,
  },
)

/** A worker looked at the lease table, as it does each twice the fail-over time. */
export const leasesLookedAt = defineFact(
  'leases-looked-at',
  'broker',
  { group: 'name' },
  '{node} looked who has the leases of {group}',
  {
    statement: 'Workers look at the lease table each twice the fail-over time; nobody is told that another has failed.',
    evidence: 'source',
    page: pages.leaseTaker,
    routine: true,
  },
)

/** A worker found that a lease is not its own any more: it could not renew it in time, or somebody has taken it. */
export const leaseLost = defineFact(
  'lease-lost',
  'broker',
  { group: 'name', partition: 'name', reason: 'name' },
  '{node} lost the lease of {partition}: {reason}',
  {
    statement: 'A worker that could not renew a lease in time gives its shard up when it notices.',
    evidence: 'source',
    page: pages.leaseRenewer,
  },
)

/** A checkpoint is in the lease table: a sequence number, or `SHARD_END`. */
export const checkpointed = defineFact(
  'checkpointed',
  'broker',
  { group: 'name', partition: 'name', checkpoint: 'name' },
  '{group} has its checkpoint of {partition} at {checkpoint}',
  {
    statement: 'Whoever has the lease next goes on behind the checkpoint: what is before it counts as done.',
    evidence: 'documented',
    page: pages.duplicates,
    routine: true,
  },
)

/** A worker tried to checkpoint a shard whose lease it has no more. */
export const checkpointRefused = defineFact(
  'checkpoint-refused',
  'broker',
  { group: 'name', partition: 'name', checkpoint: 'name' },
  '{node} could not checkpoint {partition} at {checkpoint}: ShutdownException',
  {
    statement: 'Only checkpoints are held against the lease; what a processor does elsewhere is its own affair.',
    evidence: 'source',
    page: pages.checkpointer,
  },
)

/** A worker began to read a shard; `offset` is the first sequence number that it may read. */
export const readingBegan = defineFact(
  'reading-began',
  'broker',
  { group: 'name', partition: 'name', offset: 'int', reason: 'name' },
  '{node} began {partition} at sequence number {offset}: {reason}',
  {
    statement: 'An application begins at its checkpoint, or where initialPositionInStream says if it has none.',
    evidence: 'documented',
    page: pages.additional,
  },
)

/** An exception left processRecords, and the library went on with the next batch. */
export const batchSkipped = defineFact(
  'batch-skipped',
  'broker',
  { place: 'name', records: 'int' },
  '{node} skipped the rest of a batch of {place}, {records} records, after an exception',
  {
    statement: 'The library retries nothing: a batch whose processRecords throws is skipped, and the next one comes.',
    evidence: 'documented',
    page: pages.troubleshooting,
  },
)

/** A record was left out: its batch was skipped after an exception, or the application gave it up. */
export const recordSkipped = defineFact(
  'record-skipped',
  'broker',
  { message: 'name', group: 'name', partition: 'name', offset: 'int', reason: 'name' },
  '{node} left {message} out: {reason}',
  {
    statement: 'A checkpoint behind a record passes over it, whether or not it was processed.',
    evidence: 'documented',
    page: pages.troubleshooting,
  },
)

/** A worker has the lease of a shard whose parents are not read to their ends. */
export const shardBlocked = defineFact(
  'shard-blocked',
  'broker',
  { place: 'name', parent: 'name' },
  '{node} waits with {place} until {parent} is at its end',
  {
    statement: 'A shard is read only when the leases of its parents say SHARD_END.',
    evidence: 'source',
    page: pages.blockOnParent,
    keeps: 'ordered-per-key',
  },
)

/** An application was told that a shard is at its end, and did not checkpoint there. */
export const shardEndRefused = defineFact(
  'shard-end-refused',
  'broker',
  { group: 'name', partition: 'name' },
  '{node} was not done with {partition}: its processor did not checkpoint at the end of the shard',
  {
    statement:
      'A processor has to checkpoint when its shard ends; until it does it is told again, and the shards that follow wait.',
    evidence: 'source',
    page: pages.shutdownTask,
  },
)

/** Facts of Kinesis and its client library, besides the neutral ones. */
export const kinesisFacts = [
  recordPut,
  putThrottled,
  shardLimitReached,
  readThrottled,
  shardClosed,
  subscriptionTakenOver,
  leaseTaken,
  leasesLookedAt,
  leaseLost,
  checkpointed,
  checkpointRefused,
  readingBegan,
  batchSkipped,
  recordSkipped,
  shardBlocked,
  shardEndRefused,
] as const
