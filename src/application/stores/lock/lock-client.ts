import type { Micros } from '../../../simulation/duration.ts'
import type { Program } from '../../program.ts'
import type { RequestClient } from '../request-client.ts'
import type { StoreClient, StoreOutcome } from '../store.ts'
import { refused } from '../store.ts'
import type { LockReply, LockRequest } from './protocol.ts'

/** `unknown`: the answer did not come; the lock may be held in the name of the caller until its lease is over. */
export type AcquireOutcome =
  | { readonly kind: 'granted'; readonly token: number }
  | { readonly kind: 'unknown'; readonly reason: string }

/** What a process uses of a lock service. */
export class LockClient implements StoreClient {
  readonly kind = 'lock'
  readonly #owner: string
  readonly #requests: RequestClient<LockRequest, LockReply>

  constructor(owner: string, requests: RequestClient<LockRequest, LockReply>) {
    this.#owner = owner
    this.#requests = requests
  }

  apply(): Program<StoreOutcome> {
    return refused('a lock service takes no effects')
  }

  /** Waits for the lock, as long as a client waits for an answer. */
  *acquire(lock: string, lease: Micros): Program<AcquireOutcome> {
    const answer = yield* this.#requests.ask('acquire from', { kind: 'acquire', lock, lease, owner: this.#owner })
    if (answer.kind !== 'answered') return { kind: 'unknown', reason: answer.reason }
    return answer.reply.kind === 'granted' ? answer.reply : { kind: 'unknown', reason: answer.reply.kind }
  }

  /** Whether the lease goes on for its full time from now. */
  *renew(lock: string, token: number): Program<boolean> {
    const answer = yield* this.#requests.ask('renew at', { kind: 'renew', lock, token })
    return answer.kind === 'answered' && answer.reply.kind === 'renewed'
  }

  /** Whether the lock was still held. */
  *release(lock: string, token: number): Program<boolean> {
    const answer = yield* this.#requests.ask('release at', { kind: 'release', lock, token })
    return answer.kind === 'answered' && answer.reply.kind === 'released'
  }
}

export function isLockClient(client: StoreClient): client is LockClient {
  return client instanceof LockClient
}
