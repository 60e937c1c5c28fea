import type { HttpApiClient } from '../../../application/stores/http-api/http-api-client.ts'
import type { HttpCall } from '../../../application/stores/http-api/http-call.ts'
import type { HttpReply } from '../../../application/stores/http-api/protocol.ts'
import type { Answer } from '../../../application/stores/request-client.ts'
import type { Effect } from '../../../application/stores/store.ts'
import type { Inside } from '../../bridge/inside.ts'
import type { Route } from './routes.ts'
import { behaviourOf } from './simulated-api.ts'
import { answerResponse } from './answer-response.ts'
import { sentRequest } from './sent-request.ts'
import { UnsimulatedAddress } from './unsimulated-address.ts'

export interface FetchPlace {
  readonly inside: Pick<Inside, 'perform' | 'context'>
  readonly routes: readonly Route[]
  clientOf(store: string): HttpApiClient
  by(): Effect | undefined
  /** An address was called that is not simulated: the check fails by it. */
  unsupported(error: UnsimulatedAddress): void
}

/** The `fetch` of one process: calls go through the simulated network to the node of their API. */
export function simulatedFetch(place: FetchPlace): typeof fetch {
  return async (input, init) => {
    const by = place.by()
    const given = sentRequest(input, init)
    const { method, url, headers, text, signal } = given instanceof Promise ? await given : given
    const found = place.routes.flatMap((route) => {
      if (route.origin !== url.origin || route.method !== method) return []
      const params = route.params(url.pathname)
      return params === undefined ? [] : [{ route, params }]
    })
    const [first] = found
    if (first === undefined) {
      const error = new UnsimulatedAddress(`${method} ${url.href}`)
      place.unsupported(error)
      throw new TypeError('fetch failed', { cause: error })
    }
    const { route, params } = first
    const query = Object.fromEntries(url.searchParams)
    const call: HttpCall = { method, url: url.href, params, query, headers, text, body: parsed(text, headers) }
    const { context } = place.inside
    const source = by && { message: context.text(by.message), operation: context.text(by.operation) }
    const behaviour = { ...behaviourOf(route.api, route.url, source), caller: context.service }
    const client = place.clientOf(route.store)
    const answer = place.inside.perform(() => client.call({ route: route.name, call, behaviour, by }), {
      givenUp: signal,
    })
    return responseOf(await (signal === undefined ? answer : unlessAborted(signal, answer)))
  }
}

function parsed(text: string, headers: Readonly<Record<string, string>>): unknown {
  const type = headers['content-type'] ?? ''
  if (type.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return text
  }
}

/** Whoever gives up does not take back what is under way. */
function unlessAborted<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function responseOf(answer: Answer<HttpReply>): Response {
  if (answer.kind === 'answered') {
    const { status, headers, body } = answer.reply
    return answerResponse(body, { status, headers })
  }
  throw new TypeError('fetch failed', { cause: causeOf(answer.reason) })
}

function causeOf(reason: string): Error {
  switch (reason) {
    case 'refused':
      return withCode('connect ECONNREFUSED', 'ECONNREFUSED')
    case 'unreachable':
      return withCode('Connect Timeout Error', 'UND_ERR_CONNECT_TIMEOUT')
    case 'reset':
      return withCode('read ECONNRESET', 'ECONNRESET')
    case 'time-out':
      return withCode('Headers Timeout Error', 'UND_ERR_HEADERS_TIMEOUT')
    default:
      return withCode('other side closed', 'UND_ERR_SOCKET')
  }
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code })
}
