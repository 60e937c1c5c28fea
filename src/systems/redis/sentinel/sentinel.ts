import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { masterSwitched } from '../facts-of-servers.ts'
import type { SentinelAnswer, SentinelRequest } from '../protocol.ts'
import { frameBytes, sentinelPort } from '../protocol.ts'
import { Failover } from './failover.ts'
import { MasterHealth } from './master-health.ts'
import { PeerSentinel } from './peer-sentinel.ts'
import { SentinelFile } from './sentinel-file.ts'
import type { SentinelSettings } from './sentinel-settings.ts'
import { WatchedServer } from './watched-server.ts'

/** How often it asks everybody, and how often it looks while something is wrong: the second varies, so that two Sentinels rarely act together. */
const askEvery = second
const tick = 100 * millisecond
/** A server that says that it is a master, and should not be, is told after it has done so for four hello messages. */
const patienceWithWrongRole = 8 * second
/** What a server said counts for so long. */
const freshness = 2 * second

/**
 * One Sentinel: it watches the servers, agrees with the others on whether the master is down, and, voted for by a majority, makes a replica
 * the master. Each configuration has an epoch, and the newest one wins.
 */
export class Sentinel {
  readonly #process: Process
  readonly #settings: SentinelSettings
  readonly #file: SentinelFile
  readonly #servers: readonly WatchedServer[]
  readonly #peers: readonly PeerSentinel[]
  readonly #health: MasterHealth
  readonly #failover: Failover
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined
  #lull = -1
  #askedAt: Micros = -Infinity
  #askedPeersAt: Micros = -Infinity

  constructor(process: Process, settings: SentinelSettings) {
    this.#process = process
    this.#settings = settings
    this.#file = new SentinelFile(process, settings.servers[0] ?? '')
    this.#servers = settings.servers.map((name) => new WatchedServer(process, name, () => this.#informed()))
    this.#peers = settings.sentinels
      .filter((name) => name !== process.name)
      .map((name) => new PeerSentinel(process, name, (peer, answer) => this.#heard(peer, answer)))
    this.#health = new MasterHealth(process, settings)
    this.#failover = new Failover({
      process,
      settings,
      file: this.#file,
      servers: this.#servers,
      peers: this.#peers,
      downSince: () => this.#health.downSince,
      succeeded: (master, epoch) => this.#lead(master, epoch),
    })
    process.listen<SentinelAnswer, SentinelRequest>(sentinelPort, (connection) => ({
      received: (request) => this.#answer(connection, request),
    }))
    this.#plan(process.random.below(askEvery))
  }

  get master(): string {
    return this.#file.content.master
  }

  /** What it is about, for people; nothing while all is as it should be. */
  get isBusyWith(): string | undefined {
    if (this.#failover.state !== undefined) return 'a failover'
    const wrong = this.#servers.find(
      (server) => server.isConnected && server.information !== undefined && this.#isWrong(server),
    )
    return wrong === undefined ? undefined : `${wrong.name}, which is to follow ${this.master}`
  }

  #plan(
    delay = this.#health.isDown || this.#failover.state !== undefined
      ? tick + this.#process.random.below(tick)
      : askEvery,
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
    this.#failover.goOn()
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
    return isWell && !this.#health.isDown && this.isBusyWith === undefined
  }

  #server(name: string): WatchedServer | undefined {
    return this.#servers.find((server) => server.name === name)
  }

  // Whether the master is down

  #lookAtMaster(): void {
    const health = this.#health
    health.look(this.master, this.#server(this.master), this.#peers)
    if (!health.isDown) return
    if (health.isAgreed && this.#failover.begin()) this.#askPeers()
    if (this.#process.now - this.#askedPeersAt >= askEvery) this.#askPeers()
  }

  #askPeers(): void {
    const candidate = this.#failover.state === 'election' ? this.#process.name : undefined
    const { epoch } = this.#file.content
    this.#askedPeersAt = this.#process.now
    for (const peer of this.#peers) peer.tell({ type: 'IS-MASTER-DOWN', master: this.master, epoch, candidate })
  }

  #heard(peer: PeerSentinel, answer: SentinelAnswer): void {
    if (answer.type !== 'vote') return
    peer.saysDown = answer.down
    peer.saidAt = this.#process.now
    if (answer.leader !== undefined) peer.vote = { epoch: answer.leaderEpoch, leader: answer.leader }
    this.#file.learnEpoch(answer.epoch)
    this.#lookAtMaster()
    this.#failover.goOn()
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
        this.#file.learnEpoch(request.epoch)
        if (request.candidate !== undefined && this.#file.voteFor(request.candidate, request.epoch))
          this.#failover.standBack()
        const down = this.#health.isDown && request.master === this.master
        const { vote, epoch } = this.#file.content
        return say({ type: 'vote', down, leader: vote?.leader, leaderEpoch: vote?.epoch ?? 0, epoch })
      }
    }
  }

  // Who is the master

  #sayHello(): void {
    const { epoch, configurationEpoch, master } = this.#file.content
    for (const peer of this.#peers) peer.tell({ type: 'HELLO', epoch, configurationEpoch, master })
  }

  #learn({ epoch, configurationEpoch, master }: Extract<SentinelRequest, { type: 'HELLO' }>): void {
    this.#file.learnEpoch(epoch)
    if (configurationEpoch > this.#file.content.configurationEpoch) this.#switchTo(master, configurationEpoch)
  }

  /** Whoever led the failover tells the other replicas. The old master is put right later, if it still takes itself for one. */
  #lead(master: string, epoch: number): void {
    const old = this.master
    this.#switchTo(master, epoch)
    for (const server of this.#servers)
      if (server.name !== master && server.name !== old) server.tell({ type: 'REPLICAOF', master })
  }

  #switchTo(master: string, epoch: number): void {
    this.#failover.end()
    this.#health.begin()
    this.#file.adopt(master, epoch)
    this.#process.record(masterSwitched, { master, epoch })
    for (const server of this.#servers) server.wrongSince = undefined
    this.#sayHello()
    this.#process.endLulls()
  }

  // Who follows whom

  #informed(): void {
    if (this.#failover.state === 'promotion') this.#failover.goOn()
    for (const server of this.#servers) this.#putRight(server)
  }

  #isWrong({ name, information }: WatchedServer): boolean {
    return name === this.master ? false : information?.master !== this.master
  }

  /** A server that comes back as a master, or follows somebody else, is told whom to follow. */
  #putRight(server: WatchedServer): void {
    const { now } = this.#process
    const isFresh = ({ informedAt }: WatchedServer): boolean => now - informedAt < freshness
    // What it said before it could not be reached does not count.
    const isKnown = server.isConnected && isFresh(server)
    if (!isKnown || server.information === undefined || !this.#isWrong(server) || this.#failover.state !== undefined) {
      server.wrongSince = undefined
      return
    }
    server.wrongSince ??= now
    const master = this.#server(this.master)
    const isSane = master?.information?.role === 'master' && !this.#health.isDown && isFresh(master)
    if (isSane && now - server.wrongSince >= patienceWithWrongRole)
      server.tell({ type: 'REPLICAOF', master: this.master })
  }
}
