import { BlockedClients } from './blocked-clients.ts'
import type { CallSettings, Origin, Outcome, Waiting } from './call.ts'
import { Call } from './call.ts'
import { isForSubscribers, isWrite, mayTakeMemory } from './command-flags.ts'
import type { Command, DataCommand } from './command.ts'
import { executeData } from './data-commands.ts'
import { aborted, abortedBecause, failure, noLongerMaster, notForSubscribers, outOfMemory } from './errors.ts'
import type { MaxMemoryPolicy } from './eviction.ts'
import { victim } from './eviction.ts'
import type { Execution } from './execution.ts'
import { nextClaim } from './group-reading.ts'
import { Keyspace } from './keyspace.ts'
import type { ErrorReply, Reply } from './reply.ts'
import { Round } from './round.ts'
import type { Script } from './script.ts'
import { serve } from './serving.ts'
import { Snapshot } from './snapshot.ts'
import { Subscriptions } from './subscriptions.ts'
import { Transaction } from './transaction.ts'
import type { Version } from './version.ts'
import { isAtLeast } from './version.ts'

export interface ServerCoreOptions {
  readonly version: Version
  /** Bytes; 0 for no limit. */
  readonly maxMemory: number
  readonly maxMemoryPolicy: MaxMemoryPolicy
  readonly streamNodeMaxEntries: number
  readonly streamNodeMaxBytes: number
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
  readonly #subscriptions = new Subscriptions()
  readonly #transactions = new Map<number, Transaction>()
  #keys = new Keyspace()
  #isOutOfMemory = false

  constructor(options: ServerCoreOptions) {
    this.options = options
    const nodeLimits = { entries: options.streamNodeMaxEntries, bytes: options.streamNodeMaxBytes }
    this.#settings = { version: options.version, nodeLimits }
  }

  /** Executes a command of a client; clients are numbered by whoever uses this. */
  execute(client: number, command: Command, now: number): Execution {
    const round = new Round()
    this.#makeRoom(round, now)
    const refusal = this.#refusal(client, command)
    if (refusal !== undefined) this.#refuse(round, client, command, refusal)
    else if (this.#isQueued(client, command)) this.#queue(round, client, command)
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
    return this.#transactions.get(client)?.queued?.some(isWrite) ?? false
  }

  /**
   * Applies commands that belong together, from the append-only file or from the master. Only subscribers are answered, and readers that wait
   * for a stream.
   */
  apply(commands: readonly Command[], now: number): Execution {
    const round = new Round()
    const call = this.#call('master', now)
    call.mayWait = false
    for (const command of commands) this.#outcome(round, call, undefined, command)
    this.#finish(round, call)
    this.#serve(round, now)
    return round.end()
  }

  /** The client is gone: its waiting, subscriptions and transaction with it. */
  disconnect(client: number): void {
    this.#blocked.unblock(client)
    this.#subscriptions.end(client)
    this.#transactions.delete(client)
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
      if (command.type !== 'XREADGROUP' || command.claim === undefined) continue
      const [key] = keys
      if (key !== undefined) this.#serveOne(round, client, key, now)
    }
    this.#serve(round, now)
    return round.end()
  }

  /** The slot of a shard channel belongs to another server now: its subscribers are told so. */
  endShardChannel(channel: string): Execution {
    const round = new Round()
    round.deliver(this.#subscriptions.endShardChannel(channel))
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
    for (const transaction of this.#transactions.values())
      if ([...before, ...this.#keys.names].some((name) => transaction.watched.has(name))) transaction.isTouched = true
    for (const name of new Set([...before, ...this.#keys.names])) round.ready.add(name)
    this.#serve(round, now)
    return round.end()
  }

  /** When the first key expires, milliseconds; Infinity for never. */
  get nextExpiry(): number {
    return this.#keys.nextExpiry
  }

  /** When `serveClaims` may have something to do, milliseconds; Infinity for never. */
  nextClaim(now: number): number {
    const call = this.#call('client', now)
    let first = Infinity
    for (const { command } of this.#blocked.all.values())
      if (command.type === 'XREADGROUP') first = Math.min(first, nextClaim(call, command))
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
    if (this.#subscriptions.isSubscribed(client) && !isForSubscribers(command)) return notForSubscribers(command.type)
    if (!this.#isOutOfMemory) return undefined
    const transaction = this.#transactions.get(client)?.queued
    if (transaction === undefined || command.type === 'DISCARD') return mayTakeMemory(command) ? outOfMemory : undefined
    return command.type !== 'EXEC' || transaction.some(mayTakeMemory) ? outOfMemory : undefined
  }

  #refuse(round: Round, client: number, command: Command, error: ErrorReply): void {
    const transaction = this.#transactions.get(client)
    if (transaction?.queued === undefined) return round.answer(client, error)
    if (command.type !== 'EXEC') {
      transaction.isBroken = true
      return round.answer(client, error)
    }
    transaction.end()
    round.answer(client, abortedBecause(error))
  }

  #isQueued(client: number, { type }: Command): boolean {
    const isAboutTransactions = type === 'MULTI' || type === 'EXEC' || type === 'DISCARD' || type === 'WATCH'
    return !isAboutTransactions && this.#transactions.get(client)?.queued !== undefined
  }

  #queue(round: Round, client: number, command: Command): void {
    this.#transactions.get(client)?.queued?.push(command)
    round.answer(client, { type: 'status', text: 'QUEUED' })
  }

  #run(round: Round, client: number, command: Command, now: number): void {
    const call = this.#call(this.role === 'master' ? 'client' : 'client of a replica', now)
    const outcome = this.#outcome(round, call, client, command)
    if (outcome?.type === 'waits') this.#block(round, client, outcome)
    else if (outcome !== undefined) round.answer(client, outcome)
    this.#finish(round, call)
  }

  /** What a command comes to; undefined if everything has been said. */
  #outcome(round: Round, call: Call, client: number | undefined, command: Command): Outcome | undefined {
    switch (command.type) {
      case 'PING':
        return { type: 'status', text: 'PONG' }
      case 'PUBLISH':
      case 'SPUBLISH': {
        const answers = this.#subscriptions.publish(command.type, command.channel, command.message)
        round.deliver(answers)
        const { channel, message } = command
        call.emit({ kind: 'published', channel, message, receivers: answers.length })
        call.published.push(command)
        return { type: 'integer', value: answers.length }
      }
      case 'SUBSCRIBE':
      case 'UNSUBSCRIBE':
      case 'PSUBSCRIBE':
      case 'PUNSUBSCRIBE':
      case 'SSUBSCRIBE':
      case 'SUNSUBSCRIBE':
        if (client === undefined) return undefined
        for (const reply of this.#subscriptions.change(client, command)) round.answer(client, reply)
        return undefined
      case 'MULTI':
      case 'EXEC':
      case 'DISCARD':
      case 'WATCH':
      case 'UNWATCH':
        return client === undefined ? undefined : this.#transact(round, call, client, command)
      case 'EVAL':
        return this.#runScript(call, command)
      default:
        return executeData(call, command)
    }
  }

  #transact(
    round: Round,
    call: Call,
    client: number,
    command: Extract<Command, { readonly type: 'MULTI' | 'EXEC' | 'DISCARD' | 'UNWATCH' | 'WATCH' }>,
  ): Reply {
    const transaction = this.#transactions.get(client) ?? new Transaction()
    this.#transactions.set(client, transaction)
    switch (command.type) {
      case 'MULTI':
        if (transaction.queued !== undefined) return failure('MULTI calls can not be nested')
        transaction.queued = []
        return ok
      case 'DISCARD':
        if (transaction.queued === undefined) return failure('DISCARD without MULTI')
        transaction.end()
        return ok
      case 'UNWATCH':
        transaction.unwatch()
        return ok
      case 'WATCH':
        if (transaction.queued !== undefined) return failure('WATCH inside MULTI is not allowed')
        for (const key of command.keys) transaction.watched.set(key, this.#isExpired(key, call.now))
        return ok
      case 'EXEC':
        return this.#executeQueued(round, call, client, transaction)
    }
  }

  #executeQueued(round: Round, call: Call, client: number, transaction: Transaction): Reply {
    const { queued, isBroken } = transaction
    if (queued === undefined) return failure('EXEC without MULTI')
    const expired = [...transaction.watched].some(([key, before]) => !before && this.#isExpired(key, call.now))
    const isTouched = transaction.isTouched || expired
    transaction.end()
    if (isBroken) return aborted
    if (isTouched) return { type: 'nil' }
    call.mayWait = false
    const replies: Reply[] = []
    for (const command of queued) {
      const outcome = this.#outcome(round, call, client, command)
      if (outcome !== undefined && outcome.type !== 'waits') replies.push(outcome)
    }
    return { type: 'replies', replies }
  }

  #runScript(call: Call, command: Extract<Command, { readonly type: 'EVAL' }>): Reply {
    const script = this.options.scripts.get(command.script)
    if (script === undefined) throw new Error(`There is no script ${command.script}.`)
    const { mayWait } = call
    call.mayWait = false
    const run = (inner: DataCommand): Reply => {
      if (this.#isOutOfMemory && mayTakeMemory(inner)) return outOfMemory
      const outcome = executeData(call, inner)
      return outcome.type === 'waits' ? { type: 'nil' } : outcome
    }
    const reply = script({ keys: command.keys, arguments: command.arguments, now: call.now, run })
    call.mayWait = mayWait
    return reply
  }

  #isExpired(name: string, now: number): boolean {
    const expiresAt = this.#keys.get(name)?.expiresAt
    return expiresAt !== undefined && now > expiresAt
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
    for (const transaction of this.#transactions.values())
      for (const key of call.changed) if (transaction.watched.has(key)) transaction.isTouched = true
    if (this.options.maxMemory > 0) for (const key of call.used) this.#keys.measure(key)
  }

  /** Evicts keys until the memory is enough, if the policy lets any go. */
  #makeRoom(round: Round, now: number): void {
    const { maxMemory, maxMemoryPolicy, draw } = this.options
    this.#isOutOfMemory = false
    if (maxMemory === 0 || this.role === 'replica') return
    while (this.#keys.usedMemory > maxMemory) {
      const name = victim(this.#keys, maxMemoryPolicy, draw)
      if (name === undefined) {
        this.#isOutOfMemory = true
        return
      }
      const call = this.#call('client', now)
      call.remove(name, 'evicted')
      call.propagate({ type: 'DEL', keys: [name] })
      this.#finish(round, call)
    }
  }
}

const ok: Reply = { type: 'status', text: 'OK' }
