import type { Micros } from '../../../../simulation/duration.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { RpcClient } from '../rpc-client.ts'
import type {
  ControllerRequest,
  ControllerResponse,
  NotController,
  QuorumFetchRequest,
  QuorumFetchResponse,
} from './controller-protocol.ts'
import type { ParkedQuorumFetches } from './parked-quorum-fetches.ts'
import type { QuorumLog } from './quorum-log.ts'
import type { QuorumOptions } from './quorum-options.ts'

export interface LeadershipContext {
  readonly process: Process
  readonly options: QuorumOptions
  readonly epoch: number
  readonly log: QuorumLog
  readonly peers: ReadonlyMap<number, RpcClient<ControllerRequest, ControllerResponse>>
  readonly parked: ParkedQuorumFetches
  /** The committed end. */
  highWatermark(): number
  /** A majority has all below `endOffset` on its disks, and an entry of this epoch is among it. */
  safe(endOffset: number): void
  /** Somebody knows of a later epoch. */
  outvoted(epoch: number): void
  /** A majority has not been heard from for long: it may have another leader. */
  deserted(): void
}

/** What the leader of the quorum does in its epoch: it counts who has what, and looks whether a majority is still with it. */
export class Leadership {
  readonly #context: LeadershipContext
  /** By voter, the end of what it has on its disk. */
  readonly #ends = new Map<number, number>()
  readonly #heardAt = new Map<number, Micros>()
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined
  #flushing = false
  #over = false

  constructor(context: LeadershipContext) {
    this.#context = context
  }

  /** Tells the other voters who won. */
  begin(): void {
    const { process, peers } = this.#context
    for (const voter of peers.keys()) this.#heardAt.set(voter, process.now)
    for (const voter of peers.keys()) this.#announce(voter)
    if (peers.size > 0) this.#watch()
  }

  end(): void {
    this.#over = true
    this.#timer?.clear()
    this.#leaveLull?.()
  }

  /** A voter or a broker, in whose way nothing is if it `isWell`, asks for entries. The answer waits while there are none. */
  fetch(
    request: QuorumFetchRequest,
    isWell: boolean,
    reply: (response: QuorumFetchResponse | NotController) => void,
  ): void {
    const { epoch, log, parked, highWatermark } = this.#context
    const diverging = log.divergenceFrom(request.fetchOffset, request.lastFetchedEpoch)
    if (request.voter !== undefined) this.#note(request.voter, diverging === undefined ? request.fetchOffset : -1)
    if (diverging === undefined) parked.park({ request, reply }, isWell)
    else reply({ type: 'quorum-fetch', epoch, entries: [], highWatermark: highWatermark(), diverging })
  }

  /** What a parked fetch can be told now; nothing while it has to wait. */
  answer(request: QuorumFetchRequest, mustAnswer: boolean): QuorumFetchResponse | undefined {
    const { epoch, log } = this.#context
    const highWatermark = this.#context.highWatermark()
    const until = request.voter === undefined ? highWatermark : log.endOffset
    const isNews = until > request.fetchOffset || highWatermark > request.highWatermark
    if (!isNews && !mustAnswer) return undefined
    // A voter that is answered has to ask again: whether it does is looked at.
    if (request.voter !== undefined && this.#leaveLull !== undefined) this.#watch()
    const entries = log.read(request.fetchOffset, until)
    return { type: 'quorum-fetch', epoch, entries, highWatermark, diverging: undefined }
  }

  /** Brings what was appended to the leader's own disk; what is appended meanwhile goes together after that. */
  flush(): void {
    if (this.#flushing) return
    this.#flushing = true
    const { log, options } = this.#context
    const { endOffset } = log
    const flushed = (): void => {
      this.#flushing = false
      if (this.#over) return
      this.#ends.set(options.self, Math.max(this.#ends.get(options.self) ?? 0, endOffset))
      this.#advance()
      if (log.endOffset > endOffset) this.flush()
    }
    log.fsync(flushed)
  }

  /** A voter has everything below `endOffset` on its disk. */
  #note(voter: number, endOffset: number): void {
    this.#ends.set(voter, endOffset)
    this.#heardAt.set(voter, this.#context.process.now)
    this.#advance()
  }

  /** Commits what a majority has, once the leader's own first entry is among it. */
  #advance(): void {
    const { epoch, log, options, safe } = this.#context
    const ends = [...options.voters.keys()].map((voter) => this.#ends.get(voter) ?? 0).sort((a, b) => b - a)
    const end = ends[Math.floor(ends.length / 2)] ?? 0
    if (log.epochAt(end - 1) === epoch) safe(end)
  }

  #announce(voter: number): void {
    const { epoch, options, outvoted, peers } = this.#context
    const request = { type: 'begin-epoch', epoch, leader: options.self } as const
    peers.get(voter)?.request(request, options.electionTimeout, (response) => {
      if (response?.type === 'begin-epoch' && response.epoch > epoch) outvoted(response.epoch)
    })
  }

  /** A leader tells voters again that do not fetch from it: they may have missed it. */
  get #announceInterval(): Micros {
    return Math.ceil(this.#context.options.fetchTimeout / 2)
  }

  /** A leader that a majority has not fetched from for one and a half fetch timeouts knows that it may be alone. */
  get #majorityTimeout(): Micros {
    return Math.ceil(this.#context.options.fetchTimeout * 1.5)
  }

  #watch(): void {
    const { process, options } = this.#context
    this.#leaveLull?.()
    this.#leaveLull = undefined
    this.#timer?.clear()
    const self = options.voters.get(options.self)
    this.#timer = process.setTimer(this.#announceInterval, () => this.#look(), self)
  }

  #look(): void {
    const { process, options, peers, parked, deserted } = this.#context
    const { now } = process
    this.#hearParked()
    const heard = [...this.#heardAt.values()].filter((time) => time > now - this.#majorityTimeout).length + 1
    if (heard * 2 <= options.voters.size) {
      deserted()
      return
    }
    for (const [voter, time] of this.#heardAt) if (time <= now - this.#announceInterval) this.#announce(voter)
    if ([...peers.keys()].every((voter) => parked.isResting(voter))) this.#rest()
    else this.#watch()
  }

  /** All voters are there: that needs no looking at until something happens. */
  #rest(): void {
    this.#leaveLull = this.#context.process.beginLull(() => {
      this.#hearParked()
      this.#watch()
    })
  }

  /** Voters whose fetches are parked would have asked again meanwhile. */
  #hearParked(): void {
    for (const [voter, time] of this.#heardAt) {
      this.#heardAt.set(voter, Math.max(time, this.#context.parked.lastAskedBy(voter) ?? time))
    }
  }
}
