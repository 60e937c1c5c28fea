import type { Micros } from '../../../simulation/duration.ts'
import { millisecond } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Program } from '../../program.ts'
import { sleep } from '../../program.ts'
import type { RequestClient } from '../request-client.ts'
import type { StoreClient, StoreOutcome } from '../store.ts'
import { refused } from '../store.ts'
import type { Command } from './command.ts'
import { CommandConnection } from './command-connection.ts'
import type { Keyspace } from './keyspace.ts'
import type { CacheReply } from './protocol.ts'

/** What a command came to; `unknown`: no answer, and it may have been executed. */
export type CacheOutcome<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'unknown'; readonly reason: string }

/** Pause before the other server is asked, µs. */
const pause = 100 * millisecond

type Server = RequestClient<Command, CacheReply>

/** What a process uses of a cache. It asks the server that last was the primary, and another one where that is not there any more. */
export class CacheClient implements StoreClient {
  readonly kind = 'cache'
  readonly #servers: readonly Server[]
  readonly #process: Process
  readonly #timeout: Micros
  #preferred = 0

  readonly #nodes: readonly string[]
  readonly #contents: () => Keyspace

  /** `contents`: what the cache holds. */
  constructor(
    servers: readonly Server[],
    nodes: readonly string[],
    process: Process,
    timeout: Micros,
    contents: () => Keyspace,
  ) {
    this.#servers = servers
    this.#nodes = nodes
    this.#contents = contents
    this.#process = process
    this.#timeout = timeout
  }

  /** A connection that speaks commands as the protocol has them. */
  open(): CommandConnection {
    return new CommandConnection(this.#process, this.#nodes)
  }

  /** What the cache holds, in the memory of the server that is the primary. For when the run is over. */
  contents(): Keyspace {
    return this.#contents()
  }

  apply(): Program<StoreOutcome> {
    return refused('a cache takes no effects')
  }

  *get(key: string): Program<CacheOutcome<string | undefined>> {
    const outcome = yield* this.#ask({ kind: 'get', key })
    if (outcome.kind === 'unknown') return outcome
    return { kind: 'answered', value: outcome.value.kind === 'value' ? outcome.value.value : undefined }
  }

  /** Writes the value; `lives` is its time to live. */
  set(key: string, value: string, lives: Micros | undefined): Program<CacheOutcome<boolean>> {
    return this.#done({ kind: 'set', key, value, lives, ifAbsent: false })
  }

  /** Whether there was no such key, and there is now. */
  setIfAbsent(key: string, value: string, lives: Micros | undefined): Program<CacheOutcome<boolean>> {
    return this.#done({ kind: 'set', key, value, lives, ifAbsent: true })
  }

  delete(key: string): Program<CacheOutcome<boolean>> {
    return this.#done({ kind: 'delete', key })
  }

  /** Gives the key, or all members of the set, this time to live from now on. */
  expire(key: string, lives: Micros): Program<CacheOutcome<boolean>> {
    return this.#done({ kind: 'expire', key, lives })
  }

  /** Whether the set did not have the member. */
  add(key: string, member: string): Program<CacheOutcome<boolean>> {
    return this.#done({ kind: 'add', key, member })
  }

  has(key: string, member: string): Program<CacheOutcome<boolean>> {
    return this.#done({ kind: 'has', key, member })
  }

  *#done(command: Command): Program<CacheOutcome<boolean>> {
    const outcome = yield* this.#ask(command)
    if (outcome.kind === 'unknown') return outcome
    return { kind: 'answered', value: outcome.value.kind === 'done' && outcome.value.done }
  }

  /** Asks until somebody answers who may, or until it is not known whether the command was executed. */
  *#ask(command: Command): Program<CacheOutcome<CacheReply>> {
    const until = this.#process.now + this.#timeout
    for (;;) {
      const answer = yield* this.#server.ask(`${command.kind} in`, command)
      if (answer.kind === 'unknown') return answer
      if (answer.kind === 'answered' && answer.reply.kind !== 'not-primary')
        return { kind: 'answered', value: answer.reply }
      this.#preferred = (this.#preferred + 1) % this.#servers.length
      if (this.#process.now >= until) return { kind: 'unknown', reason: 'no server takes commands' }
      yield* sleep(pause)
    }
  }

  get #server(): Server {
    const server = this.#servers[this.#preferred]
    if (server === undefined) throw new Error('A cache has at least one server.')
    return server
  }
}

export function isCacheClient(client: StoreClient): client is CacheClient {
  return client instanceof CacheClient
}
