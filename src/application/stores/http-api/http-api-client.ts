import type { Program } from '../../program.ts'
import type { Answer, RequestClient } from '../request-client.ts'
import type { StoreClient, StoreOutcome } from '../store.ts'
import { refused } from '../store.ts'
import type { ExecutedCall } from './api-server.ts'
import type { HttpReply, HttpRequest } from './protocol.ts'

/** What a process uses of an API. Calls that are under way at the same time have connections of their own; they are kept. */
export class HttpApiClient implements StoreClient {
  readonly kind = 'http-api'
  readonly #connect: () => RequestClient<HttpRequest, HttpReply>
  readonly #idle: RequestClient<HttpRequest, HttpReply>[] = []
  readonly #executed: readonly ExecutedCall[]

  constructor(connect: () => RequestClient<HttpRequest, HttpReply>, executed: readonly ExecutedCall[]) {
    this.#connect = connect
    this.#executed = executed
  }

  apply(): Program<StoreOutcome> {
    return refused('an API is called with fetch')
  }

  *call(request: HttpRequest): Program<Answer<HttpReply>> {
    const connection = this.#idle.pop() ?? this.#connect()
    const answer = yield* connection.ask(`${request.call.method.toLowerCase()} of`, request, 512)
    this.#idle.push(connection)
    return answer
  }

  /** The calls that were executed, in order. For when the run is over. */
  get executed(): readonly ExecutedCall[] {
    return this.#executed
  }
}

export function isHttpApiClient(client: StoreClient): client is HttpApiClient {
  return client instanceof HttpApiClient
}
