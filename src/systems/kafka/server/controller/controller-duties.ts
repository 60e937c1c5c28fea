import { second } from '../../../../simulation/duration.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { PartitionUpdate } from '../../core/controller/controller-state.ts'
import type { ClusterSettings } from '../cluster-settings.ts'
import type { MetadataCommand } from './metadata-log.ts'

export interface DutiesOptions {
  partitions(): readonly PartitionUpdate[]
  /** Decides, if that changes anything. */
  do(command: MetadataCommand): void
}

/** What an active controller does by the clock: it gives topics more partitions when an administrator wants it, and leadership back. */
export class ControllerDuties {
  readonly #process: Process
  readonly #settings: ClusterSettings
  readonly #options: DutiesOptions
  #growth: readonly Timer[] = []
  #imbalance: Timer | undefined

  constructor(process: Process, settings: ClusterSettings, options: DutiesOptions) {
    this.#process = process
    this.#settings = settings
    this.#options = options
  }

  begin(): void {
    this.#growth = this.#settings.growth.map(({ topic, at, partitions }) =>
      this.#process.setTimer(Math.max(0, at - this.#process.now), () => this.#grow(topic, partitions)),
    )
    if (this.#settings.broker['auto.leader.rebalance.enable']) this.#watchImbalance()
  }

  end(): void {
    for (const timer of [...this.#growth, this.#imbalance]) timer?.clear()
  }

  #grow(topic: string, total: number): void {
    const now = this.#options.partitions().filter((update) => update.topic === topic).length
    if (now < total) this.#options.do({ type: 'add-partitions', topic, total, start: now })
  }

  #watchImbalance(): void {
    const { broker } = this.#settings
    this.#imbalance = this.#process.setTimer(broker['leader.imbalance.check.interval.seconds'] * second, () => {
      const bearable = broker['leader.imbalance.per.broker.percentage']
      if (imbalanceOf(this.#options.partitions()) > bearable) this.#options.do({ type: 'elect-preferred' })
      this.#watchImbalance()
    })
  }
}

/** The largest share, in percent, of the partitions that a broker should lead and does not. */
function imbalanceOf(partitions: readonly PartitionUpdate[]): number {
  const counts = new Map<number, { readonly total: number; readonly elsewhere: number }>()
  for (const { registration } of partitions) {
    const preferred = registration.replicas[0] ?? -1
    const { total, elsewhere } = counts.get(preferred) ?? { total: 0, elsewhere: 0 }
    const isElsewhere = registration.leader === preferred ? 0 : 1
    counts.set(preferred, { total: total + 1, elsewhere: elsewhere + isElsewhere })
  }
  return Math.max(0, ...[...counts.values()].map(({ total, elsewhere }) => (100 * elsewhere) / total))
}
