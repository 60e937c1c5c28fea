import type { Micros } from '../../../simulation/duration.ts'
import type { Effect } from '../store.ts'
import type { ApiReply } from './protocol.ts'

/** What is kept under a key. */
interface KeyEntry {
  readonly parameters: string
  readonly since: Micros
  /** Nothing while the first call is being executed. */
  result: 'executed' | 'error' | undefined
}

/** What a key says of a call: the answer to it, or that it is the first. */
export type KeyVerdict = ApiReply | 'first'

/**
 * The memory of an API for idempotency keys: the result of the first call with a key, whatever it was, for as long as keys are kept. Time is
 * passed in.
 */
export class IdempotencyKeys {
  readonly #keeps: Micros
  readonly #entries = new Map<string, KeyEntry>()

  constructor(keeps: Micros) {
    this.#keeps = keeps
  }

  /** What is to be done about a call with this key; the first one is under way from here on. */
  begin(key: string, effect: Effect, now: Micros): KeyVerdict {
    const parameters = parametersOf(effect)
    const known = this.#entries.get(key)
    if (known === undefined || now - known.since >= this.#keeps) {
      this.#entries.set(key, { parameters, since: now, result: undefined })
      return 'first'
    }
    if (known.parameters !== parameters) return { kind: 'mismatch' }
    return known.result === undefined ? { kind: 'conflict' } : { kind: known.result, replayed: true }
  }

  /** The first call came to its end; without a result the key is free again. */
  end(key: string, result: 'executed' | 'error' | undefined): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    if (result === undefined) this.#entries.delete(key)
    else entry.result = result
  }

  /** Takes a result from the disk, after a start. */
  restore(key: string, effect: Effect, result: 'executed' | 'error', since: Micros): void {
    this.#entries.set(key, { parameters: parametersOf(effect), since, result })
  }
}

/** What the caller asks for: the same key with anything else is a mistake of the caller. */
function parametersOf({ operation, effect, key, value }: Effect): string {
  return `${effect} ${operation} ${key} ${value}`
}
