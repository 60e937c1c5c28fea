import type { SystemKind } from '../system.ts'
import { claimsOf } from './claims.ts'
import { kafkaFiles, kafkaReasonWithoutMeaning } from './configuration-files.ts'
import { kafkaFacts } from './facts.ts'
import { KafkaSystem } from './kafka-system.ts'
import { clusterTable, consumerTable, producerTable } from './option-tables.ts'
import { kafkaVersions } from './options/option.ts'
import { problemsOf } from './problems.ts'
import { kafkaRules } from './rules.ts'
import { smallestCluster } from './smallest-cluster.ts'
import { serverOmissions } from './server/omissions.ts'

/**
 * Apache Kafka: replicated logs behind a KRaft quorum, and producers and consumers of the classic group protocol: Java's, and those of kafkajs.
 *
 * Left out: see `omissions`.
 */
export const kafka: SystemKind = {
  name: 'kafka',
  title: 'Apache Kafka',
  versions: kafkaVersions,
  options: clusterTable,
  producerOptions: producerTable,
  consumerOptions: consumerTable,
  files: kafkaFiles,
  reasonWithoutMeaning: kafkaReasonWithoutMeaning,
  facts: kafkaFacts,
  rules: kafkaRules,
  omissions: [
    'There are no transactions: a producer has no `transactional.id`, and `isolation.level` has nothing to tell apart.',
    'Groups rebalance eagerly: the cooperative assignors, static members and the protocol of KIP-848 are unknown.',
    'Compression is a matter of the sizes given.',
    'A topic has a thousand partitions at most, so that a run ends while somebody waits for it.',
    'Clients are of the version of the cluster, and their topics are known by name, not by pattern.',
    'There is no negative acknowledgement: Java seeks back to a record that is rejected to come again, a handler of kafkajs throws; one that is discarded is passed.',
    'kafkajs is used with eachMessage; it keeps to the brokers that the scenario names, whoever comes and goes.',
    ...serverOmissions,
  ],
  claims: claimsOf,
  problems: problemsOf,
  smallest: smallestCluster,
  build: (setup) => new KafkaSystem(setup),
}
