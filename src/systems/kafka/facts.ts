import { defineFact } from '../../history/fact.ts'

/** A leader gave a record its offset. One fact a message; `partition` is `events/orders/0`. */
export const appended = defineFact(
  'appended',
  'broker',
  { message: 'name', partition: 'name', offset: 'int', epoch: 'int' },
  '{node} appended {message} to {partition} at offset {offset}',
)

/** A leader recognised the retry of a batch that it has: it appended nothing. */
export const retryRecognised = defineFact(
  'retry-recognised',
  'broker',
  { message: 'name', partition: 'name', offset: 'int', messages: 'int' },
  '{node} recognised {message} as the retry of a batch that {partition} has at offset {offset}',
  {
    statement: 'A leader knows the last five batches of each idempotent producer and appends none of them twice.',
    page: 'https://kafka.apache.org/41/configuration/producer-configs/#producerconfigs_enable.idempotence',
    keeps: 'no-duplicates',
  },
)

/** A leader refused a batch: `NOT_ENOUGH_REPLICAS`, `OUT_OF_ORDER_SEQUENCE_NUMBER`, … `message` is its first one. */
export const produceRefused = defineFact(
  'produce-refused',
  'broker',
  { message: 'name', partition: 'name', messages: 'int', error: 'name' },
  '{node} refused {message}: {error}',
)

/** A follower copied records from its leader; `offset` is the end of its log now. */
export const replicated = defineFact(
  'replicated',
  'broker',
  { partition: 'name', messages: 'int', offset: 'int' },
  '{node} copied {partition} up to offset {offset}',
)

/** A leader's high watermark moved: records below `offset` are committed and visible. */
export const committed = defineFact(
  'committed',
  'broker',
  { partition: 'name', offset: 'int' },
  '{partition} is committed up to offset {offset}',
)

/** The controller made a broker the leader of a partition: `clean`, `eligible`, `last-known` or `unclean`; `offline` leaves it without one. */
export const leaderElected = defineFact(
  'leader-elected',
  'broker',
  { partition: 'name', leader: 'name', epoch: 'int', election: 'name' },
  '{leader} was elected leader of {partition} in epoch {epoch} ({election})',
  {
    statement:
      'The controller makes an in-sync replica the leader; any other one only where unclean elections are allowed.',
    page: 'https://kafka.apache.org/41/design/design/#replication',
  },
)

/** The controller committed other in-sync replicas; `isr` names their brokers. */
export const isrChanged = defineFact(
  'isr-changed',
  'broker',
  { partition: 'name', isr: 'name', epoch: 'int' },
  'the in-sync replicas of {partition} are now {isr}',
)

/** A follower dropped records that its leader does not have, or a start dropped what the disk does not have whole. */
export const truncated = defineFact(
  'truncated',
  'broker',
  { partition: 'name', offset: 'int', messages: 'int' },
  '{node} truncated {partition} to offset {offset} and dropped {messages} records',
  {
    statement: 'A follower drops what its leader does not have, whoever was told that it is stored.',
    page: 'https://kafka.apache.org/41/design/design/#replication',
  },
)

/** A broker found a log on its disk when it started. */
export const logRecovered = defineFact(
  'log-recovered',
  'broker',
  { partition: 'name', offset: 'int' },
  '{node} found {partition} on its disk up to offset {offset}',
)

/** The controller took up a broker, or an incarnation of it, that was not known. */
export const brokerRegistered = defineFact(
  'broker-registered',
  'broker',
  { broker: 'name', epoch: 'int' },
  '{broker} registered with the controller',
)

/** `fenced` (its session is over or it is new), `unfenced`, `controlled-shutdown` or `shut-down`. */
export const brokerStateChanged = defineFact(
  'broker-state-changed',
  'broker',
  { broker: 'name', state: 'name' },
  'the controller counts {broker} as {state}',
)

/** A controller won the election of an epoch and decides from here on. */
export const controllerElected = defineFact(
  'controller-elected',
  'broker',
  { epoch: 'int' },
  '{node} became the active controller in epoch {epoch}',
)

/** A group began to wait for its members to join anew. */
export const rebalanceBegan = defineFact(
  'rebalance-began',
  'broker',
  { group: 'name', generation: 'int' },
  '{node} began a rebalance of {group} after generation {generation}',
)

/** A generation of a group has its assignment; `members` counts them. */
export const generationBegan = defineFact(
  'generation-began',
  'broker',
  { group: 'name', generation: 'int', members: 'int' },
  '{group} began generation {generation} with {members} members',
)

/** A coordinator took a member out of its group: `left`, or `time-out` when its session was over or it was not back in time for a rebalance. */
export const memberRemoved = defineFact(
  'member-removed',
  'broker',
  { group: 'name', member: 'name', reason: 'name' },
  '{node} removed {member} from {group}: {reason}',
  {
    statement:
      'A member that is not heard of for a session, or does not poll in time, loses its partitions to the others.',
    page: 'https://kafka.apache.org/41/configuration/consumer-configs/#consumerconfigs_session.timeout.ms',
  },
)

/** An offset of a group is stored; `offset` is the next one to read. */
export const offsetCommitted = defineFact(
  'offset-committed',
  'broker',
  { group: 'name', partition: 'name', offset: 'int' },
  '{group} committed offset {offset} of {partition}',
)

/** A coordinator refused a commit: the member is unknown to it, or its generation is over. */
export const commitRefused = defineFact(
  'commit-refused',
  'broker',
  { group: 'name', member: 'name', error: 'name' },
  '{node} refused a commit of {member}: {error}',
)

/** A broker became the coordinator of the groups of a partition of `__consumer_offsets` and read them from its log. */
export const coordinatorLoaded = defineFact(
  'coordinator-loaded',
  'broker',
  { partition: 'name', groups: 'int' },
  '{node} became the coordinator of the groups of {partition}',
)

/** Facts of Kafka, besides the neutral ones. */
export const kafkaFacts = [
  appended,
  retryRecognised,
  produceRefused,
  replicated,
  committed,
  leaderElected,
  isrChanged,
  truncated,
  logRecovered,
  brokerRegistered,
  brokerStateChanged,
  controllerElected,
  rebalanceBegan,
  generationBegan,
  memberRemoved,
  offsetCommitted,
  commitRefused,
  coordinatorLoaded,
] as const
