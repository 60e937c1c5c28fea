import type { Process } from '../../../simulation/process.ts'
import type { BrokerRegistration } from '../core/controller/broker-registry.ts'
import type { PartitionUpdate } from '../core/controller/controller-state.ts'
import { noLeader } from '../core/controller/partition-registration.ts'
import { brokerRegistered, brokerStateChanged, controllerElected, isrChanged, leaderElected } from '../facts.ts'
import { brokerNode } from './cluster-settings.ts'
import type { MetadataEntry } from './controller/metadata-log.ts'
import { MetadataImage } from './metadata-image.ts'

export interface ViewNames {
  readonly cluster: string
  intern(text: string): number
  placeOf(partition: { readonly topic: string; readonly partition: number }): number
}

/**
 * What the quorum has committed, whoever knows it yet. Faults find their targets here, and each change is recorded as a fact once, by the first
 * controller that sees it committed.
 */
export class CommittedView {
  readonly image = new MetadataImage()
  readonly #names: ViewNames
  #controller: string | undefined

  constructor(names: ViewNames) {
    this.#names = names
  }

  /** The node of the controller that was elected last. */
  get controller(): string | undefined {
    return this.#controller
  }

  elected(epoch: number, process: Process): void {
    this.#controller = process.name
    process.record(controllerElected, { epoch })
  }

  take(entry: MetadataEntry, process: Process): void {
    if (entry.offset !== this.image.endOffset) return
    for (const broker of entry.changes.brokers) this.#recordBroker(broker, process)
    for (const update of entry.changes.partitions) this.#recordPartition(update, process)
    this.image.apply(entry)
  }

  #recordBroker({ brokerId, brokerEpoch, state }: BrokerRegistration, process: Process): void {
    const broker = this.#names.intern(brokerNode(this.#names.cluster, brokerId))
    const isNew = this.image.broker(brokerId)?.brokerEpoch !== brokerEpoch
    if (isNew) process.record(brokerRegistered, { broker, epoch: brokerEpoch })
    else process.record(brokerStateChanged, { broker, state: this.#names.intern(state) })
  }

  #recordPartition({ topic, partition, registration, election }: PartitionUpdate, process: Process): void {
    const before = this.image.partition({ topic, partition })
    const place = this.#names.placeOf({ topic, partition })
    const { leader, leaderEpoch: epoch, isr } = registration
    if (leader !== before?.leader) {
      const name = leader === noLeader ? 'nobody' : brokerNode(this.#names.cluster, leader)
      const how = this.#names.intern(election ?? 'new')
      process.record(leaderElected, { partition: place, leader: this.#names.intern(name), epoch, election: how })
    }
    if (before === undefined || before.isr.join() !== isr.join()) {
      process.record(isrChanged, { partition: place, isr: this.#names.intern(isr.join(', ')), epoch })
    }
  }
}
