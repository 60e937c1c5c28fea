import type { Process } from '../../../simulation/process.ts'
import type { Program } from '../../program.ts'
import type { Answer, RequestClient } from '../request-client.ts'
import type { StoreClient, StoreOutcome } from '../store.ts'
import { refused } from '../store.ts'
import { callRefused } from './facts.ts'
import type { ExecutedCall } from './api-server.ts'
import type { HttpReply, HttpRequest } from './protocol.ts'

/** What a process uses of an API. Calls that are under way at the same time have connections of their own; they are kept. */
export class HttpApiClient implements StoreClient {
  readonly kind = 'http-api'
  readonly #process: Process
  readonly #connect: () => RequestClient<HttpRequest, HttpReply>
  readonly #idle: RequestClient<HttpRequest, HttpReply>[] = []
  readonly #executed: readonly ExecutedCall[]

  constructor(
    process: Process,
    connect: () => RequestClient<HttpRequest, HttpReply>,
    executed: readonly ExecutedCall[],
  ) {
    this.#process = process
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
    if (answer.kind === 'answered' && answer.reply.status >= 400) this.#tellRefused(request, answer.reply.status)
    return answer
  }

  #tellRefused({ route, by }: HttpRequest, status: number): void {
    if (by === undefined) return
    const { message, service, attempt } = by
    this.#process.record(callRefused, { message, service, attempt, call: route, status })
  }

  /** The calls that were executed, in order. For when the run is over. */
  get executed(): readonly ExecutedCall[] {
    return this.#executed
  }
}

export function isHttpApiClient(client: StoreClient): client is HttpApiClient {
  return client instanceof HttpApiClient
}
