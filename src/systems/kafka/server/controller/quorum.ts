import type { LogFile } from '../../../../simulation/log-file.ts'
import type { Micros } from '../../../../simulation/duration.ts'
import { millisecond } from '../../../../simulation/duration.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Random } from '../../../../simulation/random.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { ValueFile } from '../../../../simulation/value-file.ts'
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
import type { MetadataChanges, MetadataCommand, MetadataEntry } from './metadata-log.ts'
import { ParkedQuorumFetches } from './parked-quorum-fetches.ts'
import { QuorumLog } from './quorum-log.ts'

export interface QuorumOptions {
  /** Number of this controller. */
  readonly self: number
  /** Nodes of all voters by number, this one included. */
  readonly voters: ReadonlyMap<number, string>
  /** `controller.quorum.election.timeout.ms` in µs. */
  readonly electionTimeout: Micros
  /** `controller.quorum.fetch.timeout.ms` in µs. */
  readonly fetchTimeout: Micros
}

export interface QuorumEvents {
  /** Leads the quorum now and has every committed entry; what is not committed of them will be. */
  lead(epoch: number): void
  /** Leads no more: what was appended and not committed may be lost. */
  resign(): void
  /** Entries up to here are committed. */
  committed(endOffset: number): void
}

/** How long the leader keeps a voter's fetch when there is nothing to send. KRaft: 500 ms. */
const fetchMaxWait = 500 * millisecond
const fetchRetry = 50 * millisecond

interface Ballot {
  readonly epoch: number
  readonly votedFor: number | undefined
}

type Role =
  | { readonly type: 'follower'; readonly leader: number | undefined }
  | { readonly type: 'candidate'; readonly granted: Set<number> }
  | { readonly type: 'leader'; readonly ends: Map<number, number>; readonly heardAt: Map<number, Micros> }

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
  #role: Role = { type: 'follower', leader: undefined }
  #highWatermark = 0
  #timer: Timer | undefined
  /** Number of the fetch that is under way; an answer to an earlier one means nothing. */
  #fetchNumber = 0
  #fetching = false

  constructor(process: Process, options: QuorumOptions, events: QuorumEvents) {
    this.#process = process
    this.#options = options
    this.#events = events
    this.#random = process.random.fork('elections')
    this.#ballotFile = process.disk.value<Ballot>('quorum-state')
    const file: LogFile<MetadataEntry> = process.disk.log('__cluster_metadata-0')
    this.log = new QuorumLog(file)
    this.#epoch = this.#ballotFile.value?.epoch ?? 0
    this.#votedFor = this.#ballotFile.value?.votedFor
    this.#parked = new ParkedQuorumFetches(process, fetchMaxWait, (fetch, mustAnswer) =>
      this.#answerFetch(fetch, mustAnswer),
    )
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
    this.#flush()
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

  /** A voter or a broker asks for entries. The answer waits while there are none. */
  fetch(request: QuorumFetchRequest, reply: (response: QuorumFetchResponse | NotController) => void): void {
    if (request.voter !== undefined && request.epoch > this.#epoch) this.#follow(request.epoch, undefined)
    if (this.#role.type !== 'leader' || (request.voter !== undefined && request.epoch < this.#epoch)) {
      reply(this.notController)
      return
    }
    const diverging = this.log.divergenceFrom(request.fetchOffset, request.lastFetchedEpoch)
    if (request.voter !== undefined) this.#note(request.voter, diverging === undefined ? request.fetchOffset : -1)
    if (diverging === undefined) this.#parked.park({ request, reply })
    else {
      const { epoch, highWatermark } = { epoch: this.#epoch, highWatermark: this.#highWatermark }
      reply({ type: 'quorum-fetch', epoch, entries: [], highWatermark, diverging })
    }
  }

  /** Steps down in an orderly stop. */
  close(): void {
    this.#timer?.clear()
    for (const peer of this.#peers.values()) peer.close()
  }

  /** What a parked fetch can be told now; nothing while it has to wait. */
  #answerFetch(request: QuorumFetchRequest, mustAnswer: boolean): QuorumFetchResponse | NotController | undefined {
    if (this.#role.type !== 'leader') return this.notController
    const until = request.voter === undefined ? this.#highWatermark : this.log.endOffset
    const isNews = until > request.fetchOffset || this.#highWatermark > request.highWatermark
    if (!isNews && !mustAnswer) return undefined
    const entries = this.log.read(request.fetchOffset, until)
    return {
      type: 'quorum-fetch',
      epoch: this.#epoch,
      entries,
      highWatermark: this.#highWatermark,
      diverging: undefined,
    }
  }

  #note(voter: number, endOffset: number): void {
    if (this.#role.type !== 'leader') return
    this.#role.ends.set(voter, endOffset)
    this.#role.heardAt.set(voter, this.#process.now)
    this.#advance()
  }

  /** Commits what a majority has, once the leader's own first entry is among it. */
  #advance(): void {
    if (this.#role.type !== 'leader') return
    const { ends } = this.#role
    const all = [...this.#options.voters.keys()].map((voter) => ends.get(voter) ?? 0).sort((a, b) => b - a)
    const safe = all[Math.floor(all.length / 2)] ?? 0
    if (safe <= this.#highWatermark || this.log.epochAt(safe - 1) !== this.#epoch) return
    this.#highWatermark = safe
    this.#events.committed(safe)
    this.#parked.wake()
  }

  #flush(): void {
    const { endOffset } = this.log
    const epoch = this.#epoch
    this.log.fsync(() => {
      if (this.#role.type !== 'leader' || this.#epoch !== epoch) return
      this.#role.ends.set(this.#options.self, Math.max(this.#role.ends.get(this.#options.self) ?? 0, endOffset))
      this.#advance()
    })
  }

  #standForElection(): void {
    this.#epoch += 1
    this.#votedFor = this.#options.self
    const granted = new Set([this.#options.self])
    this.#role = { type: 'candidate', granted }
    this.#waitFor(this.#electionWait())
    this.#saveBallot(() => this.#askForVotes(granted))
  }

  #askForVotes(granted: Set<number>): void {
    if (this.#role.type !== 'candidate' || this.#role.granted !== granted) return
    this.#countVotes(granted)
    const { self, electionTimeout } = this.#options
    const { endOffset, lastEpoch } = this.log
    const request = { type: 'vote', epoch: this.#epoch, candidate: self, lastEpoch, endOffset } as const
    for (const [voter, peer] of this.#peers) {
      peer.request(request, electionTimeout, (response) => {
        if (response?.type !== 'vote') return
        if (response.epoch > this.#epoch) this.#follow(response.epoch, undefined)
        if (response.granted && response.epoch === this.#epoch) granted.add(voter)
        this.#countVotes(granted)
      })
    }
  }

  #countVotes(granted: Set<number>): void {
    if (this.#role.type !== 'candidate' || this.#role.granted !== granted) return
    if (granted.size * 2 <= this.#options.voters.size) return
    const { now } = this.#process
    const heardAt = new Map([...this.#peers.keys()].map((voter) => [voter, now]))
    this.#role = { type: 'leader', ends: new Map(), heardAt }
    for (const voter of this.#peers.keys()) this.#announce(voter)
    if (this.#peers.size === 0) this.#timer?.clear()
    else this.#waitFor(this.#announceInterval)
    this.#events.lead(this.#epoch)
  }

  /** Tells a voter who won. */
  #announce(voter: number): void {
    const { self, electionTimeout } = this.#options
    const request = { type: 'begin-epoch', epoch: this.#epoch, leader: self } as const
    this.#peers.get(voter)?.request(request, electionTimeout, (response) => {
      if (response?.type === 'begin-epoch' && response.epoch > this.#epoch) this.#follow(response.epoch, undefined)
    })
  }

  /** A leader tells voters again that do not fetch from it: they may have missed it. */
  get #announceInterval(): Micros {
    return Math.ceil(this.#options.fetchTimeout / 2)
  }

  /** A leader that a majority has not fetched from for one and a half fetch timeouts knows that it may be alone. */
  get #majorityTimeout(): Micros {
    return Math.ceil(this.#options.fetchTimeout * 1.5)
  }

  #follow(epoch: number, leader: number | undefined): void {
    const wasLeader = this.#role.type === 'leader'
    const isNewEpoch = epoch > this.#epoch
    if (isNewEpoch) {
      this.#epoch = epoch
      this.#votedFor = undefined
    }
    this.#role = { type: 'follower', leader }
    this.#fetching = false
    this.#fetchNumber += 1
    if (isNewEpoch) this.#saveBallot(() => {})
    if (wasLeader) {
      this.#parked.wake()
      this.#events.resign()
    }
    this.#waitFor(leader === undefined ? this.#electionWait() : this.#options.fetchTimeout)
    if (leader !== undefined) this.#fetchFromLeader()
  }

  #fetchFromLeader(): void {
    const { leader } = this
    const peer = leader === undefined ? undefined : this.#peers.get(leader)
    if (peer === undefined || this.#fetching || this.#role.type !== 'follower') return
    this.#fetching = true
    const { endOffset: fetchOffset, lastEpoch: lastFetchedEpoch } = this.log
    const own = { voter: this.#options.self, epoch: this.#epoch, highWatermark: this.#highWatermark }
    const request = { type: 'quorum-fetch', ...own, fetchOffset, lastFetchedEpoch } as const
    const number = ++this.#fetchNumber
    peer.request(request, this.#options.fetchTimeout, (response) => {
      if (number !== this.#fetchNumber) return
      this.#fetching = false
      this.#fetched(response, fetchOffset)
    })
  }

  #fetched(response: ControllerResponse | undefined, fetchOffset: number): void {
    if (response?.type !== 'quorum-fetch' || response.epoch < this.#epoch) {
      this.#process.setTimer(fetchRetry, () => this.#fetchFromLeader())
      return
    }
    this.#waitFor(this.#options.fetchTimeout)
    if (response.diverging !== undefined) this.log.truncateAfter(response.diverging)
    else if (fetchOffset === this.log.endOffset) for (const entry of response.entries) this.log.append(entry)
    const committed = Math.min(response.highWatermark, this.log.endOffset)
    if (committed > this.#highWatermark) {
      this.#highWatermark = committed
      this.#events.committed(committed)
    }
    // The next fetch says that it has these entries, so they must be on the disk.
    if (response.entries.length === 0) this.#fetchFromLeader()
    else this.log.fsync(() => this.#fetchFromLeader())
  }

  /** Arms the one timer of this role. */
  #waitFor(wait: Micros): void {
    this.#timer?.clear()
    const { leader } = this
    const awaited = leader === undefined ? undefined : this.#options.voters.get(leader)
    this.#timer = this.#process.setTimer(wait, () => this.#timeOut(), awaited)
  }

  #timeOut(): void {
    if (this.#role.type !== 'leader') {
      this.#standForElection()
      return
    }
    const { now } = this.#process
    const heard = [...this.#role.heardAt.values()].filter((time) => time > now - this.#majorityTimeout).length + 1
    if (heard * 2 <= this.#options.voters.size) {
      this.#follow(this.#epoch, undefined)
      return
    }
    for (const [voter, time] of this.#role.heardAt) if (time <= now - this.#announceInterval) this.#announce(voter)
    this.#waitFor(this.#announceInterval)
  }

  #electionWait(): Micros {
    return this.#random.between(this.#options.electionTimeout, 2 * this.#options.electionTimeout)
  }

  #saveBallot(done: () => void): void {
    this.#ballotFile.write({ epoch: this.#epoch, votedFor: this.#votedFor })
    this.#ballotFile.fsync(done)
  }
}
