import { BlockedClients } from './blocked-clients.ts'
import type { CallSettings, Origin, Waiting } from './call.ts'
import { Call } from './call.ts'
import { CommandExecutor } from './command-executor.ts'
import { isForSubscribers, isWrite, mayTakeMemory } from './command-flags.ts'
import type { Command } from './command.ts'
import { abortedBecause, noLongerMaster, notForSubscribers, outOfMemory } from './errors.ts'
import type { MaxMemoryPolicy } from './eviction.ts'
import { victim } from './eviction.ts'
import type { Execution } from './execution.ts'
import { nextClaim } from './group-reading.ts'
import { Keyspace } from './keyspace.ts'
import type { IdLimits } from './producer-ids.ts'
import type { ErrorReply, Reply } from './reply.ts'
import { Round } from './round.ts'
import type { Script } from './script.ts'
import { serve } from './serving.ts'
import { Snapshot } from './snapshot.ts'
import type { Version } from './version.ts'
import { isAtLeast } from './version.ts'

export interface ServerCoreOptions {
  readonly version: Version
  /** Bytes; 0 for no limit. */
  readonly maxMemory: number
  readonly maxMemoryPolicy: MaxMemoryPolicy
  readonly streamNodeMaxEntries: number
  readonly streamNodeMaxBytes: number
  readonly idLimits: IdLimits
  /** By name, for `EVAL`. */
  readonly scripts: ReadonlyMap<string, Script>
  /** A number from 0 to below `below`; only evictions at random ask for one. */
  readonly draw: (below: number) => number
}

/**
 * One Redis server without its network, files and replicas: keys, blocked clients, subscriptions and transactions; one command at a time, time
 * passed in. Times are milliseconds of the server's own clock, which may be wrong and go back.
 */
export class ServerCore {
  readonly options: ServerCoreOptions
  /** A replica leaves it to its master what has expired. */
  role: 'master' | 'replica' = 'master'
  readonly #settings: CallSettings
  readonly #blocked = new BlockedClients()
  readonly #executor: CommandExecutor
  #keys = new Keyspace()

  constructor(options: ServerCoreOptions) {
    this.options = options
    const nodeLimits = { entries: options.streamNodeMaxEntries, bytes: options.streamNodeMaxBytes }
    this.#executor = new CommandExecutor(options.scripts)
    this.#settings = { version: options.version, nodeLimits, idLimits: options.idLimits }
  }

  /** Executes a command of a client; clients are numbered by whoever uses this. */
  execute(client: number, command: Command, now: number): Execution {
    const round = new Round()
    this.#makeRoom(round, now)
    const refusal = this.#refusal(client, command)
    if (refusal !== undefined) this.#refuse(round, client, command, refusal)
    else if (this.#executor.transactions.isQueued(client, command)) this.#queue(round, client, command)
    else this.#run(round, client, command, now)
    this.#serve(round, now)
    return round.end()
  }

  /** Answers a command with an error of the server's own before it is executed; a transaction that it belongs to is lost. */
  refuse(client: number, command: Command, error: ErrorReply): Execution {
    const round = new Round()
    this.#refuse(round, client, command, error)
    return round.end()
  }

  /** Whether a command changes keys now: `EXEC` if one of those before it does, and those within a transaction. */
  isWrite(client: number, command: Command): boolean {
    if (command.type !== 'EXEC') return isWrite(command)
    return this.#executor.transactions.queuedBy(client)?.some(isWrite) ?? false
  }

  /**
   * Applies commands that belong together, from the append-only file or from the master. Only subscribers are answered, and readers that wait
   * for a stream.
   */
  apply(commands: readonly Command[], now: number): Execution {
    const round = new Round()
    const call = this.#call('master', now)
    call.mayWait = false
    for (const command of commands) this.#executor.execute(round, call, undefined, command)
    this.#finish(round, call)
    this.#serve(round, now)
    return round.end()
  }

  /** The client is gone: its waiting, subscriptions and transaction with it. */
  disconnect(client: number): void {
    this.#blocked.unblock(client)
    this.#executor.subscriptions.end(client)
    this.#executor.transactions.end(client)
  }

  /** The time that a blocked client wanted to wait is over. */
  timeOut(client: number): Execution {
    const round = new Round()
    if (this.#blocked.unblock(client)) this.#unblocked(round, client, { type: 'nil' })
    return round.end()
  }

  /** Answers every blocked client `-UNBLOCKED`: the server has become a replica. The server also disconnects them. */
  unblockAll(): Execution {
    const round = new Round()
    for (const client of this.#blocked.clients) {
      this.#blocked.unblock(client)
      this.#unblocked(round, client, noLongerMaster)
    }
    return round.end()
  }

  /** Deletes keys whose time is over, as a master does from time to time. */
  expire(now: number): Execution {
    const round = new Round()
    for (const name of this.#keys.names) {
      const call = this.#call('client', now)
      call.key(name)
      this.#finish(round, call)
    }
    this.#serve(round, now)
    return round.end()
  }

  /** Looks after readers that wait for entries to have been pending for long enough to be claimed. */
  serveClaims(now: number): Execution {
    const round = new Round()
    for (const [client, { command, keys }] of [...this.#blocked.all]) {
      const [key] = keys
      if (key === undefined || command.type !== 'XREADGROUP') continue
      if (nextClaim(this.#keys, command) <= now) this.#serveOne(round, client, key, now)
    }
    this.#serve(round, now)
    return round.end()
  }

  /** The slot of a shard channel belongs to another server now: its subscribers are told so. */
  endShardChannel(channel: string): Execution {
    const round = new Round()
    round.deliver(this.#executor.subscriptions.endShardChannel(channel))
    return round.end()
  }

  /** Everything that a snapshot file or a full resynchronisation carries. */
  snapshot(): Snapshot {
    return new Snapshot(this.#keys)
  }

  /** Replaces everything; whoever watched or waited for a key learns what that means for it. */
  restore(snapshot: Snapshot, now: number): Execution {
    const round = new Round()
    const before = this.#keys.names
    this.#keys = snapshot.load()
    const names = new Set([...before, ...this.#keys.names])
    this.#executor.transactions.touch(names)
    for (const name of names) round.ready.add(name)
    this.#serve(round, now)
    return round.end()
  }

  /** When the first key expires, milliseconds; Infinity for never. */
  get nextExpiry(): number {
    return this.#keys.nextExpiry
  }

  /** When `serveClaims` may have something to do, milliseconds; Infinity for never. */
  get nextClaim(): number {
    let first = Infinity
    for (const { command } of this.#blocked.all.values())
      if (command.type === 'XREADGROUP') first = Math.min(first, nextClaim(this.#keys, command))
    return first
  }

  /** Bytes, roughly; measured only where there is a limit. */
  get usedMemory(): number {
    return this.#keys.usedMemory
  }

  /** What it has, to look at. */
  get keys(): Keyspace {
    return this.#keys
  }

  isBlocked(client: number): boolean {
    return this.#blocked.of(client) !== undefined
  }

  #refusal(client: number, command: Command): ErrorReply | undefined {
    const { subscriptions, transactions, isOutOfMemory } = this.#executor
    if (subscriptions.isSubscribed(client) && !isForSubscribers(command)) return notForSubscribers(command.type)
    if (!isOutOfMemory) return undefined
    const queued = transactions.queuedBy(client)
    if (queued === undefined || command.type === 'DISCARD') return mayTakeMemory(command) ? outOfMemory : undefined
    return command.type !== 'EXEC' || queued.some(mayTakeMemory) ? outOfMemory : undefined
  }

  #refuse(round: Round, client: number, command: Command, error: ErrorReply): void {
    const { transactions } = this.#executor
    if (command.type === 'EXEC') transactions.end(client)
    else transactions.break(client)
    round.answer(client, command.type === 'EXEC' ? abortedBecause(error) : error)
  }

  #queue(round: Round, client: number, command: Command): void {
    this.#executor.transactions.queue(client, command)
    round.answer(client, { type: 'status', text: 'QUEUED' })
  }

  #run(round: Round, client: number, command: Command, now: number): void {
    const call = this.#call(this.role === 'master' ? 'client' : 'client of a replica', now)
    const outcome = this.#executor.execute(round, call, client, command)
    if (outcome?.type === 'waits') this.#block(round, client, outcome)
    else if (outcome !== undefined) round.answer(client, outcome)
    round.catchUp()
    this.#finish(round, call)
  }

  #block(round: Round, client: number, waiting: Waiting): void {
    this.#blocked.block(client, waiting)
    round.waits = waiting.timeout
    round.emit({ kind: 'blocked', client })
  }

  #unblocked(round: Round, client: number, reply: Reply): void {
    round.answer(client, reply)
    round.emit({ kind: 'unblocked', client })
  }

  /** Serves those who wait for a key that is ready, and those who wait for what they leave behind. */
  #serve(round: Round, now: number): void {
    for (let keys = round.takeReady(); keys.length > 0; keys = round.takeReady())
      for (const key of keys) for (const client of this.#blocked.on(key)) this.#serveOne(round, client, key, now)
  }

  #serveOne(round: Round, client: number, key: string, now: number): void {
    const waiting = this.#blocked.of(client)
    if (waiting === undefined || !waiting.keys.includes(key)) return
    const call = this.#call(this.role === 'master' ? 'client' : 'client of a replica', now)
    const outcome = serve(call, waiting.command, key)
    if (outcome?.type === 'waits') {
      // Since 7.2 its command has been executed anew, so it waits behind the others now.
      if (isAtLeast(this.options.version, '7.2')) this.#blocked.block(client, waiting)
    } else if (outcome !== undefined) {
      this.#blocked.unblock(client)
      round.answer(client, outcome)
      round.emit({ kind: 'served', client })
    }
    this.#finish(round, call)
  }

  #call(origin: Origin, now: number): Call {
    return new Call(this.#keys, this.#settings, origin, now)
  }

  #finish(round: Round, call: Call): void {
    round.take(call)
    this.#executor.transactions.touch(call.changed)
    if (this.options.maxMemory > 0) for (const key of call.used) this.#keys.measure(key)
  }

  /** Evicts keys until the memory is enough, if the policy lets any go. */
  #makeRoom(round: Round, now: number): void {
    const { maxMemory, maxMemoryPolicy, draw } = this.options
    this.#executor.isOutOfMemory = false
    if (maxMemory === 0 || this.role === 'replica') return
    while (this.#keys.usedMemory > maxMemory) {
      const name = victim(this.#keys, maxMemoryPolicy, draw)
      if (name === undefined) {
        this.#executor.isOutOfMemory = true
        return
      }
      const call = this.#call('client', now)
      call.remove(name, 'evicted')
      call.propagate({ type: 'DEL', keys: [name] })
      this.#finish(round, call)
    }
  }
}
