import type { LogFile } from '../../../../simulation/log-file.ts'
import type { Micros } from '../../../../simulation/duration.ts'
import { lastOf } from '../../../../simulation/lulls.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Random } from '../../../../simulation/random.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { ValueFile } from '../../../../simulation/value-file.ts'
import { restartBySupervisor } from '../cluster-settings.ts'
import { RpcClient } from '../rpc-client.ts'
import type {
  ControllerRequest,
  ControllerResponse,
  NotController,
  QuorumFetchRequest,
  QuorumFetchResponse,
  VoteRequest,
  VoteResponse,
} from './controller-protocol.ts'
import { controllerBytes, controllerPort } from './controller-protocol.ts'
import type { Ballot } from './candidacy.ts'
import { Candidacy } from './candidacy.ts'
import { fetchMaxWait, Following } from './following.ts'
import { Leadership } from './leadership.ts'
import type { MetadataChanges, MetadataCommand, MetadataEntry } from './metadata-log.ts'
import { ParkedQuorumFetches } from './parked-quorum-fetches.ts'
import { QuorumLog } from './quorum-log.ts'
import type { QuorumEvents, QuorumOptions } from './quorum-options.ts'

type Role =
  | { readonly type: 'follower'; readonly leader: number | undefined; readonly following: Following | undefined }
  | { readonly type: 'candidate'; readonly candidacy: Candidacy }
  | { readonly type: 'leader'; readonly leadership: Leadership }

/**
 * One voter of the metadata quorum: Raft as KRaft does it. Followers pull the log from the leader, a fetch acknowledges what is below it, and
 * what a majority has on its disks is committed. A follower that hears nothing for the fetch timeout stands for election; a leader that is not
 * fetched from by a majority steps down.
 *
 * Left out: snapshots, changes of the voters, and the pre-vote of 4.0.
 */
export class Quorum {
  readonly log: QuorumLog
  readonly #process: Process
  readonly #options: QuorumOptions
  readonly #events: QuorumEvents
  readonly #ballotFile: ValueFile<Ballot>
  readonly #random: Random
  readonly #peers = new Map<number, RpcClient<ControllerRequest, ControllerResponse>>()
  readonly #parked: ParkedQuorumFetches
  #epoch: number
  #votedFor: number | undefined
  #role: Role = { type: 'follower', leader: undefined, following: undefined }
  #highWatermark = 0
  #halted = false
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined

  constructor(process: Process, options: QuorumOptions, events: QuorumEvents) {
    this.#process = process
    this.#options = options
    this.#events = events
    this.#random = process.random.fork('elections')
    this.#ballotFile = process.disk.value<Ballot>('quorum-state')
    const file: LogFile<MetadataEntry> = process.disk.log('__cluster_metadata-0')
    this.log = new QuorumLog(file, () => this.#halt())
    this.#epoch = this.#ballotFile.value?.epoch ?? 0
    this.#votedFor = this.#ballotFile.value?.votedFor
    this.#parked = new ParkedQuorumFetches(process, fetchMaxWait, (fetch, mustAnswer) => {
      return this.#role.type === 'leader' ? this.#role.leadership.answer(fetch, mustAnswer) : this.notController
    })
    for (const [voter, node] of options.voters) {
      if (voter === options.self) continue
      const rpcOptions = { node, port: controllerPort, bytesOf: controllerBytes }
      this.#peers.set(voter, new RpcClient(process, rpcOptions))
    }
  }

  get epoch(): number {
    return this.#epoch
  }

  get highWatermark(): number {
    return this.#highWatermark
  }

  /** Number of the controller that leads as far as this one knows. */
  get leader(): number | undefined {
    if (this.#role.type === 'leader') return this.#options.self
    return this.#role.type === 'follower' ? this.#role.leader : undefined
  }

  get isLeader(): boolean {
    return this.#role.type === 'leader'
  }

  get notController(): NotController {
    return { type: 'not-controller', leader: this.leader }
  }

  begin(): void {
    if (this.#peers.size === 0) this.#standForElection()
    else this.#waitFor(this.#electionWait())
  }

  /** Appends an entry as the leader; `committed` will tell when it is safe. Returns its offset. */
  append(command: MetadataCommand, changes: MetadataChanges): number {
    const offset = this.log.endOffset
    this.log.append({ offset, epoch: this.#epoch, command, changes })
    if (this.#role.type === 'leader') this.#role.leadership.flush()
    this.#parked.wake()
    return offset
  }

  vote(request: VoteRequest, reply: (response: VoteResponse) => void): void {
    if (request.epoch > this.#epoch) this.#follow(request.epoch, undefined)
    const isFree = this.#votedFor === undefined || this.#votedFor === request.candidate
    const mayWin = this.#role.type === 'follower' && this.#role.leader === undefined
    const granted = request.epoch === this.#epoch && isFree && mayWin && !this.log.isAheadOf(request)
    const answer = (): void => reply({ type: 'vote', epoch: this.#epoch, granted })
    if (!granted) {
      answer()
      return
    }
    this.#votedFor = request.candidate
    this.#waitFor(this.#electionWait())
    this.#saveBallot(answer)
  }

  /** A controller says that it won the election of an epoch. */
  beginEpoch(epoch: number, leader: number): void {
    if (epoch < this.#epoch) return
    const knows = epoch === this.#epoch && this.leader === leader
    if (!knows) this.#follow(epoch, leader)
  }

  /** A voter or a broker, in whose way nothing is if it `isWell`, asks for entries. The answer waits while there are none. */
  fetch(
    request: QuorumFetchRequest,
    isWell: boolean,
    reply: (response: QuorumFetchResponse | NotController) => void,
  ): void {
    if (request.voter !== undefined && request.epoch > this.#epoch) this.#follow(request.epoch, undefined)
    if (this.#role.type !== 'leader' || (request.voter !== undefined && request.epoch < this.#epoch)) {
      reply(this.notController)
      return
    }
    this.#role.leadership.fetch(request, isWell, reply)
  }

  #safe(endOffset: number): void {
    if (endOffset <= this.#highWatermark) return
    this.#highWatermark = endOffset
    this.#events.committed(endOffset)
    this.#parked.wake()
  }

  #standForElection(): void {
    this.#endRole()
    this.#epoch += 1
    this.#votedFor = this.#options.self
    const candidacy = new Candidacy({
      options: this.#options,
      epoch: this.#epoch,
      log: this.log,
      peers: this.#peers,
      won: () => this.#won(candidacy),
      outvoted: (epoch) => this.#outvoted(epoch),
    })
    this.#role = { type: 'candidate', candidacy }
    this.#waitFor(this.#electionWait())
    this.#saveBallot(() => candidacy.begin())
  }

  #won(candidacy: Candidacy): void {
    if (this.#role.type !== 'candidate' || this.#role.candidacy !== candidacy) return
    this.#clearTimer()
    const leadership = new Leadership({
      process: this.#process,
      options: this.#options,
      epoch: this.#epoch,
      log: this.log,
      peers: this.#peers,
      parked: this.#parked,
      highWatermark: () => this.#highWatermark,
      safe: (endOffset) => this.#safe(endOffset),
      outvoted: (epoch) => this.#outvoted(epoch),
      deserted: () => this.#follow(this.#epoch, undefined),
    })
    this.#role = { type: 'leader', leadership }
    leadership.begin()
    this.#events.lead(this.#epoch)
  }

  #follow(epoch: number, leader: number | undefined): void {
    const wasLeader = this.#role.type === 'leader'
    this.#endRole()
    const isNewEpoch = epoch > this.#epoch
    if (isNewEpoch) {
      this.#epoch = epoch
      this.#votedFor = undefined
    }
    const following = this.#followingOf(leader)
    this.#role = { type: 'follower', leader, following }
    if (isNewEpoch) this.#saveBallot(() => {})
    if (wasLeader) {
      this.#parked.wake()
      this.#events.resign()
    }
    this.#waitFor(leader === undefined ? this.#electionWait() : this.#options.fetchTimeout)
    following?.fetch()
  }

  #outvoted(epoch: number): void {
    if (epoch > this.#epoch) this.#follow(epoch, undefined)
  }

  #endRole(): void {
    if (this.#role.type === 'candidate') this.#role.candidacy.end()
    if (this.#role.type === 'leader') this.#role.leadership.end()
    if (this.#role.type === 'follower') this.#role.following?.end()
  }

  #followingOf(leader: number | undefined): Following | undefined {
    const peer = leader === undefined ? undefined : this.#peers.get(leader)
    if (peer === undefined) return undefined
    const { self, fetchTimeout } = this.#options
    return new Following({
      process: this.#process,
      self,
      epoch: this.#epoch,
      log: this.log,
      leader: peer,
      fetchTimeout,
      highWatermark: () => this.#highWatermark,
      leaderLives: () => this.#waitFor(fetchTimeout),
      leaderRests: (since) => this.#rest(since),
      unanswered: () => {
        if (this.#leaveLull !== undefined) this.#waitFor(fetchTimeout)
      },
      committed: (endOffset) => {
        this.#highWatermark = endOffset
        this.#events.committed(endOffset)
      },
    })
  }

  /** The leader lives, and would say so every {@link fetchMaxWait} from here on. */
  #rest(since: Micros): void {
    this.#clearTimer()
    this.#leaveLull = this.#process.beginLull(() => {
      this.#waitFor(lastOf(since, fetchMaxWait, this.#process.now) + this.#options.fetchTimeout - this.#process.now)
    })
  }

  /** Arms the one timer of a follower or candidate. */
  #waitFor(wait: Micros): void {
    this.#clearTimer()
    const { leader } = this
    const awaited = leader === undefined ? undefined : this.#options.voters.get(leader)
    this.#timer = this.#process.setTimer(wait, () => this.#standForElection(), awaited)
  }

  #clearTimer(): void {
    this.#leaveLull?.()
    this.#leaveLull = undefined
    this.#timer?.clear()
  }

  #electionWait(): Micros {
    return this.#random.between(this.#options.electionTimeout, 2 * this.#options.electionTimeout)
  }

  #saveBallot(done: () => void): void {
    const written = this.#ballotFile.write({ epoch: this.#epoch, votedFor: this.#votedFor })
    if (written === 'written') this.#ballotFile.fsync((outcome) => (outcome === 'written' ? done() : this.#halt()))
    else this.#halt()
  }

  /** The disk refuses: what a controller promises must be on it. */
  #halt(): void {
    if (this.#halted) return
    this.#halted = true
    this.#process.exit(restartBySupervisor)
  }
}
