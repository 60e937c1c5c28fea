import { defineFact } from '../../history/fact.ts'

/** A leader gave a record its offset. One fact a message; `partition` is `events/orders/0`. */
export const appended = defineFact(
  'appended',
  'broker',
  { message: 'name', partition: 'name', offset: 'int', epoch: 'int' },
  '{node} appended {message} to {partition} at offset {offset}',
  {
    statement:
      'A leader appends whatever it is sent, unless the number of an idempotent producer tells that it has it already.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/design/design/#message-delivery-semantics',
    routine: true,
  },
)

/** A leader recognised the retry of a batch that it has: it appended nothing. */
export const retryRecognised = defineFact(
  'retry-recognised',
  'broker',
  { message: 'name', partition: 'name', offset: 'int', messages: 'int' },
  '{node} recognised {message} as the retry of a batch that {partition} has at offset {offset}',
  {
    statement: 'A leader knows the last five batches of each idempotent producer and appends none of them twice.',
    evidence: 'source',
    page: 'https://github.com/apache/kafka/blob/4.1/storage/src/main/java/org/apache/kafka/storage/internals/log/ProducerStateEntry.java',
    keeps: 'no-duplicates',
  },
)

/** A leader refused a batch: `NOT_ENOUGH_REPLICAS`, `OUT_OF_ORDER_SEQUENCE_NUMBER`, … `message` is its first one. */
export const produceRefused = defineFact(
  'produce-refused',
  'broker',
  { message: 'name', partition: 'name', messages: 'int', error: 'name' },
  '{node} refused {message}: {error}',
  {
    statement:
      'A leader refuses what it cannot store as it was asked to, and the error says whether the producer may try again.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/design/protocol/#error-codes',
  },
)

/** A follower copied records from its leader; `offset` is the end of its log now. */
export const replicated = defineFact(
  'replicated',
  'broker',
  { partition: 'name', messages: 'int', offset: 'int' },
  '{node} copied {partition} up to offset {offset}',
  {
    statement: 'Followers fetch from the leader as consumers do, and have its records in its order.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/design/design/#replication',
    routine: true,
  },
)

/** A leader's high watermark moved: records below `offset` are committed and visible. */
export const committed = defineFact(
  'committed',
  'broker',
  { partition: 'name', offset: 'int' },
  '{partition} is committed up to offset {offset}',
  {
    statement: 'A record is committed when every replica that is in sync has it, and consumers see no other.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/design/design/#replication',
    routine: true,
  },
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
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/design/design/#replication',
  },
)

/** The controller committed other in-sync replicas; `isr` names their brokers. */
export const isrChanged = defineFact(
  'isr-changed',
  'broker',
  { partition: 'name', isr: 'name', epoch: 'int' },
  'the in-sync replicas of {partition} are now {isr}',
  {
    statement: 'A follower that is gone, or has lagged for too long, is not in sync any more until it has caught up.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/configuration/broker-configs/#brokerconfigs_replica.lag.time.max.ms',
    routine: true,
  },
)

/** A follower dropped records that its leader does not have, or a start dropped what the disk does not have whole. */
export const truncated = defineFact(
  'truncated',
  'broker',
  { partition: 'name', offset: 'int', messages: 'int' },
  '{node} truncated {partition} to offset {offset} and dropped {messages} records',
  {
    statement: 'A follower drops what its leader does not have, whoever was told that it is stored.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/design/design/#replication',
  },
)

/** A broker found a log on its disk when it started. */
export const logRecovered = defineFact(
  'log-recovered',
  'broker',
  { partition: 'name', offset: 'int' },
  '{node} found {partition} on its disk up to offset {offset}',
  {
    statement: 'A broker leaves it to the operating system to write its logs to the disk, unless it is told otherwise.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/configuration/topic-configs/#topicconfigs_flush.messages',
    routine: true,
  },
)

/** The controller took up a broker, or an incarnation of it, that was not known. */
export const brokerRegistered = defineFact(
  'broker-registered',
  'broker',
  { broker: 'name', epoch: 'int' },
  '{broker} registered with the controller',
  {
    statement:
      'A broker that starts registers with the controller, and is fenced until it has caught up with the metadata.',
    evidence: 'documented',
    page: 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-631%3A+The+Quorum-based+Kafka+Controller',
    routine: true,
  },
)

/** `fenced` (its session is over or it is new), `unfenced`, `controlled-shutdown` or `shut-down`. */
export const brokerStateChanged = defineFact(
  'broker-state-changed',
  'broker',
  { broker: 'name', state: 'name' },
  'the controller counts {broker} as {state}',
  {
    statement: 'A broker that has not been heard of for a session is fenced, and leads nothing.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/configuration/broker-configs/#brokerconfigs_broker.session.timeout.ms',
    routine: true,
  },
)

/** A controller won the election of an epoch and decides from here on. */
export const controllerElected = defineFact(
  'controller-elected',
  'broker',
  { epoch: 'int' },
  '{node} became the active controller in epoch {epoch}',
  {
    statement: 'A controller needs the votes of a majority to become the active one.',
    evidence: 'documented',
    page: 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-595%3A+A+Raft+Protocol+for+the+Metadata+Quorum',
    routine: true,
  },
)

/** A group began to wait for its members to join anew. */
export const rebalanceBegan = defineFact(
  'rebalance-began',
  'broker',
  { group: 'name', generation: 'int' },
  '{node} began a rebalance of {group} after generation {generation}',
  {
    statement: 'When members come or go, all of them give their partitions back and join anew.',
    evidence: 'documented',
    page: 'https://cwiki.apache.org/confluence/display/KAFKA/KIP-429%3A+Kafka+Consumer+Incremental+Rebalance+Protocol',
    routine: true,
  },
)

/** A generation of a group has its assignment; `members` counts them. */
export const generationBegan = defineFact(
  'generation-began',
  'broker',
  { group: 'name', generation: 'int', members: 'int' },
  '{group} began generation {generation} with {members} members',
  {
    statement: 'A new owner of a partition begins at the committed offset.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/configuration/consumer-configs/#consumerconfigs_auto.offset.reset',
    routine: true,
  },
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
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/configuration/consumer-configs/#consumerconfigs_session.timeout.ms',
  },
)

/** An offset of a group is stored; `offset` is the next one to read. */
export const offsetCommitted = defineFact(
  'offset-committed',
  'broker',
  { group: 'name', partition: 'name', offset: 'int' },
  '{group} committed offset {offset} of {partition}',
  {
    statement: 'A committed offset is where the group goes on; whatever is before it counts as done.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/javadoc/org/apache/kafka/clients/consumer/KafkaConsumer.html',
    routine: true,
  },
)

/** A consumer had no position, or none that was good, and went where its reset policy says; `offset` is the next one to read. */
export const positionReset = defineFact(
  'position-reset',
  'broker',
  { group: 'name', partition: 'name', offset: 'int', reason: 'name' },
  '{node} began {partition} at offset {offset}: {reason}',
  {
    statement:
      'Where there is no committed offset, auto.offset.reset says where a group begins; what is before that it never reads.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/configuration/consumer-configs/#consumerconfigs_auto.offset.reset',
  },
)

/** A coordinator refused a commit: the member is unknown to it, or its generation is over. */
export const commitRefused = defineFact(
  'commit-refused',
  'broker',
  { group: 'name', member: 'name', error: 'name' },
  '{node} refused a commit of {member}: {error}',
  {
    statement: 'A member that the group has gone on without may not commit any more; its effects are its own affair.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/javadoc/org/apache/kafka/clients/consumer/CommitFailedException.html',
  },
)

/** A broker became the coordinator of the groups of a partition of `__consumer_offsets` and read them from its log. */
export const coordinatorLoaded = defineFact(
  'coordinator-loaded',
  'broker',
  { partition: 'name', groups: 'int' },
  '{node} became the coordinator of the groups of {partition}',
  {
    statement: 'The leader of a partition of __consumer_offsets is the coordinator of its groups.',
    evidence: 'documented',
    page: 'https://kafka.apache.org/41/design/design/',
    routine: true,
  },
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
  positionReset,
  commitRefused,
  coordinatorLoaded,
] as const
