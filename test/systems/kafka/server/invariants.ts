import type { Cluster } from '../../../../src/systems/kafka/cluster.ts'
import type { TopicPartition } from '../../../../src/systems/kafka/core/controller/partition-registration.ts'
import type { PartitionLog } from '../../../../src/systems/kafka/core/log/partition-log.ts'

/**
 * What must be true of replicas at every moment, looked at from outside as often as a test likes. What any of it finds is the fault of the
 * model, not of a configuration; only what a disk forgot is excused by whoever calls.
 */
export class ReplicationWatch {
  readonly #cluster: Cluster
  /** By partition and epoch, who led, and how far its high watermark was. */
  readonly #leaders = new Map<string, number>()
  readonly #watermarks = new Map<string, number>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** What is wrong now, a sentence each. */
  look(): readonly string[] {
    return this.#partitions().flatMap((of) => {
      const wrong = this.#lookAtLeaders(of)
      const registration = this.#cluster.view.image.partition(of)
      if (registration === undefined) return wrong
      const { isr, replicas, leader } = registration
      if (!isr.every((brokerId) => replicas.includes(brokerId))) wrong.push(`${nameOf(of)}: ISR ${isr} of ${replicas}`)
      if (leader !== -1 && !replicas.includes(leader)) wrong.push(`${nameOf(of)}: led by ${leader}, who has no replica`)
      return wrong
    })
  }

  /** Replicas of a partition that do not have the same batches up to the lesser of their high watermarks. */
  differences(): readonly string[] {
    return this.#partitions().flatMap((of) => {
      const logs = [...this.#cluster.replicas(of).values()].map(({ log }) => log)
      const differ = logs.some((log) => logs.some((other) => !match(log, other)))
      return differ ? [`${nameOf(of)}: replicas differ below the high watermark`] : []
    })
  }

  /** Replicas in sync that do not know the high watermark: to be asked when nothing has happened for longer than a fetch waits. */
  unaware(): readonly string[] {
    return this.#partitions().flatMap((of) => {
      const { isr, leader } = this.#cluster.view.image.partition(of) ?? { isr: [], leader: -1 }
      const replicas = this.#cluster.replicas(of)
      const committed = replicas.get(leader)?.log.highWatermark
      const late = isr.filter((brokerId) => replicas.get(brokerId)?.log.highWatermark !== committed)
      return late.map((brokerId) => `${nameOf(of)}: ${brokerId} does not know that ${committed} is committed`)
    })
  }

  #partitions(): readonly TopicPartition[] {
    const { image } = this.#cluster.view
    return [...image.topics].flatMap((topic) =>
      (image.partitions(topic) ?? []).map((_, partition) => ({ topic, partition })),
    )
  }

  #lookAtLeaders(of: TopicPartition): string[] {
    const wrong: string[] = []
    for (const [brokerId, { leader, log }] of this.#cluster.replicas(of)) {
      if (leader === undefined) continue
      const term = `${nameOf(of)} in epoch ${leader.leaderEpoch}`
      if ((this.#leaders.get(term) ?? brokerId) !== brokerId) wrong.push(`${term}: two leaders`)
      if (log.highWatermark < (this.#watermarks.get(term) ?? 0)) wrong.push(`${term}: the high watermark went back`)
      this.#leaders.set(term, brokerId)
      this.#watermarks.set(term, log.highWatermark)
    }
    return wrong
  }
}

function match(one: PartitionLog, other: PartitionLog): boolean {
  const until = Math.min(one.highWatermark, other.highWatermark)
  const [mine, others] = [one, other].map((log) => log.allBatches.filter(({ lastOffset }) => lastOffset < until))
  return mine?.length === others?.length && mine?.every((batch, index) => batch === others?.[index]) === true
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`
}
