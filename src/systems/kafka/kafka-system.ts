import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Consumer, ParkingPlace, Producer, System, SystemSetup, Use } from '../system.ts'
import { GroupProgress } from './client/group-progress.ts'
import type { ConsumerClient } from './clients.ts'
import { consumerFor, patienceOf, producerFor } from './clients.ts'
import { Cluster } from './cluster.ts'
import { clusterSettingsOf, versionOf } from './configuration.ts'
import type { TopicPartition } from './core/controller/partition-registration.ts'
import type { KafkaVersion } from './options/option.ts'

/** A Kafka cluster and the clients that talk to it. */
export class KafkaSystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[] = []
  readonly patience: Micros
  readonly #cluster: Cluster
  readonly #version: KafkaVersion
  readonly #consumed: readonly Use[]
  readonly #progress = new GroupProgress()
  #consumers: ConsumerClient[] = []

  constructor({ world, name, version, settings, uses, nextCopy }: SystemSetup) {
    this.name = name
    this.#version = versionOf(version)
    this.#consumed = uses.filter(({ role }) => role === 'consumer')
    const groups = this.#consumed.map(({ group }) => group)
    const clusterSettings = clusterSettingsOf(settings, groups, this.#version)
    this.#cluster = new Cluster({ world, name, settings: clusterSettings, nextCopy })
    this.patience = Math.max(0, ...uses.map((use) => patienceOf(use, this.#version)))
  }

  /** The brokers and their logs, for whoever looks from outside: audits, tests. */
  get cluster(): Cluster {
    return this.#cluster
  }

  sourcesOf(address: string): readonly string[] {
    return [address]
  }

  producer(process: Process, use: Use): Producer {
    const producer = producerFor(process, this.#cluster, use, this.#version)
    process.onStop((done) => producer.close(done))
    return producer
  }

  consumer(process: Process, use: Use): Consumer {
    const { address: topic, group } = use
    const named = { topic, group, progress: this.#progress }
    const consumer = consumerFor(process, this.#cluster, named, use, this.#version)
    process.onStop((done) => consumer.close(done))
    this.#consumers = [...this.#consumers.filter(({ alive }) => alive), consumer]
    return consumer
  }

  waitingFor(): string | undefined {
    const work = new Set<string>()
    for (const use of this.#consumed) this.#noteUnread(use, work)
    let unsettled = 0
    for (const consumer of this.#consumers) unsettled += consumer.unsettled
    if (unsettled > 0) work.add(`${countOf(unsettled)} being handled`)
    if (work.size === 0) this.#noteWhatMayChange(work)
    return work.size === 0 ? undefined : [...work].join('; ')
  }

  takeInventory(): void {
    this.#cluster.takeInventory()
  }

  /** Notes what may still become of records that everybody is done with. */
  #noteWhatMayChange(work: Set<string>): void {
    for (const { group } of this.#consumed)
      if (this.#cluster.isRebalancing(group)) work.add(`${group} to be rebalanced`)
    for (const broker of this.#cluster.returning) work.add(`${broker} to be registered`)
    for (const of of this.#cluster.diverging) work.add(`the replicas of ${nameOf(of)} to agree`)
  }

  /** Notes what a group has neither committed nor left out, partition by partition. Asked at every look whether the run is over. */
  #noteUnread({ address: topic, group }: Use, work: Set<string>): void {
    const count = this.#cluster.partitionCount(topic)
    for (let partition = 0; partition < count; partition++) {
      const of = { topic, partition }
      const end = this.#cluster.endOffset(of)
      if (end === undefined) {
        work.add(`a leader of ${nameOf(of)}`)
        continue
      }
      const reached = this.#progress.offset(group, topic, partition)
      const done = Math.max(reached, this.#cluster.committedOffset(group, of) ?? 0)
      if (end > done) work.add(`${countOf(end - done)} of ${nameOf(of)} that ${group} has not committed`)
    }
  }
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`
}

function countOf(records: number): string {
  return `${records} ${records === 1 ? 'record' : 'records'}`
}
