import type { Process } from '../../../simulation/process.ts'
import { minute } from '../../../simulation/duration.ts'
import type { PartitionMap } from '../core/partition-map.ts'
import type { ClusterContext } from './cluster-context.ts'
import { microsOf } from './cluster-settings.ts'
import type { HostedPartition } from './hosted-partition.ts'
import type { IsrChanges } from './isr-changes.ts'

/** `producer.id.expiration.check.interval.ms`. */
const producerExpiryCheck = 10 * minute

export interface UpkeepContext {
  readonly process: Process
  readonly settings: ClusterContext['settings']
  readonly partitions: PartitionMap<HostedPartition>
  readonly isrChanges: IsrChanges
}

/** What a broker does for its replicas by the clock, as long as there is any use in it. */
export class ReplicaUpkeep {
  readonly #context: UpkeepContext
  #lagCheckScheduled = false
  #expiryScheduled = false

  constructor(context: UpkeepContext) {
    this.#context = context
  }

  /** Replicas forget producers that have been idle for `producer.id.expiration.ms`. */
  expireProducersLater(): void {
    if (this.#expiryScheduled) return
    this.#expiryScheduled = true
    const { process, settings, partitions } = this.#context
    process.setTimer(producerExpiryCheck, () => {
      this.#expiryScheduled = false
      const expiration = microsOf(settings.broker['producer.id.expiration.ms'])
      let remembered = 0
      for (const { log } of partitions.values()) {
        log.producers.expire(process.wallClock, expiration)
        remembered += log.producers.size
      }
      if (remembered > 0) this.expireProducersLater()
    })
  }

  /** Every half `replica.lag.time.max.ms` leaders look for members of their ISRs that lag. */
  checkLagLater(): void {
    if (this.#lagCheckScheduled) return
    this.#lagCheckScheduled = true
    const { process, settings, partitions, isrChanges } = this.#context
    const lag = microsOf(settings.broker['replica.lag.time.max.ms'])
    process.setTimer(Math.max(1, Math.floor(lag / 2)), () => {
      this.#lagCheckScheduled = false
      let leads = false
      for (const partition of partitions.values()) {
        if (partition.leader === undefined) continue
        leads = true
        if (partition.leader.proposeShrink(process.now) !== undefined) isrChanges.propose(partition)
      }
      if (leads) this.checkLagLater()
    })
  }
}
