import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { failoverAborted, failoverBegan, foundDown, masterSwitched } from '../facts-of-servers.ts'
import type { SentinelAnswer, SentinelRequest } from '../protocol.ts'
import { frameBytes, sentinelPort } from '../protocol.ts'
import { PeerSentinel } from './peer-sentinel.ts'
import { bestReplica } from './selection.ts'
import { WatchedServer } from './watched-server.ts'

export interface SentinelSettings {
  readonly servers: readonly string[]
  /** All of them, this one too. */
  readonly sentinels: readonly string[]
  readonly quorum: number
  readonly downAfter: Micros
  readonly failoverTimeout: Micros
}

/** What a Sentinel writes down before it says it. */
interface Configuration {
  readonly master: string
  readonly configurationEpoch: number
  readonly epoch: number
  readonly vote: { readonly epoch: number; readonly leader: string } | undefined
}

type Failover =
  | { readonly state: 'election'; readonly epoch: number; readonly since: Micros }
  | { readonly state: 'promotion'; readonly epoch: number; readonly since: Micros; readonly chosen: string }

/** How often it asks everybody, and how often it looks while something is wrong: the second varies, so that two Sentinels rarely act together. */
const askEvery = second
const tick = 100 * millisecond
/** How often a real Sentinel asks for `INFO` while all is well. */
const infoPeriod = 10 * second
/** A server that says that it is a master, and should not be, is told after it has done so for four hello messages. */
const patienceWithWrongRole = 8 * second
const longestElection = 10 * second
/** The start of a failover is drawn from so many µs, so that two Sentinels rarely begin together. */
const desynchronisation = second

/**
 * One Sentinel: it watches the servers, agrees with the others on whether the master is down, and, voted for by a majority, makes a replica
 * the master. Each configuration has an epoch, and the newest one wins.
 */
export class Sentinel {
  readonly #process: Process
  readonly #settings: SentinelSettings
  readonly #servers: readonly WatchedServer[]
  readonly #peers: readonly PeerSentinel[]
  #configuration: Configuration
  #failover: Failover | undefined
  #failoverAt: Micros = -Infinity
  #isDown = false
  #downSince: Micros = 0
  #isAgreed = false
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined
  #lull = -1
  #askedAt: Micros = -Infinity
  #askedPeersAt: Micros = -Infinity

  constructor(process: Process, settings: SentinelSettings) {
    this.#process = process
    this.#settings = settings
    const file = process.disk.value<Configuration>('sentinel.conf')
    const [master = ''] = settings.servers
    this.#configuration = file.value ?? { master, configurationEpoch: 0, epoch: 0, vote: undefined }
    this.#servers = settings.servers.map((name) => new WatchedServer(process, name, () => this.#informed()))
    this.#peers = settings.sentinels
      .filter((name) => name !== process.name)
      .map((name) => new PeerSentinel(process, name, (peer, answer) => this.#heard(peer, answer)))
    process.listen<SentinelAnswer, SentinelRequest>(sentinelPort, (connection) => ({
      received: (request) => this.#answer(connection, request),
    }))
    this.#plan(process.random.below(askEvery))
  }

  get master(): string {
    return this.#configuration.master
  }

  /** What it is about, for people; nothing while all is as it should be. */
  get isBusyWith(): string | undefined {
    if (this.#failover !== undefined) return 'a failover'
    const wrong = this.#servers.find(
      (server) => server.isConnected && server.information !== undefined && this.#isWrong(server),
    )
    return wrong === undefined ? undefined : `${wrong.name}, which is to follow ${this.master}`
  }

  #plan(
    delay = this.#isDown || this.#failover !== undefined ? tick + this.#process.random.below(tick) : askEvery,
  ): void {
    this.#leaveLull?.()
    this.#leaveLull = undefined
    this.#timer?.clear()
    this.#timer = this.#process.setTimer(delay, () => this.#tick(), this.master)
  }

  #tick(): void {
    const process = this.#process
    this.#timer = undefined
    if (this.#isCalm && this.#lull === process.lull) {
      this.#leaveLull = process.beginLull(() => this.#wake())
      return
    }
    this.#lull = process.lull
    if (process.now - this.#askedAt >= askEvery) this.#askAll()
    this.#lookAtMaster()
    this.#goOn()
    this.#plan()
  }

  #wake(): void {
    for (const server of this.#servers) server.hasRested()
    this.#plan(this.#process.random.below(askEvery))
  }

  #askAll(): void {
    this.#askedAt = this.#process.now
    for (const server of this.#servers) {
      server.renew(this.#settings.downAfter)
      server.ask()
    }
    this.#sayHello()
  }

  /** Everybody answers, and is what it should be: it stays so until something happens. */
  get #isCalm(): boolean {
    const isWell = [...this.#servers, ...this.#peers].every((each) => each.isWell)
    return isWell && this.#failover === undefined && !this.#isDown && this.isBusyWith === undefined
  }

  #server(name: string): WatchedServer | undefined {
    return this.#servers.find((server) => server.name === name)
  }

  #lookAtMaster(): void {
    const server = this.#server(this.master)
    const { downAfter } = this.#settings
    // Whoever says for long that it is a replica is no master either.
    const isDown = server?.isSilentFor(downAfter) === true || server?.isReplicaFor(downAfter + 2 * infoPeriod) === true
    if (isDown && !this.#isDown) {
      this.#downSince = this.#process.now
      this.#process.record(foundDown, { server: this.master, how: 'by itself' })
    }
    this.#isDown = isDown
    if (!isDown) {
      this.#isAgreed = false
      return
    }
    const isFresh = (peer: PeerSentinel): boolean => this.#process.now - peer.saidAt < 5 * second
    const count = 1 + this.#peers.filter((peer) => peer.saysDown && isFresh(peer)).length
    const isAgreed = count >= this.#settings.quorum
    if (isAgreed && !this.#isAgreed) this.#process.record(foundDown, { server: this.master, how: 'by agreement' })
    this.#isAgreed = isAgreed
    if (isAgreed) this.#beginFailover()
    if (this.#process.now - this.#askedPeersAt >= askEvery) this.#askPeers()
  }

  #askPeers(): void {
    const candidate = this.#failover?.state === 'election' ? this.#process.name : undefined
    const { epoch } = this.#configuration
    this.#askedPeersAt = this.#process.now
    for (const peer of this.#peers) peer.tell({ type: 'IS-MASTER-DOWN', master: this.master, epoch, candidate })
  }

  #beginFailover(): void {
    const { now } = this.#process
    if (this.#failover !== undefined || now - this.#failoverAt < 2 * this.#settings.failoverTimeout) return
    const epoch = this.#configuration.epoch + 1
    this.#failoverAt = now + this.#process.random.below(desynchronisation)
    this.#failover = { state: 'election', epoch, since: now }
    this.#keep({ epoch })
    this.#voteFor(this.#process.name, epoch)
    this.#askPeers()
  }

  /** Votes once an epoch, for whoever asks first. */
  #voteFor(leader: string, epoch: number): void {
    if ((this.#configuration.vote?.epoch ?? 0) >= epoch) return
    this.#keep({ epoch: Math.max(epoch, this.#configuration.epoch), vote: { epoch, leader } })
    if (leader !== this.#process.name)
      this.#failoverAt = this.#process.now + this.#process.random.below(desynchronisation)
  }

  #goOn(): void {
    const failover = this.#failover
    if (failover === undefined) return
    const age = this.#process.now - failover.since
    if (failover.state === 'election') {
      if (this.#countVotes(failover.epoch)) return
      if (age > Math.min(longestElection, this.#settings.failoverTimeout)) this.#abort('no majority voted for it')
    } else if (this.#server(failover.chosen)?.information?.role === 'master')
      this.#lead(failover.chosen, failover.epoch)
    else if (age > this.#settings.failoverTimeout) this.#abort('the replica did not become the master')
    else this.#server(failover.chosen)?.tell({ type: 'REPLICAOF', master: undefined })
  }

  #countVotes(epoch: number): boolean {
    const own = this.#configuration.vote
    const ours = own?.epoch === epoch && own.leader === this.#process.name ? 1 : 0
    const votes =
      ours + this.#peers.filter(({ vote }) => vote?.epoch === epoch && vote.leader === this.#process.name).length
    const majority = Math.floor(this.#settings.sentinels.length / 2) + 1
    if (votes < Math.max(majority, this.#settings.quorum)) return false
    this.#process.record(failoverBegan, { epoch, votes })
    const candidates = this.#servers.filter(({ name }) => name !== this.master)
    const { now } = this.#process
    const longestCut = 10 * this.#settings.downAfter + now - this.#downSince
    const chosen = bestReplica(candidates, longestCut, now)
    if (chosen === undefined) {
      this.#abort('no replica is good enough')
      return true
    }
    this.#failover = { state: 'promotion', epoch, since: this.#process.now, chosen: chosen.name }
    chosen.tell({ type: 'REPLICAOF', master: undefined })
    return true
  }

  #abort(reason: string): void {
    const epoch = this.#failover?.epoch ?? 0
    this.#failover = undefined
    this.#process.record(failoverAborted, { epoch, reason })
  }

  /** Whoever led the failover tells the other replicas. The old master is put right later, if it still takes itself for one. */
  #lead(master: string, epoch: number): void {
    const old = this.master
    this.#switchTo(master, epoch)
    for (const server of this.#servers)
      if (server.name !== master && server.name !== old) server.tell({ type: 'REPLICAOF', master })
  }

  #switchTo(master: string, configurationEpoch: number): void {
    this.#failover = undefined
    this.#isDown = false
    this.#isAgreed = false
    this.#keep({ master, configurationEpoch, epoch: Math.max(configurationEpoch, this.#configuration.epoch) })
    this.#process.record(masterSwitched, { master, epoch: configurationEpoch })
    for (const server of this.#servers) server.wrongSince = undefined
    this.#sayHello()
    this.#process.endLulls()
  }

  #keep(change: Partial<Configuration>): void {
    this.#configuration = { ...this.#configuration, ...change }
    this.#process.disk.value<Configuration>('sentinel.conf').write(this.#configuration)
  }

  #informed(): void {
    if (this.#failover?.state === 'promotion') this.#goOn()
    for (const server of this.#servers) this.#putRight(server)
  }

  #isWrong({ name, information }: WatchedServer): boolean {
    return name === this.master ? false : information?.master !== this.master
  }

  /** A server that comes back as a master, or follows somebody else, is told whom to follow. */
  #putRight(server: WatchedServer): void {
    const { now } = this.#process
    // What it said before it could not be reached does not count.
    const isKnown = server.isConnected && now - server.informedAt < 2 * second
    if (!isKnown || server.information === undefined || !this.#isWrong(server) || this.#failover !== undefined) {
      server.wrongSince = undefined
      return
    }
    server.wrongSince ??= now
    const master = this.#server(this.master)
    const isSane = master?.information?.role === 'master' && !this.#isDown && now - master.informedAt < 2 * second
    if (isSane && now - server.wrongSince >= patienceWithWrongRole)
      server.tell({ type: 'REPLICAOF', master: this.master })
  }

  #sayHello(): void {
    const { epoch, configurationEpoch, master } = this.#configuration
    for (const peer of this.#peers) peer.tell({ type: 'HELLO', epoch, configurationEpoch, master })
  }

  #learn({ epoch, configurationEpoch, master }: Extract<SentinelRequest, { type: 'HELLO' }>): void {
    if (epoch > this.#configuration.epoch) this.#keep({ epoch })
    if (configurationEpoch > this.#configuration.configurationEpoch) this.#switchTo(master, configurationEpoch)
  }

  #heard(peer: PeerSentinel, answer: SentinelAnswer): void {
    if (answer.type !== 'vote') return
    peer.saysDown = answer.down
    peer.saidAt = this.#process.now
    if (answer.leader !== undefined) peer.vote = { epoch: answer.leaderEpoch, leader: answer.leader }
    if (answer.epoch > this.#configuration.epoch) this.#keep({ epoch: answer.epoch })
    this.#lookAtMaster()
    this.#goOn()
  }

  #answer(connection: Connection<SentinelAnswer>, request: SentinelRequest): void {
    const say = (answer: SentinelAnswer): void => connection.send(answer, { bytes: frameBytes, about: answer.type })
    switch (request.type) {
      case 'PING':
        return say({ type: 'PONG' })
      case 'GET-MASTER':
        return say({ type: 'master', master: this.master })
      case 'HELLO':
        return this.#learn(request)
      case 'IS-MASTER-DOWN': {
        if (request.epoch > this.#configuration.epoch) this.#keep({ epoch: request.epoch })
        if (request.candidate !== undefined) this.#voteFor(request.candidate, request.epoch)
        const down = this.#isDown && request.master === this.master
        const { vote, epoch } = this.#configuration
        return say({ type: 'vote', down, leader: vote?.leader, leaderEpoch: vote?.epoch ?? 0, epoch })
      }
    }
  }
}
