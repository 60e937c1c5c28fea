import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { KafkaError } from '../core/error-table.ts'
import { assignors } from '../core/group/assignors.ts'
import type { MemberSubscription } from '../core/group/group-replies.ts'
import { present } from '../core/invariant.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import type { JoinGroupRequest, JoinGroupResponse } from '../protocol.ts'
import type { BrokerLinks } from './broker-links.ts'
import { CoordinatorConnection, errorOf } from './coordinator-connection.ts'

export interface MembershipSettings {
  readonly group: string
  readonly topic: string
  readonly clientId: string
  readonly sessionTimeout: Micros
  readonly rebalanceTimeout: Micros
  readonly requestTimeout: Micros
  readonly retryBackoff: Backoff
  readonly joinAgain: JoinAgain
  /** Names of assignors, best first. */
  readonly assignors: readonly string[]
}

/**
 * How long, in µs, before joining is tried again that failed `failures` times in a row; `last` is the wait before, and `draw` uniform in
 * [0, 1). `undefined` gives up.
 */
export type JoinAgain = (failures: number, last: Micros | undefined, draw: number) => Micros | undefined

export interface MembershipContext {
  readonly process: Process
  readonly links: BrokerLinks
  readonly settings: MembershipSettings
  /** How many partitions the topic has, as far as this client knows. */
  partitionCount(): number
  /** A new generation has begun, with these partitions for this member. */
  assigned(partitions: readonly number[]): void
  /** The member was thrown out, or has to join again: it owns its partitions until its next poll, or no longer. */
  changed(): void
  /** Joining failed as often as it may. */
  gaveUp(): void
}

/** Beyond the rebalance timeout, a JoinGroup is waited for this long, µs. */
const joinGrace = 5_000_000

/** A member that is joining waits for its coordinator, for an answer, or for the time to try again. */
type State = 'outside' | 'awaiting-coordinator' | 'awaiting-answer' | 'backing-off' | 'stable'

/**
 * A consumer's part in the classic protocol of its group: it joins and syncs, heartbeats and leaves. When these are done is for the client
 * to say.
 */
export class GroupMembership {
  readonly process: Process
  readonly settings: MembershipSettings
  readonly coordinator: CoordinatorConnection
  readonly #context: MembershipContext
  #memberId = ''
  #generation = -1
  #state: State = 'outside'
  #rejoinNeeded = true
  #heartbeatInFlight = false
  #joinFailures = 0
  #lastJoinWait: Micros | undefined
  #lastHeartbeat: Micros = 0
  #closed = false

  constructor(context: MembershipContext) {
    const { process, links, settings } = context
    this.#context = context
    this.process = process
    this.settings = settings
    this.coordinator = new CoordinatorConnection({
      process,
      links,
      group: settings.group,
      retryBackoff: settings.retryBackoff,
      found: () => this.#coordinatorFound(),
    })
  }

  get memberId(): string {
    return this.#memberId
  }

  get generation(): number {
    return this.#generation
  }

  get stable(): boolean {
    return this.#state === 'stable'
  }

  get joining(): boolean {
    return this.#state !== 'stable' && this.#state !== 'outside'
  }

  /** When a heartbeat was last answered well. */
  get lastHeartbeat(): Micros {
    return this.#lastHeartbeat
  }

  /** Heartbeats were left out that would have been answered well until then. */
  noteHeartbeat(at: Micros): void {
    this.#lastHeartbeat = Math.max(this.#lastHeartbeat, at)
  }

  /** The next poll has to join the group, for the first time or again. */
  get rejoinNeeded(): boolean {
    return this.#rejoinNeeded
  }

  /** The member has an identity in its group's current generation, as far as it knows. */
  get isMember(): boolean {
    return this.#generation >= 0
  }

  /** Asks for a rebalance at the next poll: the subscription's partitions are not those that were assigned. */
  requestRejoin(): void {
    this.#rejoinNeeded = true
  }

  /** Joins the group; `assigned` hears when that is done, however often it takes. */
  join(): void {
    if (!this.joining) this.#tryJoin()
  }

  /**
   * Sends a heartbeat unless one is under way; `done` hears what came of it. With an `interval` the next ones may be left out where the
   * coordinator says so.
   */
  heartbeat(done: (error: KafkaError, mayRest: boolean) => void = () => {}, interval?: Micros): void {
    const { process, settings, coordinator } = this
    if (this.#heartbeatInFlight || !this.stable || !coordinator.known) {
      if (!coordinator.known) coordinator.lookUp()
      const error = coordinator.known ? 'NONE' : 'COORDINATOR_NOT_AVAILABLE'
      process.setTimer(0, () => done(error, false))
      return
    }
    const generation = this.#generation
    const { group } = settings
    this.#heartbeatInFlight = true
    coordinator.ask({ type: 'heartbeat', group, memberId: this.#memberId, generation, interval }, (answer) => {
      this.#heartbeatInFlight = false
      const error = errorOf(answer)
      if (error === 'NONE' || error === 'REBALANCE_IN_PROGRESS') this.#lastHeartbeat = process.now
      if (generation === this.#generation) this.afterError(error)
      done(error, typeof answer !== 'string' && answer.mayRest && generation === this.#generation && this.stable)
    })
  }

  /** What every error of the coordinator means for the membership. */
  afterError(error: KafkaError): void {
    if (error === 'REBALANCE_IN_PROGRESS') this.#rejoin()
    else if (error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION') {
      this.#forgetMembership()
      this.#rejoin()
    } else this.coordinator.loseAfter(error)
  }

  /** Tells the group goodbye, and is outside of it whatever comes back. */
  leave(done: () => void = () => {}): void {
    const { process, settings, coordinator } = this
    const memberId = this.#memberId
    const isKnown = this.isMember && coordinator.known
    this.#forgetMembership()
    if (!isKnown) process.setTimer(0, done)
    else coordinator.ask({ type: 'leave-group', group: settings.group, memberId }, done)
  }

  close(): void {
    this.#closed = true
    this.coordinator.close()
  }

  #tryJoin(): void {
    const { settings, coordinator } = this
    if (!coordinator.known) {
      this.#state = 'awaiting-coordinator'
      coordinator.lookUp()
      return
    }
    this.#state = 'awaiting-answer'
    coordinator.ask(
      this.#joinRequest(),
      (answer) => {
        if (typeof answer !== 'string' && answer.error === 'NONE') this.#joined(answer)
        else this.#joinFailed(errorOf(answer), typeof answer === 'string' ? undefined : answer.memberId)
      },
      Math.max(settings.requestTimeout, settings.rebalanceTimeout + joinGrace),
    )
  }

  #joinRequest(): JoinGroupRequest {
    const { group, topic, clientId, sessionTimeout, rebalanceTimeout, assignors: names } = this.settings
    const protocols = names.map((name) => ({ name, topics: [topic] }))
    const memberId = this.#memberId
    return { type: 'join-group', group, memberId, clientId, sessionTimeout, rebalanceTimeout, protocols }
  }

  #coordinatorFound(): void {
    if (this.#state === 'awaiting-coordinator') this.#tryJoin()
    this.#context.changed()
  }

  #joinFailed(error: KafkaError, memberId: string | undefined): void {
    if (this.#state !== 'awaiting-answer') return
    if (error === 'MEMBER_ID_REQUIRED' && memberId !== undefined) {
      this.#memberId = memberId
      this.#tryJoin()
      return
    }
    if (error === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
    this.#joinLater(error)
  }

  #joinLater(error: KafkaError): void {
    const { process, settings } = this
    this.#state = 'backing-off'
    this.coordinator.loseAfter(error)
    this.#joinFailures += 1
    const wait = settings.joinAgain(this.#joinFailures, this.#lastJoinWait, process.random.next())
    this.#lastJoinWait = wait
    if (wait === undefined) this.#giveUp()
    else {
      process.setTimer(wait, () => {
        if (this.#state === 'backing-off' && !this.#closed) this.#tryJoin()
      })
    }
  }

  #giveUp(): void {
    this.#joinFailures = 0
    this.#state = 'outside'
    this.#context.gaveUp()
  }

  #joined({ memberId, generation, protocol, leader, members }: JoinGroupResponse): void {
    if (this.#state !== 'awaiting-answer') return
    const { coordinator, settings } = this
    this.#memberId = memberId
    this.#generation = generation
    // Lost while it prepared the rebalance: whoever it is now begins another one.
    if (!coordinator.known) {
      this.#tryJoin()
      return
    }
    const assignments = leader === memberId ? this.#assign(protocol ?? '', members) : new Map<string, never[]>()
    const { group } = settings
    coordinator.ask({ type: 'sync-group', group, memberId, generation, assignments }, (answer) => {
      if (this.#state !== 'awaiting-answer') return
      if (typeof answer === 'string' || answer.error !== 'NONE') this.#syncFailed(errorOf(answer))
      else this.#synced(answer.assignment.map(({ partition }) => partition))
    })
  }

  #synced(partitions: readonly number[]): void {
    this.#state = 'stable'
    this.#rejoinNeeded = false
    this.#joinFailures = 0
    this.#lastJoinWait = undefined
    this.#lastHeartbeat = this.process.now
    this.#context.assigned(partitions)
  }

  #syncFailed(error: KafkaError): void {
    if (error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION') this.#memberId = ''
    this.#joinLater(error)
  }

  #assign(protocol: string, members: readonly MemberSubscription[]) {
    const assign = present(assignors.get(protocol), `the assignor ${protocol} is known`)
    return assign(members, new Map([[this.settings.topic, this.#context.partitionCount()]]))
  }

  #rejoin(): void {
    this.#rejoinNeeded = true
    this.#context.changed()
  }

  #forgetMembership(): void {
    this.#memberId = ''
    this.#generation = -1
    this.#rejoinNeeded = true
    if (this.stable) this.#state = 'outside'
  }
}
