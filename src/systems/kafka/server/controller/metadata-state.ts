import type { BrokerRegistration, RegistrationOutcome } from '../../core/controller/broker-registry.ts'
import type {
  ControllerSettings,
  HeartbeatOutcome,
  PartitionUpdate,
  TopicOutcome,
} from '../../core/controller/controller-state.ts'
import { ControllerState } from '../../core/controller/controller-state.ts'
import type { AlterPartitionOutcome } from '../../core/controller/alter-partition.ts'
import type { MetadataChanges, MetadataCommand } from './metadata-log.ts'

/** Producer ids that a broker gets at a time. */
export const producerIdBlock = 1000

const farFuture = Number.MAX_SAFE_INTEGER
const longAgo = -farFuture

/** What a command brought about, for whoever asked and for the brokers. */
export interface Effect<Outcome> {
  readonly outcome: Outcome
  readonly changes: MetadataChanges
}

/** What the commands of the metadata log come to. Doing them in order gives the same state on every controller. */
export class MetadataState {
  readonly cluster: ControllerState
  #nextProducerId = 0

  constructor(settings: ControllerSettings) {
    this.cluster = new ControllerState(settings)
  }

  /** Does a command of the log again and says what it changed. */
  apply(command: MetadataCommand): MetadataChanges {
    switch (command.type) {
      case 'begin-epoch':
        return this.#beginEpoch(command.now)
      case 'register-broker':
        return this.#replayRegistration(command)
      case 'heartbeat':
        return this.heartbeat(command).changes
      case 'expire-sessions':
        return this.#replayExpiry(command)
      case 'alter-partition':
        return this.alterPartition(command).changes
      case 'create-topic':
        return changesOf(this.cluster.createTopic(command.topic, command.start))
      case 'add-partitions':
        return changesOf(this.cluster.addPartitions(command.topic, command.total, command.start))
      case 'elect-preferred':
        return { brokers: [], partitions: this.cluster.electPreferredLeaders() }
      case 'allocate-producer-ids':
        this.allocateProducerIds()
        return { brokers: [], partitions: [] }
    }
  }

  register({ request, now }: Extract<MetadataCommand, { type: 'register-broker' }>): Effect<RegistrationOutcome> {
    const { updates, ...outcome } = this.cluster.registerBroker(request, now)
    const isNew = outcome.type === 'registered' && outcome.isNewIncarnation
    return { outcome, changes: { brokers: isNew ? this.#registrations([request.brokerId]) : [], partitions: updates } }
  }

  heartbeat({ beat, now }: Extract<MetadataCommand, { type: 'heartbeat' }>): Effect<HeartbeatOutcome> {
    const before = this.cluster.brokers.get(beat.brokerId)?.state
    const outcome = this.cluster.heartbeat(beat, now)
    const changed = this.cluster.brokers.get(beat.brokerId)?.state !== before
    const partitions = outcome.type === 'alive' ? outcome.updates : []
    return { outcome, changes: { brokers: changed ? this.#registrations([beat.brokerId]) : [], partitions } }
  }

  alterPartition({
    leader,
    of,
    proposal,
  }: Extract<MetadataCommand, { type: 'alter-partition' }>): Effect<AlterPartitionOutcome> {
    const outcome = this.cluster.alterPartition(leader, of, proposal)
    return { outcome, changes: { brokers: [], partitions: outcome.updates } }
  }

  /** The first of a block of {@link producerIdBlock} ids that nobody else gets. */
  allocateProducerIds(): number {
    const first = this.#nextProducerId
    this.#nextProducerId += producerIdBlock
    return first
  }

  /** A new active controller has heard of nobody yet: every session begins anew. */
  #beginEpoch(now: number): MetadataChanges {
    for (const { brokerId, brokerEpoch } of this.cluster.brokers.all) {
      this.cluster.brokers.touch(brokerId, brokerEpoch, now)
    }
    return { brokers: [], partitions: [] }
  }

  /** Fences whose session is over by the clock of the active controller; `undefined` when there is nobody. */
  expireSessions(now: number): { readonly command: MetadataCommand; readonly changes: MetadataChanges } | undefined {
    const { fenced, updates } = this.cluster.expireSessions(now)
    if (fenced.length === 0) return undefined
    const command = { type: 'expire-sessions', expired: fenced, now } as const
    return { command, changes: { brokers: this.#registrations(fenced), partitions: updates } }
  }

  /** Most heartbeats are not in the log, so whose session was over is not known here: the command says it. */
  #replayExpiry({ expired, now }: Extract<MetadataCommand, { type: 'expire-sessions' }>): MetadataChanges {
    const others = this.cluster.brokers.all.filter(({ brokerId }) => !expired.includes(brokerId))
    for (const { brokerId, brokerEpoch } of others) this.cluster.brokers.touch(brokerId, brokerEpoch, farFuture)
    const { fenced, updates } = this.cluster.expireSessions(farFuture)
    for (const { brokerId, brokerEpoch } of others) this.cluster.brokers.touch(brokerId, brokerEpoch, now)
    return { brokers: this.#registrations(fenced), partitions: updates }
  }

  #replayRegistration(command: Extract<MetadataCommand, { type: 'register-broker' }>): MetadataChanges {
    const known = this.cluster.brokers.get(command.request.brokerId)
    // It was accepted, so the session of the incarnation before was over.
    if (known !== undefined) this.cluster.brokers.touch(known.brokerId, known.brokerEpoch, longAgo)
    return this.register(command).changes
  }

  #registrations(brokerIds: readonly number[]): readonly BrokerRegistration[] {
    return brokerIds.flatMap((brokerId) => this.cluster.brokers.get(brokerId) ?? [])
  }
}

function changesOf(outcome: TopicOutcome): MetadataChanges {
  const partitions: readonly PartitionUpdate[] = outcome.type === 'created' ? outcome.updates : []
  return { brokers: [], partitions }
}
