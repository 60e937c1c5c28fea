import type { Micros } from '../../../simulation/duration.ts'
import type { Change } from './command.ts'
import { findCommand } from './commands/registry.ts'
import type { Keyspace } from './keyspace.ts'
import type { Reply } from './reply.ts'
import { CommandError, ok } from './reply.ts'

/** What a server says to the commands of one connection, in order, and what they changed. */
export interface Replies {
  readonly replies: readonly Reply[]
  readonly changes: readonly Change[]
}

/** One connection as the server sees it: transactions are gathered, and keys are watched. */
export class CacheSession {
  readonly #keys: Keyspace
  /** The commands since `multi`; nothing outside of it. */
  #gathered: (readonly string[])[] | undefined
  #isSpoilt = false
  readonly #watched = new Map<string, number>()

  constructor(keys: Keyspace) {
    this.#keys = keys
  }

  execute(commands: readonly (readonly string[])[], now: Micros): Replies {
    const changes: Change[] = []
    const replies = commands.map((words) => this.#one(words, now, changes))
    return { replies, changes }
  }

  #one(words: readonly string[], now: Micros, changes: Change[]): Reply {
    const [name = '', ...given] = words
    switch (name.toLowerCase()) {
      case 'multi':
        if (this.#gathered !== undefined) return { error: 'ERR MULTI calls can not be nested' }
        this.#gathered = []
        this.#isSpoilt = false
        return ok
      case 'exec':
        return this.#exec(now, changes)
      case 'discard':
        if (this.#gathered === undefined) return { error: 'ERR DISCARD without MULTI' }
        this.#end()
        return ok
      case 'watch':
        if (this.#gathered !== undefined) return { error: 'ERR WATCH inside MULTI is not allowed' }
        for (const key of given) if (!this.#watched.has(key)) this.#watched.set(key, this.#keys.versionOf(key, now))
        return ok
      case 'unwatch':
        if (this.#gathered === undefined) this.#watched.clear()
        return this.#gathered === undefined ? ok : this.#gather(words)
      case 'client':
      case 'select':
        return ok
      default:
        return this.#gathered === undefined ? this.#call(words, now, changes) : this.#gather(words)
    }
  }

  #gather(words: readonly string[]): Reply {
    const [name = '', ...given] = words
    try {
      findCommand(name, given)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.#isSpoilt = true
      return error.reply
    }
    this.#gathered?.push(words)
    return { status: 'QUEUED' }
  }

  #exec(now: Micros, changes: Change[]): Reply {
    const gathered = this.#gathered
    if (gathered === undefined) return { error: 'ERR EXEC without MULTI' }
    const isStale = [...this.#watched].some(([key, version]) => this.#keys.versionOf(key, now) !== version)
    const isSpoilt = this.#isSpoilt
    this.#end()
    if (isSpoilt) return { error: 'EXECABORT Transaction discarded because of previous errors.' }
    return isStale ? null : gathered.map((words) => this.#call(words, now, changes))
  }

  #end(): void {
    this.#gathered = undefined
    this.#watched.clear()
  }

  #call(words: readonly string[], now: Micros, changes: Change[]): Reply {
    const done = this.#keys.call(words, now)
    changes.push(...done.changes)
    return done.reply
  }
}
