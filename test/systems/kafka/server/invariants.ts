import { expect } from 'vitest'
import type { Cluster } from '../../../../src/systems/kafka/cluster.ts'
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

  look(): void {
    const { image } = this.#cluster.view
    for (const topic of image.topics) {
      for (const [partition, { isr, replicas, leader }] of (image.partitions(topic) ?? []).entries()) {
        const of = { topic, partition }
        expect(isr.every((brokerId) => replicas.includes(brokerId))).toBe(true)
        expect(leader === -1 || replicas.includes(leader)).toBe(true)
        this.#lookAtLeaders(`${topic}-${partition}`, of)
      }
    }
  }

  /** Up to the lesser of their high watermarks, two replicas of a partition have the same batches. */
  logsMatch(): void {
    const { image } = this.#cluster.view
    for (const topic of image.topics) {
      for (const partition of (image.partitions(topic) ?? []).keys()) {
        const logs = [...this.#cluster.replicas({ topic, partition }).values()].map(({ log }) => log)
        for (const log of logs) for (const other of logs) expectMatch(log, other)
      }
    }
  }

  #lookAtLeaders(name: string, of: { readonly topic: string; readonly partition: number }): void {
    for (const [brokerId, hosted] of this.#cluster.replicas(of)) {
      const { leader, log } = hosted
      if (leader === undefined) continue
      const term = `${name}@${leader.leaderEpoch}`
      expect(this.#leaders.get(term) ?? brokerId).toBe(brokerId)
      this.#leaders.set(term, brokerId)
      expect(log.highWatermark).toBeGreaterThanOrEqual(this.#watermarks.get(term) ?? 0)
      this.#watermarks.set(term, log.highWatermark)
    }
  }
}

function expectMatch(one: PartitionLog, other: PartitionLog): void {
  const until = Math.min(one.highWatermark, other.highWatermark)
  const committed = (log: PartitionLog) => log.allBatches.filter(({ lastOffset }) => lastOffset < until)
  const [mine, others] = [committed(one), committed(other)]
  expect(mine.length).toBe(others.length)
  expect(mine.every((batch, index) => batch === others[index])).toBe(true)
}
