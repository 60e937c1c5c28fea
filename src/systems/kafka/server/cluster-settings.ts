import type { DiskProfile } from '../../../simulation/disk.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { ServiceProfile } from '../../../simulation/service.ts'
import { offsetsTopic } from '../core/group/committed-offsets.ts'
import type { BrokerOptions } from '../options/broker-options.ts'
import type { KafkaVersion } from '../options/option.ts'
import { unbounded } from '../options/option.ts'
import type { TopicOptions } from '../options/topic-options.ts'
import { topicDefaults } from '../options/topic-options.ts'

/** How soon a supervisor starts a broker or controller again that has halted by itself. */
export const restartBySupervisor = 10 * second

/** What a cluster is made of. Options are in the units of their real names. */
export interface ClusterSettings {
  readonly version: KafkaVersion
  /** At least 1. */
  readonly brokers: number
  /** Voters of the metadata quorum, 1 or 3 (any odd number works). */
  readonly controllers: number
  readonly broker: BrokerOptions
  /** Topics that an administrator creates once the brokers are there. */
  readonly topics: Readonly<Record<string, TopicOptions>>
  /** The groups that consumers of the scenario are members of. */
  readonly groups: readonly string[]
  /** Later changes by an administrator. */
  readonly growth: readonly TopicGrowth[]
  readonly service: ServiceProfile
  readonly disk: DiskProfile
  /** Zones of the brokers in turn, which are their racks too; none for a cluster in one place. */
  readonly zones: readonly string[]
}

/** An administrator gives a topic more partitions at a time of the run. */
export interface TopicGrowth {
  readonly topic: string
  readonly at: Micros
  readonly partitions: number
}

/**
 * How brokers work off requests, fitted to orders of magnitude: eight request threads are `num.io.threads`; a request costs some tens of µs,
 * and a KiB is copied and checksummed at a few hundred MB/s a thread, which lets three brokers carry the hundreds of MB/s of published
 * benchmarks (https://developer.confluent.io/learn/kafka-performance/). Scale it for real figures.
 */
export const brokerService: ServiceProfile = { servers: 8, perRequest: 50, perKibibyte: 3 }

/** Controllers work in one thread. */
export const controllerService: ServiceProfile = { servers: 1, perRequest: 50, perKibibyte: 0 }

/** Milliseconds as options give them, in µs; `Infinity` where there is no bound. */
export function microsOf(milliseconds: number): Micros {
  return milliseconds >= unbounded / millisecond ? Infinity : milliseconds * millisecond
}

/** The options of a topic: as declared, or as a topic gets them that nobody declared. */
export function topicOptionsOf(settings: ClusterSettings, topic: string): TopicOptions {
  const defaults = topicDefaults(settings.broker)
  if (topic !== offsetsTopic) return settings.topics[topic] ?? defaults
  return {
    ...defaults,
    partitions: settings.broker['offsets.topic.num.partitions'],
    'replication.factor': settings.broker['offsets.topic.replication.factor'],
  }
}

/** The name of a node of the cluster. Brokers count from 1. */
export function brokerNode(cluster: string, brokerId: number): string {
  return `${cluster}-${brokerId}`
}

/** Controllers count from 1 too. */
export function controllerNode(cluster: string, controllerId: number): string {
  return `${cluster}-controller-${controllerId}`
}
