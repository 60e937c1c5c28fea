import type { Command, TransactionCommand } from './command.ts'
import { aborted, failure } from './errors.ts'
import type { Keyspace } from './keyspace.ts'
import type { Reply } from './reply.ts'

type Preparing = Exclude<TransactionCommand, { readonly type: 'EXEC' }>

/** What clients have said of their transactions: the keys they watch, and after `MULTI` the commands. https://redis.io/docs/latest/develop/interact/transactions/ */
export class Transactions {
  readonly #clients = new Map<number, Transaction>()

  /** Whether a command is not to be executed before the `EXEC` of its client. */
  isQueued(client: number, { type }: Command): boolean {
    const isAboutTransactions = type === 'MULTI' || type === 'EXEC' || type === 'DISCARD' || type === 'WATCH'
    return !isAboutTransactions && this.queuedBy(client) !== undefined
  }

  /** The commands of a client so far; undefined before `MULTI`. */
  queuedBy(client: number): readonly Command[] | undefined {
    return this.#clients.get(client)?.queued
  }

  queue(client: number, command: Command): void {
    this.#clients.get(client)?.queued?.push(command)
  }

  /** A command could not be queued, so none will be executed. */
  break(client: number): void {
    const transaction = this.#clients.get(client)
    if (transaction?.queued !== undefined) transaction.isBroken = true
  }

  /** Keys have changed: whoever watches one of them will not execute anything. */
  touch(names: Iterable<string>): void {
    if (this.#clients.size === 0) return
    for (const name of names)
      for (const transaction of this.#clients.values()) if (transaction.watched.has(name)) transaction.isTouched = true
  }

  execute(client: number, command: Preparing, keys: Keyspace, now: number): Reply {
    const transaction = this.#clients.get(client) ?? {
      queued: undefined,
      isBroken: false,
      isTouched: false,
      watched: new Map(),
    }
    this.#clients.set(client, transaction)
    switch (command.type) {
      case 'MULTI':
        if (transaction.queued !== undefined) return failure('MULTI calls can not be nested')
        transaction.queued = []
        return ok
      case 'DISCARD':
        if (transaction.queued === undefined) return failure('DISCARD without MULTI')
        this.end(client)
        return ok
      case 'UNWATCH':
        transaction.watched.clear()
        transaction.isTouched = false
        return ok
      case 'WATCH':
        if (transaction.queued !== undefined) return failure('WATCH inside MULTI is not allowed')
        for (const key of command.keys) transaction.watched.set(key, keys.isExpired(key, now))
        return ok
    }
  }

  /** Ends a transaction with `EXEC`: the commands to execute, or the answer if there are none. */
  take(client: number, keys: Keyspace, now: number): readonly Command[] | Reply {
    const transaction = this.#clients.get(client)
    if (transaction?.queued === undefined) return failure('EXEC without MULTI')
    this.end(client)
    if (transaction.isBroken) return aborted
    const hasExpired = [...transaction.watched].some(([key, before]) => !before && keys.isExpired(key, now))
    return transaction.isTouched || hasExpired ? { type: 'nil' } : transaction.queued
  }

  end(client: number): void {
    this.#clients.delete(client)
  }
}

interface Transaction {
  queued: Command[] | undefined
  isBroken: boolean
  isTouched: boolean
  /** The keys that are watched, and whether their time was over already. */
  readonly watched: Map<string, boolean>
}

const ok: Reply = { type: 'status', text: 'OK' }
