import type { DiskProfile } from '../../../simulation/disk.ts'
import { diskProfiles } from '../../../simulation/disk.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { minute, second } from '../../../simulation/duration.ts'
import type { ServiceProfile } from '../../../simulation/service.ts'
import type { Version } from '../core/profile.ts'

/** What a broker is made of. Times are in µs, sizes in bytes. */
export interface BrokerSettings {
  readonly version: Version
  /** `heartbeat`: the time-out that the broker proposes to clients; 0 for none. */
  readonly heartbeat: Micros
  /** `channel_max`. */
  readonly channelMax: number
  /** `consumer_timeout`: how long a delivery may stay unacknowledged; `Infinity` for ever. Looked at every `channelTickInterval`. */
  readonly consumerTimeout: Micros
  /** `channel_tick_interval`. */
  readonly channelTickInterval: Micros
  /** `vm_memory_high_watermark` times the memory of the host: what the messages in memory may take before the alarm; `Infinity` for no alarm. */
  readonly memoryLimit: number
  /** `disk_free_limit`: what the disk must have free, or there is an alarm. */
  readonly diskFreeLimit: number
  /** Publishes that one connection may have waiting to be taken up before the broker stops reading from it: `credit_flow_default_credit`. */
  readonly flowCredit: FlowCredit
  readonly service: ServiceProfile
  readonly disk: DiskProfile
}

/** A connection may be `initial` messages ahead of the queues; it gets `more` credit when that many have been worked off. */
export interface FlowCredit {
  readonly initial: number
  readonly more: number
}

/**
 * How a broker works off frames, fitted to orders of magnitude: a connection, its channels and a queue are each a process that uses one core, so
 * four connections can be worked for at a time; some tens of thousands of small messages a second for each is what published benchmarks of a
 * single classic queue reach. Scale it for real figures.
 */
export const brokerService: ServiceProfile = { servers: 4, perRequest: 20, perKibibyte: 2 }

const mebibyte = 1024 * 1024

/** The defaults of the server; sources are the pages https://www.rabbitmq.com/docs/configure, /heartbeats, /consumers, /disk-alarms. */
export const brokerDefaults: BrokerSettings = {
  version: '4.2',
  heartbeat: 60 * second,
  channelMax: 2047,
  consumerTimeout: 30 * minute,
  channelTickInterval: minute,
  memoryLimit: Infinity,
  diskFreeLimit: 50 * 1000 * 1000,
  flowCredit: { initial: 400, more: 200 },
  service: brokerService,
  disk: { ...diskProfiles.ssd, capacity: 10 * 1024 * mebibyte },
}
