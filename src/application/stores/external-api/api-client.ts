import type { Program } from '../../program.ts'
import type { RequestClient } from '../request-client.ts'
import type { Effect, StoreClient, StoreOutcome } from '../store.ts'
import type { ApiReply, ApiRequest } from './protocol.ts'

/** How a call ended for its caller; `unknown`: the answer did not come, and it may have been executed. */
export type CallOutcome =
  | Exclude<ApiReply, { readonly kind: 'found' }>
  | { readonly kind: 'unsent' | 'unknown'; readonly reason: string }

/** What a process uses of an API. */
export class ApiClient implements StoreClient {
  readonly kind = 'api'
  readonly #requests: RequestClient<ApiRequest, ApiReply>

  constructor(requests: RequestClient<ApiRequest, ApiReply>) {
    this.#requests = requests
  }

  /** A call without a key. */
  *apply(effect: Effect): Program<StoreOutcome> {
    const outcome = yield* this.call(effect, undefined)
    if (outcome.kind === 'executed') return { kind: 'applied' }
    return { kind: outcome.kind === 'unknown' ? 'unknown' : 'refused', reason: reasonOf(outcome) }
  }

  *call(effect: Effect, key: string | undefined): Program<CallOutcome> {
    const answer = yield* this.#requests.ask('call', { kind: 'call', effect, key }, 512)
    if (answer.kind !== 'answered') return answer
    if (answer.reply.kind === 'found') throw new Error('The API answered a call as if it had been a search.')
    return answer.reply
  }

  /** Whether the operation has had its effect; nothing where no answer came. */
  *find({ operation, effect }: Effect): Program<boolean | undefined> {
    const answer = yield* this.#requests.ask('search', { kind: 'find', operation, effect })
    return answer.kind === 'answered' && answer.reply.kind === 'found' ? answer.reply.found : undefined
  }
}

/** Why a call was no success, in words. */
export function reasonOf(outcome: CallOutcome): string {
  switch (outcome.kind) {
    case 'unsent':
    case 'unknown':
      return outcome.reason
    case 'conflict':
      return 'another call with this key is being executed'
    case 'mismatch':
      return 'this key belongs to other parameters'
    default:
      return outcome.replayed ? 'the first call with this key ended in a server error' : 'server error'
  }
}

export function isApiClient(client: StoreClient): client is ApiClient {
  return client instanceof ApiClient
}
