import type { Process } from '../../../../simulation/process.ts'
import { second } from '../../../../simulation/duration.ts'
import type { HeartbeatOutcome } from '../../core/controller/controller-state.ts'
import { offsetsTopic } from '../../core/group/committed-offsets.ts'
import type { ProposalAnswer } from '../../core/replication/isr-proposal.ts'
import type { ClusterContext } from '../cluster-context.ts'
import { controllerNode, microsOf, topicOptionsOf } from '../cluster-settings.ts'
import { modelledOffsetsPartitions } from '../offsets-topic.ts'
import type { Numbered } from '../rpc-client.ts'
import { BrokerSessions } from './broker-sessions.ts'
import { ControllerDuties } from './controller-duties.ts'
import type {
  AlterPartitionsRequest,
  BrokerHeartbeatRequest,
  ControllerRequest,
  ControllerResponse,
  RegisterBrokerRequest,
} from './controller-protocol.ts'
import { controllerBytes, controllerPort } from './controller-protocol.ts'
import type { MetadataChanges, MetadataCommand } from './metadata-log.ts'
import { MetadataState, producerIdBlock } from './metadata-state.ts'
import { Quorum } from './quorum.ts'

/** A cluster whose brokers are not all there after so long gets its topics all the same. */
const topicsAtLatest = 30 * second

type Reply = (response: ControllerResponse) => void

interface Waiter {
  readonly offset: number
  readonly response: ControllerResponse
  readonly reply: Reply
}

/**
 * One incarnation of a controller. The active one decides at once on the state that it has, and answers when a majority of controllers has the
 * decision on its disks; one that lost its majority can decide what it likes, and nobody is told.
 */
export class Controller {
  readonly #process: Process
  readonly #context: ClusterContext
  readonly #quorum: Quorum
  readonly #duties: ControllerDuties
  readonly #sessions: BrokerSessions
  #state: MetadataState
  /** Entries that the state knows. */
  #applied = 0
  #reported = 0
  #waiting: Waiter[] = []

  constructor(process: Process, context: ClusterContext, self: number) {
    this.#process = process
    this.#context = context
    this.#state = this.#emptyState()
    this.#duties = new ControllerDuties(process, context.settings, {
      partitions: () => this.#state.cluster.partitions,
      do: (command) => this.#do(command),
    })
    this.#sessions = new BrokerSessions(process, context, {
      state: () => this.#state,
      expired: (command, changes) => this.#append(command, changes),
    })
    const { controllers, broker } = context.settings
    const voters = new Map(
      Array.from({ length: controllers }, (_, index) => [index + 1, controllerNode(context.name, index + 1)] as const),
    )
    const quorumOptions = {
      self,
      voters,
      electionTimeout: microsOf(broker['controller.quorum.election.timeout.ms']),
      fetchTimeout: microsOf(broker['controller.quorum.fetch.timeout.ms']),
    }
    this.#quorum = new Quorum(process, quorumOptions, {
      lead: (epoch) => this.#lead(epoch),
      resign: () => this.#resign(),
      committed: (endOffset) => this.#committed(endOffset),
    })
    process.listen<Numbered<ControllerResponse>, Numbered<ControllerRequest>>(controllerPort, (connection) => ({
      received: ({ number, body }) => {
        const reply = (response: ControllerResponse): void => {
          const options = { bytes: controllerBytes(response), about: response.type }
          connection.send({ number, body: response }, options)
        }
        const isWell = connection.isWell && connection.sentInLull === process.lull
        this.#receive(body, isWell, reply)
      },
    }))
    this.#quorum.begin()
  }

  get isActive(): boolean {
    return this.#quorum.isLeader
  }

  /** `isWell`: nothing is in the way of whoever asks. */
  #receive(request: ControllerRequest, isWell: boolean, reply: Reply): void {
    switch (request.type) {
      case 'vote':
        this.#quorum.vote(request, reply)
        return
      case 'begin-epoch':
        this.#quorum.beginEpoch(request.epoch, request.leader)
        reply({ type: 'begin-epoch', epoch: this.#quorum.epoch })
        return
      case 'quorum-fetch':
        this.#quorum.fetch(request, isWell, reply)
        return
      default:
        if (this.#quorum.isLeader) this.#decide(request, isWell, reply)
        else reply(this.#quorum.notController)
    }
  }

  #decide(
    request: Exclude<ControllerRequest, { type: 'vote' | 'begin-epoch' | 'quorum-fetch' }>,
    isWell: boolean,
    reply: Reply,
  ): void {
    switch (request.type) {
      case 'register-broker':
        this.#register(request, reply)
        return
      case 'broker-heartbeat':
        this.#heartbeat(request, isWell, reply)
        return
      case 'alter-partitions':
        this.#alterPartitions(request, reply)
        return
      case 'create-topics':
        for (const topic of request.topics) this.#createTopic(topic)
        this.#answerWhenCommitted({ type: 'create-topics' }, reply)
        return
      case 'allocate-producer-ids': {
        const first = this.#state.allocateProducerIds()
        this.#append({ type: 'allocate-producer-ids' }, { brokers: [], partitions: [] })
        this.#answerWhenCommitted({ type: 'allocate-producer-ids', first, count: producerIdBlock }, reply)
      }
    }
  }

  #register({ brokerId, incarnation, rack }: RegisterBrokerRequest, reply: Reply): void {
    const command = {
      type: 'register-broker',
      request: { brokerId, incarnation, rack },
      now: this.#process.now,
    } as const
    const { outcome, changes } = this.#state.register(command)
    if (outcome.type === 'refused') {
      reply({ type: 'register-broker', error: outcome.error, brokerEpoch: -1 })
      return
    }
    if (outcome.isNewIncarnation) this.#append(command, changes)
    const { brokerEpoch } = outcome
    this.#answerWhenCommitted({ type: 'register-broker', error: 'NONE', brokerEpoch }, reply)
    this.#sessions.watch()
  }

  #heartbeat({ beat }: BrokerHeartbeatRequest, isWell: boolean, reply: Reply): void {
    const command = { type: 'heartbeat', beat, now: this.#process.now } as const
    const { outcome, changes } = this.#state.heartbeat(command)
    const changed = changes.brokers.length > 0 || changes.partitions.length > 0
    if (changed) this.#append(command, changes)
    const mayRest = isWell && !changed && this.#hearsNothingNew(outcome) && !beat.wantShutDown
    if (mayRest) this.#sessions.rest(beat.brokerId)
    const response = heartbeatResponse(outcome, mayRest)
    if (changed) this.#answerWhenCommitted(response, reply)
    else reply(response)
    this.#createDeclaredTopics()
    this.#sessions.watch()
  }

  /** Whether the broker is known to live, and no topic waits for a heartbeat to be created. */
  #hearsNothingNew(outcome: HeartbeatOutcome): boolean {
    return outcome.type === 'alive' && !outcome.fenced && !outcome.shouldShutDown && this.#missingTopics.length === 0
  }

  #alterPartitions({ brokerId, brokerEpoch, proposals }: AlterPartitionsRequest, reply: Reply): void {
    if (this.#state.cluster.brokers.get(brokerId)?.brokerEpoch !== brokerEpoch) {
      reply({ type: 'alter-partitions', answers: [] })
      return
    }
    const answers = proposals.map(({ topic, partition, proposal }): ProposalAnswer => {
      const command = { type: 'alter-partition', leader: brokerId, of: { topic, partition }, proposal } as const
      const { outcome, changes } = this.#state.alterPartition(command)
      if (changes.partitions.length > 0) this.#append(command, changes)
      if (outcome.type === 'rejected') return { type: 'rejected', error: outcome.error }
      return { type: 'changed', partitionEpoch: outcome.partitionEpoch, isr: outcome.isr }
    })
    this.#answerWhenCommitted({ type: 'alter-partitions', answers }, reply)
  }

  /** An administrator creates the declared topics when the brokers are there. */
  #createDeclaredTopics(): void {
    const missing = this.#missingTopics
    if (missing.length === 0) return
    const { active } = this.#state.cluster.brokers
    if (active.size < this.#context.settings.brokers && this.#process.now < topicsAtLatest) return
    for (const topic of missing) this.#createTopic(topic)
  }

  get #missingTopics(): readonly string[] {
    return Object.keys(this.#context.settings.topics).filter((topic) => this.#partitionCount(topic) === 0)
  }

  #createTopic(name: string): void {
    const options = topicOptionsOf(this.#context.settings, name)
    const topic = {
      name,
      partitions: options.partitions,
      modelled: name === offsetsTopic ? modelledOffsetsPartitions(this.#context.settings) : undefined,
      replicationFactor: options['replication.factor'],
      minInsyncReplicas: options['min.insync.replicas'],
      uncleanElection: options['unclean.leader.election.enable'],
    }
    if (this.#partitionCount(name) === 0) this.#do({ type: 'create-topic', topic, start: this.#nextStart })
  }

  /** Each topic begins its placement one broker further. */
  get #nextStart(): number {
    return new Set(this.#state.cluster.partitions.map(({ topic }) => topic)).size
  }

  #partitionCount(topic: string): number {
    return this.#state.cluster.partitionCount(topic) ?? 0
  }

  /** Does a command that nobody waits for. */
  #do(command: MetadataCommand): void {
    const changes = this.#state.apply(command)
    if (changes.brokers.length > 0 || changes.partitions.length > 0) this.#append(command, changes)
  }

  #append(command: MetadataCommand, changes: MetadataChanges): void {
    this.#applied = this.#quorum.append(command, changes) + 1
  }

  #answerWhenCommitted(response: ControllerResponse, reply: Reply): void {
    const offset = this.#quorum.log.endOffset
    if (offset <= this.#quorum.highWatermark) reply(response)
    else this.#waiting.push({ offset, response, reply })
  }

  #committed(endOffset: number): void {
    if (!this.#quorum.isLeader) this.#replay(endOffset)
    for (; this.#reported < endOffset; this.#reported++) {
      const entry = this.#quorum.log.entry(this.#reported)
      if (entry !== undefined) this.#context.view.take(entry, this.#process)
    }
    const ready = this.#waiting.filter(({ offset }) => offset <= endOffset)
    this.#waiting = this.#waiting.filter(({ offset }) => offset > endOffset)
    for (const { reply, response } of ready) reply(response)
  }

  #replay(endOffset: number): void {
    for (const { command } of this.#quorum.log.read(this.#applied, endOffset)) this.#state.apply(command)
    this.#applied = Math.max(this.#applied, endOffset)
  }

  #lead(epoch: number): void {
    this.#context.view.elected(epoch, this.#process)
    this.#replay(this.#quorum.log.endOffset)
    const command = { type: 'begin-epoch', now: this.#process.now } as const
    this.#append(command, this.#state.apply(command))
    this.#sessions.watch()
    this.#duties.begin()
  }

  #resign(): void {
    this.#duties.end()
    this.#sessions.end()
    const waiting = this.#waiting
    this.#waiting = []
    for (const { reply } of waiting) reply(this.#quorum.notController)
    // What was decided and not committed may not have happened.
    this.#state = this.#emptyState()
    this.#applied = 0
    this.#replay(this.#quorum.highWatermark)
  }

  #emptyState(): MetadataState {
    const { broker } = this.#context.settings
    return new MetadataState({
      brokerSessionTimeout: microsOf(broker['broker.session.timeout.ms']),
      elrEnabled: broker['eligible.leader.replicas.version'] === 1,
    })
  }
}

function heartbeatResponse(outcome: HeartbeatOutcome, mayRest: boolean): ControllerResponse {
  if (outcome.type === 'refused') {
    return { type: 'broker-heartbeat', error: outcome.error, fenced: true, shouldShutDown: false, mayRest }
  }
  const { fenced, shouldShutDown } = outcome
  return { type: 'broker-heartbeat', error: 'NONE', fenced, shouldShutDown, mayRest }
}
