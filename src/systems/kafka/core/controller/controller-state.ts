import { invariant, present } from '../invariant.ts'
import type { IsrProposal } from '../replication/isr-proposal.ts'
import { alterPartition, type AlterPartitionOutcome } from './alter-partition.ts'
import {
  type BrokerRegistration,
  BrokerRegistry,
  type RegistrationOutcome,
  type RegistrationRequest,
  type StaleBroker,
} from './broker-registry.ts'
import { changePartition, type ElectionKind, type ElectionRules, type WantedChange } from './partition-change.ts'
import {
  noLeader,
  type PartitionRegistration,
  registerPartition,
  type TopicPartition,
} from './partition-registration.ts'
import { placeReplicas } from './replica-placement.ts'

/**
 * What the controller quorum has agreed on: brokers, topics, partitions. Every change comes back as values, in order,
 * for the brokers to learn. One state stands for the whole quorum; its own elections belong to the nodes around it.
 */
export class ControllerState {
  readonly brokers: BrokerRegistry
  private readonly elrEnabled: boolean
  private readonly topics = new Map<string, Topic>()

  constructor(settings: ControllerSettings) {
    this.brokers = new BrokerRegistry(settings.brokerSessionTimeout)
    this.elrEnabled = settings.elrEnabled
  }

  partition(of: TopicPartition): PartitionRegistration | undefined {
    return this.topics.get(of.topic)?.partitions.get(of.partition)
  }

  partitionCount(topic: string): number | undefined {
    return this.topics.get(topic)?.partitionCount
  }

  /** Every partition, topics in order of creation. */
  get partitions(): readonly PartitionUpdate[] {
    return [...this.topics].flatMap(([topic, { partitions }]) =>
      [...partitions].map(([partition, registration]) => ({ topic, partition, registration, election: undefined })),
    )
  }

  /** Registers a broker. A new incarnation that did not shut down cleanly is taken out of ISR and ELR first. */
  registerBroker(request: RegistrationRequest, now: number): RegistrationOutcome & WithUpdates {
    const wasClean = this.brokers.get(request.brokerId)?.state === 'shut-down'
    const outcome = this.brokers.register(request, now)
    if (outcome.type === 'refused' || !outcome.isNewIncarnation) return { ...outcome, updates: [] }
    const updates = this.changeAll((partition) => this.withoutReturned(partition, request.brokerId, wasClean))
    return { ...outcome, updates }
  }

  /** Takes a broker's heartbeat: unfences it, moves its leaderships away before it stops, or fences it. */
  heartbeat(beat: BrokerHeartbeat, now: number): HeartbeatOutcome {
    const broker = this.brokers.touch(beat.brokerId, beat.brokerEpoch, now)
    if (typeof broker === 'string') return { type: 'refused', error: broker }
    if (beat.wantShutDown) return this.shutDown(broker)
    if (broker.state !== 'fenced' || beat.wantFence || !beat.caughtUp) return alive(broker.state === 'fenced', [])
    this.brokers.setState(beat.brokerId, 'unfenced')
    return alive(
      false,
      this.changeAll((partition) => (partition.leader === noLeader ? {} : undefined)),
    )
  }

  /** Fences every broker whose session is over. */
  expireSessions(now: number): SessionExpiry {
    const fenced = this.brokers.expired(now)
    const updates = fenced.flatMap((brokerId) => {
      this.brokers.setState(brokerId, 'fenced')
      return this.removeFromIsrs(brokerId)
    })
    return { fenced, updates }
  }

  /** Decides a leader's wish for another ISR: granted only against the partition's present epochs. */
  alterPartition(leader: number, of: TopicPartition, proposal: IsrProposal): AlterPartitionOutcome & WithUpdates {
    const verdict = alterPartition(this.partition(of), leader, proposal, this.brokers)
    if (verdict.type === 'rejected') return { ...verdict, updates: [] }
    const updates = this.change(of, { isr: verdict.isr })
    const { leaderEpoch, partitionEpoch, isr } = present(this.partition(of), 'the partition was just changed')
    return { type: 'changed', leaderEpoch, partitionEpoch, isr, updates }
  }

  /** Creates a topic whose replicas the controller places. `start` rotates the placement. */
  createTopic(topic: NewTopic, start: number): TopicOutcome {
    if (this.topics.has(topic.name)) return { type: 'refused', error: 'TOPIC_ALREADY_EXISTS' }
    if (topic.partitions < 1) return { type: 'refused', error: 'INVALID_PARTITIONS' }
    const placement = placeReplicas(this.placeable(), topic.partitions, topic.replicationFactor, start)
    if (placement.type === 'refused') return placement
    const { replicationFactor, minInsyncReplicas, uncleanElection, modelled } = topic
    const partitions = new Map<number, PartitionRegistration>()
    this.topics.set(topic.name, {
      replicationFactor,
      minInsyncReplicas,
      uncleanElection,
      partitionCount: 0,
      partitions,
    })
    return { type: 'created', updates: this.addAll(topic.name, placement.assignments, modelled) }
  }

  /** Grows a topic to `total` partitions. Existing records stay where they are, though their keys may map elsewhere. */
  addPartitions(topic: string, total: number, start: number): TopicOutcome {
    const known = this.topics.get(topic)
    if (known === undefined) return { type: 'refused', error: 'UNKNOWN_TOPIC_OR_PARTITION' }
    const added = total - known.partitionCount
    if (added < 1) return { type: 'refused', error: 'INVALID_PARTITIONS' }
    const placement = placeReplicas(this.placeable(), added, known.replicationFactor, start)
    if (placement.type === 'refused') return placement
    return { type: 'created', updates: this.addAll(topic, placement.assignments) }
  }

  /** Gives leadership back to the preferred replicas that are in the ISR (`auto.leader.rebalance.enable`). */
  electPreferredLeaders(): readonly PartitionUpdate[] {
    return this.changeAll((partition) => (partition.leader === partition.replicas[0] ? undefined : { preferred: true }))
  }

  /** Changes a topic's options that elections depend on, and elects anew where nobody leads. */
  configureTopic(topic: string, changed: Partial<ElectionOptions>): readonly PartitionUpdate[] {
    const known = this.topics.get(topic)
    if (known === undefined) return []
    this.topics.set(topic, { ...known, ...changed })
    return this.changeAll((partition, of) => (of.topic === topic && partition.leader === noLeader ? {} : undefined))
  }

  /** A broker that leads is first relieved of it, and may stop at its next heartbeat, once others know. */
  private shutDown({ brokerId, state }: BrokerRegistration): HeartbeatOutcome {
    const leads = this.partitions.some(({ registration }) => registration.leader === brokerId)
    const mustWait = state === 'unfenced' && leads
    this.brokers.setState(brokerId, mustWait ? 'controlled-shutdown' : 'shut-down')
    const updates = this.removeFromIsrs(brokerId)
    return { type: 'alive', fenced: !mustWait, shouldShutDown: !mustWait, updates }
  }

  private withoutReturned(
    partition: PartitionRegistration,
    brokerId: number,
    clean: boolean,
  ): WantedChange | undefined {
    const isListed = partition.isr.includes(brokerId) || partition.elr.includes(brokerId)
    if (!isListed || clean || !this.elrEnabled) return undefined
    return { isr: partition.isr.filter((member) => member !== brokerId), uncleanShutdown: brokerId }
  }

  private removeFromIsrs(brokerId: number): readonly PartitionUpdate[] {
    return this.changeAll((partition) => {
      if (!partition.isr.includes(brokerId)) return undefined
      return { isr: partition.isr.filter((member) => member !== brokerId) }
    })
  }

  private changeAll(
    wish: (partition: PartitionRegistration, of: TopicPartition) => WantedChange | undefined,
  ): readonly PartitionUpdate[] {
    const active = this.brokers.active
    const updates: PartitionUpdate[] = []
    for (const [topic, { partitions }] of this.topics) {
      for (const [partition, registration] of partitions) {
        const of = { topic, partition }
        const wanted = wish(registration, of)
        if (wanted !== undefined) updates.push(...this.change(of, wanted, active))
      }
    }
    return updates
  }

  private change(
    of: TopicPartition,
    wanted: WantedChange,
    active: ReadonlySet<number> = this.brokers.active,
  ): readonly PartitionUpdate[] {
    const topic = present(this.topics.get(of.topic), 'the topic exists')
    const partition = present(topic.partitions.get(of.partition), 'the partition exists')
    const change = changePartition(partition, wanted, this.rulesFor(topic, partition, active))
    if (change === undefined) return []
    topic.partitions.set(of.partition, change.partition)
    return [{ topic: of.topic, partition: of.partition, registration: change.partition, election: change.election }]
  }

  private rulesFor(topic: Topic, partition: PartitionRegistration, active: ReadonlySet<number>): ElectionRules {
    return {
      acceptableLeaders: active,
      minIsr: Math.min(topic.minInsyncReplicas, partition.replicas.length),
      elrEnabled: this.elrEnabled,
      uncleanElection: topic.uncleanElection,
    }
  }

  private addAll(
    topic: string,
    assignments: readonly (readonly number[])[],
    modelled?: ReadonlySet<number>,
  ): readonly PartitionUpdate[] {
    const known = present(this.topics.get(topic), `topic ${topic} exists`)
    const { partitions, partitionCount: first } = known
    this.topics.set(topic, { ...known, partitionCount: first + assignments.length })
    const active = this.brokers.active
    const updates: PartitionUpdate[] = []
    for (const [index, replicas] of assignments.entries()) {
      const partition = first + index
      if (modelled?.has(partition) === false) continue
      const registration = registerPartition(replicas, active)
      invariant(registration.leader !== noLeader, 'placement puts a live broker first')
      partitions.set(partition, registration)
      updates.push({ topic, partition, registration, election: undefined })
    }
    return updates
  }

  private placeable() {
    return this.brokers.all.map(({ brokerId, rack, state }) => ({ brokerId, rack, fenced: state !== 'unfenced' }))
  }
}

export interface ControllerSettings {
  /** `broker.session.timeout.ms` in microseconds. */
  readonly brokerSessionTimeout: number
  /** Eligible leader replicas: on for new clusters since 4.1. */
  readonly elrEnabled: boolean
}

/** Options of a topic that its elections depend on. */
export interface ElectionOptions {
  readonly minInsyncReplicas: number
  readonly uncleanElection: boolean
}

export interface NewTopic extends ElectionOptions {
  readonly name: string
  readonly partitions: number
  /** Those of which anything is to be known; without it, all of them. */
  readonly modelled?: ReadonlySet<number> | undefined
  readonly replicationFactor: number
}

interface Topic extends ElectionOptions {
  readonly replicationFactor: number
  readonly partitionCount: number
  /** By number, in ascending order. */
  readonly partitions: Map<number, PartitionRegistration>
}

/** A partition's new registration, and the election that made it. */
export interface PartitionUpdate extends TopicPartition {
  readonly registration: PartitionRegistration
  readonly election: ElectionKind | undefined
}

export interface WithUpdates {
  readonly updates: readonly PartitionUpdate[]
}

export interface BrokerHeartbeat {
  readonly brokerId: number
  readonly brokerEpoch: number
  /** The broker has applied the metadata up to its own registration. */
  readonly caughtUp: boolean
  readonly wantFence: boolean
  readonly wantShutDown: boolean
}

export type HeartbeatOutcome =
  | ({ readonly type: 'alive'; readonly fenced: boolean; readonly shouldShutDown: boolean } & WithUpdates)
  | { readonly type: 'refused'; readonly error: StaleBroker }

export interface SessionExpiry extends WithUpdates {
  /** Brokers fenced, in order of id. */
  readonly fenced: readonly number[]
}

export type TopicOutcome =
  | ({ readonly type: 'created' } & WithUpdates)
  | {
      readonly type: 'refused'
      readonly error:
        | 'TOPIC_ALREADY_EXISTS'
        | 'INVALID_PARTITIONS'
        | 'INVALID_REPLICATION_FACTOR'
        | 'UNKNOWN_TOPIC_OR_PARTITION'
    }

function alive(fenced: boolean, updates: readonly PartitionUpdate[]): HeartbeatOutcome {
  return { type: 'alive', fenced, shouldShutDown: false, updates }
}
