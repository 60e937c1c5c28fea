import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import { failoverAborted, failoverBegan } from '../facts-of-servers.ts'
import type { PeerSentinel } from './peer-sentinel.ts'
import { bestReplica } from './selection.ts'
import type { SentinelFile } from './sentinel-file.ts'
import type { SentinelSettings } from './sentinel-settings.ts'
import type { WatchedServer } from './watched-server.ts'

export interface FailoverContext {
  readonly process: Process
  readonly settings: SentinelSettings
  readonly file: SentinelFile
  readonly servers: readonly WatchedServer[]
  readonly peers: readonly PeerSentinel[]
  /** Since when the master is down. */
  downSince(): Micros
  /** The chosen replica is the master. */
  succeeded(master: string, epoch: number): void
}

type Stage =
  | { readonly state: 'election'; readonly epoch: number; readonly since: Micros }
  | { readonly state: 'promotion'; readonly epoch: number; readonly since: Micros; readonly chosen: WatchedServer }

const longestElection = 10 * second
/** The start of a failover is drawn from so many µs, so that two Sentinels rarely begin together. */
const desynchronisation = second

/** A failover that this Sentinel leads, or wants to: a majority votes for it, it chooses a replica, and that becomes the master. */
export class Failover {
  readonly #context: FailoverContext
  #stage: Stage | undefined
  /** When the last one was begun, here or by whoever was voted for. */
  #begunAt: Micros = -Infinity

  constructor(context: FailoverContext) {
    this.#context = context
  }

  get state(): Stage['state'] | undefined {
    return this.#stage?.state
  }

  /** Asks to be voted for, unless one was begun not long ago. `true` if it did. */
  begin(): boolean {
    const { process, settings, file } = this.#context
    const { now } = process
    if (this.#stage !== undefined || now - this.#begunAt < 2 * settings.failoverTimeout) return false
    this.#begunAt = now + process.random.below(desynchronisation)
    const epoch = file.beginEpoch()
    this.#stage = { state: 'election', epoch, since: now }
    file.voteFor(process.name, epoch)
    return true
  }

  /** Another Sentinel was voted for: it has its time first. */
  standBack(): void {
    const { process } = this.#context
    this.#begunAt = process.now + process.random.below(desynchronisation)
  }

  /** There is another master: nothing is left to be done. */
  end(): void {
    this.#stage = undefined
  }

  goOn(): void {
    const stage = this.#stage
    if (stage === undefined) return
    const { process, settings, succeeded } = this.#context
    const age = process.now - stage.since
    if (stage.state === 'election') {
      if (this.#isElected(stage.epoch)) this.#promote(stage.epoch)
      else if (age > Math.min(longestElection, settings.failoverTimeout)) this.#abort('no majority voted for it')
    } else if (stage.chosen.information?.role === 'master') succeeded(stage.chosen.name, stage.epoch)
    else if (age > settings.failoverTimeout) this.#abort('the replica did not become the master')
    else stage.chosen.tell({ type: 'REPLICAOF', master: undefined })
  }

  /** By a majority of all Sentinels, and by as many as the quorum asks for. */
  #isElected(epoch: number): boolean {
    const { process, settings, file, peers } = this.#context
    const isOurs = (vote: PeerSentinel['vote']): boolean => vote?.epoch === epoch && vote.leader === process.name
    const votes = [file.content, ...peers].filter(({ vote }) => isOurs(vote)).length
    const majority = Math.floor(settings.sentinels.length / 2) + 1
    if (votes < Math.max(majority, settings.quorum)) return false
    process.record(failoverBegan, { epoch, votes })
    return true
  }

  #promote(epoch: number): void {
    const { process, settings, file, servers, downSince } = this.#context
    const { now } = process
    const candidates = servers.filter(({ name }) => name !== file.content.master)
    const chosen = bestReplica(candidates, 10 * settings.downAfter + now - downSince(), now)
    if (chosen === undefined) {
      this.#abort('no replica is good enough')
      return
    }
    this.#stage = { state: 'promotion', epoch, since: now, chosen }
    chosen.tell({ type: 'REPLICAOF', master: undefined })
  }

  #abort(reason: string): void {
    const epoch = this.#stage?.epoch ?? 0
    this.#stage = undefined
    this.#context.process.record(failoverAborted, { epoch, reason })
  }
}
