import type { Connection } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import { second } from '../../../simulation/duration.ts'
import type { Command } from '../core/command.ts'
import type { Execution, Propagation } from '../core/execution.ts'
import type { ErrorReply } from '../core/reply.ts'
import type { ServerCore } from '../core/server-core.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { isAtLeast } from '../core/version.ts'
import { outputLimitReached, unsubscribed, writeRefused } from '../facts.ts'
import { roleChanged } from '../facts-of-servers.ts'
import type { Answer, Request, ServerInformation } from '../protocol.ts'
import { serverPort } from '../protocol.ts'
import { AppendOnlyFile } from './append-only-file.ts'
import { ClientLink } from './client-link.ts'
import { Iteration } from './iteration.ts'
import { KeyTimes } from './key-times.ts'
import { MasterLink } from './master-link.ts'
import { ReplicaFeed } from './replica-feed.ts'
import { ReplicationHistory } from './replication-history.ts'
import type { ServerEvents } from './server-events.ts'
import type { ServerSettings } from './server-settings.ts'
import { SnapshotFile } from './snapshot-file.ts'
import { refusalOfWrites } from './write-permission.ts'

export interface ServerContext {
  readonly settings: ServerSettings
  readonly core: ServerCore
  /** Whom it follows; nobody if it is the master. */
  readonly master: string | undefined
  readonly priority: number
  readonly events: ServerEvents
  /** Its role changed for good: it is the same after a restart. */
  keepRole(master: string | undefined): void
}

/** One incarnation of a server: one command after another, and what follows from each before the next answers leave. */
export class RedisServer {
  readonly process: Process
  readonly settings: ServerSettings
  readonly core: ServerCore
  readonly #context: ServerContext
  readonly #runId: string
  readonly #history: ReplicationHistory
  readonly #feed: ReplicaFeed
  readonly #file: AppendOnlyFile | undefined
  readonly #snapshots: SnapshotFile
  readonly #times: KeyTimes
  readonly #links = new Map<number, ClientLink>()
  #nextLink = 1
  #masterLink: MasterLink | undefined
  readonly #iteration: Iteration

  constructor(process: Process, context: ServerContext) {
    const { settings, core } = context
    this.process = process
    this.settings = settings
    this.core = core
    this.#context = context
    this.#runId = Array.from({ length: 8 }, () => process.random.below(16).toString(16)).join('')
    this.#history = new ReplicationHistory(this.#newHistory(), settings.values['repl-backlog-size'])
    this.#feed = new ReplicaFeed(this, this.#history)
    this.#snapshots = new SnapshotFile(process, settings.saveRules, () => core.snapshot())
    this.#times = new KeyTimes(process, core, () => this.#timeCame())
    if (settings.values.appendonly)
      this.#file = new AppendOnlyFile(process, settings.values.appendfsync, {
        synced: (offset) => this.#synced(offset),
        unwritable: () => process.exit(second),
      })
    this.#iteration = new Iteration(this.#file, (link, request) => this.#obey(link, request))
    process.onStop((done) => this.#stop(done))
  }

  /** Takes clients from now on, and follows its master if it has one. */
  begin(): void {
    this.process.listen<Answer, Request>(serverPort, (connection) => this.#accept(connection), { keepAlive })
    this.core.role = this.#context.master === undefined ? 'master' : 'replica'
    if (this.#context.master !== undefined) this.#masterLink = new MasterLink(this, this.#history, this.#context.master)
    this.#times.look()
  }

  get master(): string | undefined {
    return this.#masterLink?.master
  }

  get offset(): number {
    return this.#history.offset
  }

  /** Whether it is the master and every replica that follows it has everything. */
  get isEven(): boolean {
    return this.#masterLink === undefined ? this.#feed.isEven : this.#masterLink.isUp
  }

  /** How many messages wait in its memory until the connections of subscribers take them. */
  get waitingForSubscribers(): number {
    const subscribers = [...this.#links.values()].filter(({ kind }) => kind === 'subscriber')
    return subscribers.reduce((sum, { waitingCount }) => sum + waitingCount, 0)
  }

  receive(link: ClientLink, request: Request): void {
    this.#iteration.receive(link, request)
  }

  /** Queues an answer; it leaves when the commands at hand are worked off and written. */
  send(link: ClientLink, answer: Answer): void {
    this.#iteration.hold(link, answer)
  }

  /** The wait of a client is over. */
  unblock(link: ClientLink, answer: Answer): void {
    this.send(link, answer)
    this.#letGo(link)
    this.#iteration.end()
  }

  /** Before a server sleeps: what was done is written, then the answers leave. */
  endIteration(): void {
    this.#iteration.end()
  }

  /** Writes of the master: they are its own now. */
  follow(commands: readonly Command[], bytes: number): void {
    if (this.#iteration.isStopped) return
    const execution = this.core.apply(commands, this.#now)
    this.#feed.feed(commands, bytes)
    const writes = commands.filter((command) => command.type !== 'PING' && command.type !== 'PUBLISH')
    if (writes.length > 0) this.#file?.append({ commands: writes }, bytes, this.#history.offset)
    if (writes.length > 0) this.#snapshots.wrote(writes.length)
    this.#take(execution, true)
    this.endIteration()
  }

  /** A full copy of the master replaces everything. */
  replaceBy(snapshot: Snapshot, history: string, offset: number, master: string): void {
    this.#take(this.core.restore(snapshot, this.#now), true)
    this.#history.adopt(history, offset)
    this.#file?.replace(snapshot, offset)
    this.#context.events.replaced(this.core, master)
    for (const link of this.#feed.links) this.end(link)
    this.endIteration()
  }

  end(link: ClientLink): void {
    this.#forget(link)
    link.end()
  }

  gone(link: ClientLink): void {
    link.over()
    this.#forget(link)
  }

  limitReached(link: ClientLink): void {
    this.process.record(outputLimitReached, { client: link.name, messages: link.waitingCount })
    this.end(link)
  }

  /** Somebody other than a client does something: an administrator. */
  administer(command: Command): void {
    if (this.#masterLink !== undefined || this.#iteration.isStopped) return
    this.#take(this.core.execute(0, command, this.#now), false)
    this.endIteration()
  }

  get #now(): number {
    return Math.floor(this.process.wallClock / 1000)
  }

  #newHistory(): string {
    return `${this.process.name}/${this.process.incarnation}/${this.process.now}`
  }

  #accept(connection: Connection<Answer>): ClientLink {
    const link = new ClientLink(this.#nextLink++, connection, this)
    this.#links.set(link.number, link)
    return link
  }

  #obey(link: ClientLink, request: Request): void {
    if (link.isOver) return
    if (link.isBlocked) {
      link.later.push(request)
      return
    }
    switch (request.type) {
      case 'PSYNC':
        return this.#feed.attach(link, request)
      case 'ACK':
        return this.#feed.acknowledged(link, request)
      case 'INFO':
        this.#didRun(link, this.#history.offset)
        return this.send(link, this.#information())
      case 'WAIT':
      case 'WAITAOF':
        return this.#wait(link, request)
      case 'REPLICAOF':
        this.send(link, { type: 'status', text: 'OK' })
        return this.#changeRole(request.master)
      default:
        return this.#execute(link, request)
    }
  }

  #execute(link: ClientLink, command: Command): void {
    const refusal = this.core.isWrite(link.number, command) ? this.#refusal : undefined
    if (refusal !== undefined) {
      this.process.record(writeRefused, { client: link.name, reason: refusal.prefix })
      return this.#take(this.core.refuse(link.number, command, refusal), false, link)
    }
    const before = this.#history.offset
    const execution = this.core.execute(link.number, command, this.#now)
    for (const propagation of execution.propagations) this.#propagate(propagation)
    const isRefused = execution.answers.some(({ client, reply }) => client === link.number && reply.type === 'error')
    this.#take(execution, false, link, isRefused ? undefined : command)
    if (execution.waits !== undefined) this.#block(link, execution.waits)
    this.#didRun(link, before)
  }

  /** What `WAIT` goes by: how far the history was after the last command of its client, since 7.2 after the last that was propagated. */
  #didRun(link: ClientLink, before: number): void {
    const { offset } = this.#history
    if (offset > before || !isAtLeast(this.settings.version, '7.2')) link.lastOffset = offset
  }

  get #refusal(): ErrorReply | undefined {
    return refusalOfWrites({
      settings: this.settings,
      isReplica: this.#masterLink !== undefined,
      file: this.#file,
      snapshots: this.#snapshots,
      feed: this.#feed,
    })
  }

  #propagate({ commands, to, bytes }: Propagation): void {
    this.#feed.feed(commands, bytes)
    if (to === 'replicas') return
    this.#file?.append({ commands }, bytes, this.#history.offset)
    this.#snapshots.wrote(commands.length)
  }

  #take(execution: Execution, isFollower: boolean, link?: ClientLink, command?: Command): void {
    if (isFollower === false && link === undefined) for (const each of execution.propagations) this.#propagate(each)
    this.#context.events.happened(execution.events, isFollower, command)
    for (const { client, reply } of execution.answers) {
      const to = this.#links.get(client)
      if (to === undefined) continue
      if (reply.type === 'error' && reply.prefix === 'OOM')
        this.process.record(writeRefused, { client: to.name, reason: 'OOM' })
      this.#context.events.answered(to, reply)
      this.send(to, reply)
      if (to.isBlocked) this.#letGo(to)
    }
    this.#times.look()
  }

  #block(link: ClientLink, milliseconds: number): void {
    link.isBlocked = true
    if (milliseconds === Infinity) return
    link.timer = this.process.setTimer(milliseconds * 1000, () => {
      link.timer = undefined
      this.#take(this.core.timeOut(link.number), false)
      this.endIteration()
    })
  }

  #letGo(link: ClientLink): void {
    link.isBlocked = false
    link.timer?.clear()
    link.timer = undefined
    if (link.later.length > 0) this.#iteration.goesOn(link)
  }

  #wait(link: ClientLink, request: Extract<Request, { type: 'WAIT' | 'WAITAOF' }>): void {
    const forDisks = request.type === 'WAITAOF'
    const local = forDisks ? request.local : 0
    this.#feed.wait(link, { replicas: request.replicas, local, forDisks, timeout: request.timeout * 1000 })
  }

  #information(): ServerInformation {
    const link = this.#masterLink
    return {
      type: 'info',
      role: link === undefined ? 'master' : 'replica',
      master: link?.master,
      linkUp: link?.isUp ?? false,
      linkDownFor: link?.downFor ?? 0,
      offset: this.#history.offset,
      priority: this.#context.priority,
      runId: this.#runId,
    }
  }

  #changeRole(master: string | undefined): void {
    if (this.#masterLink?.master === master) return
    const wasMaster = this.#masterLink === undefined
    this.#masterLink?.close()
    this.#context.keepRole(master)
    this.process.record(roleChanged, {
      role: master === undefined ? 'the master' : 'a replica of',
      master: master ?? '',
    })
    if (wasMaster) this.#take(this.core.unblockAll(), false)
    this.core.role = master === undefined ? 'master' : 'replica'
    if (master === undefined) this.#history.fork(this.#newHistory())
    this.#masterLink = master === undefined ? undefined : new MasterLink(this, this.#history, master)
    // What is already queued leaves before the connections end.
    this.#iteration.afterAnswers(() => {
      for (const link of [...this.#links.values()]) this.end(link)
    })
  }

  #synced(offset: number): void {
    this.#masterLink?.hasSynced(offset)
    this.#feed.synced(offset)
  }

  #timeCame(): void {
    if (this.#masterLink === undefined) {
      this.#take(this.core.expire(this.#now), false)
      this.#take(this.core.serveClaims(this.#now), false)
    }
    this.endIteration()
  }

  #forget(link: ClientLink): void {
    if (!this.#links.delete(link.number)) return
    if (link.kind === 'subscriber') this.process.record(unsubscribed, { client: link.name })
    this.core.disconnect(link.number)
    this.#feed.detach(link)
  }

  #stop(done: () => void): void {
    const save = (): void => this.#snapshots.saveNow(done)
    this.#iteration.stop(() => (this.#file === undefined ? save() : this.#file.drain(save)))
  }
}

/** `tcp-keepalive 300`: probes of a silent client, whose connection ends when three of them are not answered. */
const keepAlive = { idle: 300 * second, interval: 100 * second, probes: 3 }
