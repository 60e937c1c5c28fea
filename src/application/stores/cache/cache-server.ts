import type { Connection } from '../../../simulation/connection.ts'
import { second } from '../../../simulation/duration.ts'
import type { LogFile } from '../../../simulation/log-file.ts'
import type { Process } from '../../../simulation/process.ts'
import type { ValueFile } from '../../../simulation/value-file.ts'
import type { Numbered } from '../request-client.ts'
import type { Change, Command, CommandResult } from './command.ts'
import { failedOver, keyWritten } from './facts.ts'
import { Keyspace } from './keyspace.ts'
import type { CacheValues } from './options.ts'
import type { BatchReply, CacheReply, CommandBatch } from './protocol.ts'
import { Followers, Following } from './replication.ts'
import { CacheSession } from './session.ts'

/** What a server remembers of itself, as in its configuration file. */
interface Role {
  readonly kind: 'primary' | 'replica'
  readonly epoch: number
}

/** One of the two servers of a cache: executes commands in memory, and is the primary or follows it. */
export class CacheServer {
  readonly #process: Process
  readonly #values: CacheValues
  readonly #peer: string | undefined
  readonly #keys = new Keyspace()
  readonly #log: LogFile<Change>
  readonly #roleFile: ValueFile<Role>
  readonly #clients = new Set<{ close(): void }>()
  readonly #followers: Followers
  #following: Following | undefined
  /** Whether the log is to be made durable within a second. */
  #syncDue = false
  #role: Role

  constructor(process: Process, values: CacheValues, peer: string | undefined, first: boolean) {
    this.#process = process
    this.#values = values
    this.#peer = peer
    this.#log = process.disk.log<Change>('append-only-file')
    this.#roleFile = process.disk.value<Role>('role')
    this.#role = this.#roleFile.value ?? { kind: first ? 'primary' : 'replica', epoch: 1 }
    this.#followers = new Followers(process, values['down-after'])
  }

  get isPrimary(): boolean {
    return this.#role.kind === 'primary'
  }

  get keys(): Keyspace {
    return this.#keys
  }

  start(): void {
    for (let place = 0; place < this.#log.length; place++) this.#restore(this.#log.read(place)?.value)
    this.#process.listen<Numbered<CacheReply>, Numbered<Command>>('cache', (connection) =>
      this.#serveClient(connection),
    )
    this.#process.listen<BatchReply, CommandBatch>('commands', (connection) => this.#serveSession(connection))
    this.#followers.listen(
      () => ({ changes: this.#keys.snapshot(), epoch: this.#role.epoch, isPrimary: this.#role.kind === 'primary' }),
      (epoch) => this.#hearClaim(epoch),
    )
    if (this.#role.kind === 'replica') this.#follow()
  }

  #serveClient(connection: Connection<Numbered<CacheReply>>): {
    received(request: Numbered<Command>): void
    closed(): void
  } {
    this.#clients.add(connection)
    return {
      received: ({ number, body }) =>
        this.#execute(body, (reply) =>
          connection.send({ number, body: reply }, { bytes: 32, about: `answer to ${body.kind}` }),
        ),
      closed: () => this.#clients.delete(connection),
    }
  }

  /** A client that speaks the protocol; one that comes to a replica is sent away, as by a name that leads to the primary. */
  #serveSession(connection: Connection<BatchReply>): { received(batch: CommandBatch): void; closed?(): void } {
    if (this.#role.kind === 'replica') {
      connection.send({ kind: 'not-primary' }, { bytes: 16, about: 'not primary' })
      connection.close()
      return { received: () => {} }
    }
    const session = new CacheSession(this.#keys)
    this.#clients.add(connection)
    connection.send({ kind: 'ready' }, { bytes: 16, about: 'ready' })
    return {
      received: ({ number, commands }) => {
        const { replies, changes } = session.execute(commands, this.#process.now)
        const bytes = 32 * (replies.length + 1)
        const answer = (): void =>
          connection.send({ kind: 'replies', number, replies }, { bytes, about: `answer to ${commands[0]?.[0] ?? ''}` })
        this.#persistAll(changes, answer)
      },
      closed: () => this.#clients.delete(connection),
    }
  }

  #persistAll([change, ...more]: readonly Change[], answer: () => void): void {
    if (change === undefined) return answer()
    this.#process.record(keyWritten, { key: change.key })
    const last = more.length === 0
    this.#persist(change, () => this.#replicate(change, { kind: 'done', done: true }, last ? answer : () => {}))
    if (!last) this.#persistAll(more, answer)
  }

  #execute(command: Command, answer: (reply: CacheReply) => void): void {
    if (this.#role.kind === 'replica') return answer({ kind: 'not-primary' })
    const { result, change } = this.#keys.execute(command, this.#process.now)
    if (change === undefined) return answer(result)
    this.#process.record(keyWritten, { key: change.key })
    this.#persist(change, () => this.#replicate(change, result, answer))
  }

  /** The client hears of a write before the replica does, unless it is to wait. */
  #replicate(change: Change, result: CommandResult, answer: (reply: CacheReply) => void): void {
    if (!this.#values['wait-for-replica']) {
      answer(result)
      this.#followers.send(change)
    } else this.#followers.sendAndWait(change, second, () => answer(result))
  }

  #persist(change: Change, done: () => void): void {
    const mode = this.#values['append-only-file']
    if (mode === 'no') return done()
    this.#log.append(change, 64)
    if (mode === 'always') return this.#log.fsync(done)
    if (!this.#syncDue) this.#process.setTimer(second, () => this.#sync())
    this.#syncDue = true
    done()
  }

  #sync(): void {
    this.#syncDue = false
    this.#log.fsync(() => {})
  }

  #restore(change: Change | undefined): void {
    if (change !== undefined) this.#keys.apply(change)
  }

  #follow(): void {
    const peer = this.#peer
    if (peer === undefined) return
    this.#following = new Following(this.#process, peer, this.#values['down-after'], {
      snapshot: (changes, epoch) => {
        this.#become({ kind: 'replica', epoch })
        this.#keys.clear()
        this.#log.truncate(0)
        for (const change of changes) this.#takeOver(change)
      },
      change: (change) => this.#takeOver(change),
      silent: () => this.#promote(peer),
    })
  }

  #takeOver(change: Change): void {
    this.#keys.apply(change)
    this.#persist(change, () => {})
  }

  #promote(from: string): void {
    const epoch = this.#role.epoch + 1
    this.#become({ kind: 'primary', epoch })
    this.#process.record(failedOver, { from, epoch })
    this.#followers.claim(from, epoch, () => this.#role.kind === 'primary')
  }

  /** Another server took the place of this one meanwhile: what it has now counts, and nothing else. */
  #hearClaim(epoch: number): void {
    if (epoch <= this.#role.epoch || this.#role.kind === 'replica') return
    this.#become({ kind: 'replica', epoch })
    for (const connection of this.#clients) connection.close()
    this.#clients.clear()
    this.#following?.stop()
    this.#follow()
  }

  #become(role: Role): void {
    this.#role = role
    this.#roleFile.write(role)
    this.#roleFile.fsync(() => {})
  }
}
