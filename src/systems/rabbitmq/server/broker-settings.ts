import type { DiskProfile } from '../../../simulation/disk.ts'
import { diskProfiles } from '../../../simulation/disk.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, minute, second } from '../../../simulation/duration.ts'
import type { ServiceProfile } from '../../../simulation/service.ts'
import type { DeprecatedFeature, Version } from '../core/profile.ts'
import { profiles } from '../core/profile.ts'

/** What a broker is made of. Times are in µs, sizes in bytes. */
export interface BrokerSettings {
  readonly version: Version
  /** `heartbeat`: the time-out that the broker proposes to clients; 0 for none. */
  readonly heartbeat: Micros
  /** `channel_max`. */
  readonly channelMax: number
  /** `max_message_size`: a larger body closes the channel. */
  readonly maxMessageSize: number
  /** `deprecated_features.permit.*` */
  readonly permits: readonly DeprecatedFeature[]
  /** `consumer_timeout`: how long a delivery may stay unacknowledged; `Infinity` for ever. Looked at every `channelTickInterval`. */
  readonly consumerTimeout: Micros
  /** `channel_tick_interval`. */
  readonly channelTickInterval: Micros
  /** `vm_memory_high_watermark` of the host's memory: what the messages in queues may take before the alarm; `Infinity` for no alarm. */
  readonly memoryLimit: number
  /** `disk_free_limit`: what the disk must have free, or there is an alarm. */
  readonly diskFreeLimit: number
  /** The longest that a write waits for others to share the disk with; an idle broker does not wait where publishers do. */
  readonly syncInterval: Micros
  /**
   * When a publisher is told that a classic queue has its persistent message: once it is safe from a loss of power (`fsync`), or once the
   * operating system has it (`write`). The guide to confirms speaks of the disk; the vendor's account of how messages are stored says of the
   * queues of 4.x that no fsync comes before a confirm: https://www.rabbitmq.com/blog/2025/01/17/how-are-the-messages-stored
   */
  readonly confirmsAfter: 'fsync' | 'write'
  /** When an administrator deletes a queue and declares it again, µs from the start of the run. */
  readonly recreations: readonly Recreation[]
  readonly storeCredit: StoreCredit
  readonly service: ServiceProfile
  readonly disk: DiskProfile
}

export interface Recreation {
  readonly queue: string
  readonly at: Micros
}

/**
 * `msg_store_credit_disc_bound`: with more than `initial` writes that the disk does not have yet, publishers are held back, until `more` of
 * these are done.
 */
export interface StoreCredit {
  readonly initial: number
  readonly more: number
}

/**
 * How a broker works off frames, fitted to orders of magnitude: a connection, its channels and a queue are each a process that uses one core, so
 * four connections can be worked for at a time; some tens of thousands of small messages a second for each is what published benchmarks of a
 * single classic queue reach (https://www.rabbitmq.com/blog/2022/05/16/rabbitmq-3.10-performance-improvements). Scale it for real figures.
 */
const brokerService: ServiceProfile = { servers: 4, perRequest: 20, perKibibyte: 2 }

/** Bytes of the disk of a broker that says nothing else. */
const diskCapacity = 10 * 1024 * 1024 * 1024

/**
 * The defaults of the server: https://www.rabbitmq.com/docs/configure, https://www.rabbitmq.com/docs/heartbeats,
 * https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout, https://www.rabbitmq.com/docs/disk-alarms.
 */
export const brokerDefaults: BrokerSettings = {
  version: '4.2',
  heartbeat: 60 * second,
  channelMax: 2047,
  maxMessageSize: profiles['4.2'].maxMessageSize,
  permits: [],
  consumerTimeout: 30 * minute,
  channelTickInterval: minute,
  memoryLimit: Infinity,
  diskFreeLimit: 50_000_000,
  syncInterval: 200 * millisecond,
  confirmsAfter: 'fsync',
  recreations: [],
  storeCredit: { initial: 4000, more: 800 },
  service: brokerService,
  disk: { ...diskProfiles.ssd, capacity: diskCapacity },
}
