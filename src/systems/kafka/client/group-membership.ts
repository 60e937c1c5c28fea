import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { KafkaError } from '../core/error-table.ts'
import { isRetriable } from '../core/error-table.ts'
import { assignors } from '../core/group/assignors.ts'
import type { MemberSubscription } from '../core/group/group-replies.ts'
import { present } from '../core/invariant.ts'
import { retryBackoff } from '../core/producer/retry-backoff.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import type { JoinGroupResponse, OffsetToCommit, RequestBody } from '../protocol.ts'
import type { Answer, BrokerLink } from './broker-link.ts'
import type { BrokerLinks } from './broker-links.ts'

export interface MembershipSettings {
  readonly group: string
  readonly topic: string
  readonly clientId: string
  readonly sessionTimeout: Micros
  readonly rebalanceTimeout: Micros
  readonly requestTimeout: Micros
  readonly retryBackoff: Backoff
  /** Names of assignors, best first. */
  readonly assignors: readonly string[]
}

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
}

/** `refused`: the group has gone on without this member. `retriable`: nobody said yes or no. */
export type CommitResult = 'committed' | 'refused' | 'retriable'

/** Beyond the rebalance timeout, a JoinGroup is waited for this long, µs. */
const joinGrace = 5_000_000

/**
 * A consumer's part in the classic protocol of its group: finds the coordinator, joins and syncs, heartbeats, commits, leaves. When these are
 * done is for the client to say.
 */
export class GroupMembership {
  readonly #context: MembershipContext
  #coordinator: string | undefined
  #lookingUp = false
  #lookups = 0
  #memberId = ''
  #generation = -1
  #state: 'outside' | 'joining' | 'stable' = 'outside'
  #rejoinNeeded = true
  #heartbeatInFlight = false
  #joinFailures = 0
  /** When a heartbeat was last answered well. */
  #lastHeartbeat: Micros = 0
  #closed = false

  constructor(context: MembershipContext) {
    this.#context = context
  }

  get generation(): number {
    return this.#generation
  }

  get stable(): boolean {
    return this.#state === 'stable'
  }

  get joining(): boolean {
    return this.#state === 'joining'
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
    if (this.#state === 'joining') return
    this.#state = 'joining'
    this.#tryJoin()
  }

  /** Sends a heartbeat unless one is under way; `done` hears whether the group is as it was. */
  heartbeat(done: () => void = () => {}): void {
    const { process, settings } = this.#context
    if (this.#state === 'stable' && process.now - this.#lastHeartbeat > settings.sessionTimeout) this.#loseCoordinator()
    if (this.#heartbeatInFlight || this.#state !== 'stable' || this.#coordinator === undefined) {
      if (this.#coordinator === undefined) this.#lookUp()
      process.setTimer(0, done)
      return
    }
    const generation = this.#generation
    this.#heartbeatInFlight = true
    this.#ask({ type: 'heartbeat', group: settings.group, memberId: this.#memberId, generation }, (answer) => {
      this.#heartbeatInFlight = false
      const error = errorOf(answer)
      if (error === 'NONE' || error === 'REBALANCE_IN_PROGRESS') this.#lastHeartbeat = process.now
      if (generation === this.#generation) this.#afterError(error)
      done()
    })
  }

  /** One attempt to store offsets. */
  commit(offsets: readonly OffsetToCommit[], done: (result: CommitResult) => void): void {
    const { process, settings } = this.#context
    const refuse = (result: CommitResult): unknown => process.setTimer(0, () => done(result))
    if (this.#state !== 'stable') {
      refuse('refused')
      return
    }
    if (this.#coordinator === undefined) {
      this.#lookUp()
      refuse('retriable')
      return
    }
    const { group } = settings
    const memberId = this.#memberId
    const generation = this.#generation
    this.#ask({ type: 'offset-commit', group, memberId, generation, offsets }, (answer) => {
      const error = errorOf(answer)
      if (error === 'REQUEST_TIMED_OUT') this.#loseCoordinator()
      else if (generation === this.#generation) this.#afterError(error)
      if (error === 'NONE') done('committed')
      else done(isRetriable(error) ? 'retriable' : 'refused')
    })
  }

  /** Asks for the group's offsets; `undefined` when there is no answer yet. */
  committedOffsets(
    partitions: readonly number[],
    done: (offsets: readonly OffsetToCommit[] | undefined) => void,
  ): void {
    const { process, settings } = this.#context
    const { group, topic } = settings
    if (this.#coordinator === undefined) {
      this.#lookUp()
      process.setTimer(settings.retryBackoff.initial, () => done(undefined))
      return
    }
    const named = partitions.map((partition) => ({ topic, partition }))
    this.#ask({ type: 'offset-fetch', group, partitions: named }, (answer) => {
      this.#afterError(errorOf(answer))
      if (typeof answer !== 'string' && answer.error === 'NONE') done(answer.offsets)
      else process.setTimer(settings.retryBackoff.initial, () => done(undefined))
    })
  }

  /** Tells the group goodbye, and is outside of it whatever comes back. */
  leave(done: () => void = () => {}): void {
    const { process, settings } = this.#context
    const { group } = settings
    const memberId = this.#memberId
    const isKnown = this.isMember && this.#coordinator !== undefined
    this.#forgetMembership()
    if (!isKnown) process.setTimer(0, done)
    else this.#ask({ type: 'leave-group', group, memberId }, done)
  }

  close(): void {
    this.#closed = true
  }

  #tryJoin(): void {
    const { settings } = this.#context
    if (this.#coordinator === undefined) {
      this.#lookUp()
      return
    }
    const { group, topic, clientId, sessionTimeout, rebalanceTimeout } = settings
    const protocols = settings.assignors.map((name) => ({ name, topics: [topic] }))
    const memberId = this.#memberId
    this.#ask(
      { type: 'join-group', group, memberId, clientId, sessionTimeout, rebalanceTimeout, protocols },
      (answer) => {
        if (typeof answer !== 'string' && answer.error === 'NONE') this.#joined(answer)
        else this.#joinFailed(errorOf(answer), typeof answer === 'string' ? undefined : answer.memberId)
      },
      Math.max(settings.requestTimeout, rebalanceTimeout + joinGrace),
    )
  }

  #joinFailed(error: KafkaError, memberId: string | undefined): void {
    if (this.#state !== 'joining') return
    if (error === 'MEMBER_ID_REQUIRED' && memberId !== undefined) {
      this.#memberId = memberId
      this.#tryJoin()
      return
    }
    if (error === 'UNKNOWN_MEMBER_ID') this.#memberId = ''
    else if (losesCoordinator.has(error)) this.#loseCoordinator()
    this.#joinLater()
  }

  #joinLater(): void {
    const { process, settings } = this.#context
    this.#joinFailures += 1
    const wait = retryBackoff(this.#joinFailures, settings.retryBackoff, process.random.next())
    process.setTimer(wait, () => {
      if (this.#state === 'joining' && !this.#closed) this.#tryJoin()
    })
  }

  #joined({ memberId, generation, protocol, leader, members }: JoinGroupResponse): void {
    if (this.#state !== 'joining') return
    const { group } = this.#context.settings
    this.#memberId = memberId
    this.#generation = generation
    // Lost while it prepared the rebalance: finding it again joins again.
    if (this.#coordinator === undefined) return
    const assignments = leader === memberId ? this.#assign(protocol ?? '', members) : new Map<string, never[]>()
    this.#ask({ type: 'sync-group', group, memberId, generation, assignments }, (answer) => {
      if (this.#state !== 'joining') return
      if (typeof answer !== 'string' && answer.error === 'NONE') {
        this.#state = 'stable'
        this.#rejoinNeeded = false
        this.#joinFailures = 0
        this.#lastHeartbeat = this.#context.process.now
        this.#context.assigned(answer.assignment.map(({ partition }) => partition))
      } else this.#syncFailed(errorOf(answer))
    })
  }

  #syncFailed(error: KafkaError): void {
    if (error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION') this.#memberId = ''
    if (losesCoordinator.has(error)) this.#loseCoordinator()
    this.#joinLater()
  }

  #assign(protocol: string, members: readonly MemberSubscription[]) {
    const { partitionCount, settings } = this.#context
    const assign = present(assignors.get(protocol), `the assignor ${protocol} is known`)
    return assign(members, new Map([[settings.topic, partitionCount()]]))
  }

  /** What every error of the coordinator means for the membership. */
  #afterError(error: KafkaError): void {
    if (error === 'REBALANCE_IN_PROGRESS') this.#rejoin()
    else if (error === 'UNKNOWN_MEMBER_ID' || error === 'ILLEGAL_GENERATION') {
      this.#forgetMembership()
      this.#rejoin()
    } else if (losesCoordinator.has(error)) this.#loseCoordinator()
  }

  #rejoin(): void {
    this.#rejoinNeeded = true
    this.#context.changed()
  }

  #forgetMembership(): void {
    this.#memberId = ''
    this.#generation = -1
    this.#rejoinNeeded = true
    if (this.#state === 'stable') this.#state = 'outside'
  }

  #loseCoordinator(): void {
    this.#coordinator = undefined
    this.#lookUp()
  }

  #lookUp(): void {
    if (this.#lookingUp || this.#closed) return
    const { links, process, settings } = this.#context
    this.#lookingUp = true
    links.leastLoaded().request({ type: 'find-coordinator', group: settings.group }, (answer) => {
      this.#lookingUp = false
      const found = typeof answer === 'string' ? undefined : answer.coordinator
      if (found === undefined) {
        const wait = retryBackoff(++this.#lookups, settings.retryBackoff, process.random.next())
        process.setTimer(wait, () => {
          if (this.#coordinator === undefined) this.#lookUp()
        })
        return
      }
      this.#lookups = 0
      this.#coordinator = found.node
      if (this.#state === 'joining') this.#tryJoin()
      this.#context.changed()
    })
  }

  #ask<R extends RequestBody>(body: R, answered: (answer: Answer<R>) => void, timeout?: Micros): void {
    const link: BrokerLink = this.#context.links.to(
      present(this.#coordinator, 'the coordinator is known to whoever asks it'),
      'coordinator',
    )
    link.request(body, answered, timeout)
  }
}

const losesCoordinator: ReadonlySet<KafkaError> = new Set([
  'NOT_COORDINATOR',
  'COORDINATOR_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
])

function errorOf(answer: string | { readonly error: KafkaError }): KafkaError {
  return typeof answer === 'string' ? 'NETWORK_EXCEPTION' : answer.error
}
