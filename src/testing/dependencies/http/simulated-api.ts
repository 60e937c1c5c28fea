import { second } from '../../../simulation/duration.ts'
import type { ApiState, HttpAnswer, HttpBehaviour, HttpCall } from '../../../application/stores/http-api/http-call.ts'
import type { EffectSource } from '../pg/effect-rules.ts'
import { asked } from '../../wrong-check.ts'
import { jsonAnswer } from '../../../application/stores/http-api/http-call.ts'

/** What an API answers: an object is its JSON; `status` is 200 by default. */
export interface ApiResponse {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** How an API behaves that a check declares. */
export interface SimulatedApi {
  readonly respond: (call: HttpCall, state: ApiState) => ApiResponse
  readonly keyOf?: (call: HttpCall) => string | undefined
  /** How many seconds a key is remembered. */
  readonly keepsKeys?: number
  /** What the effect of an executed call is called; by default the last part of the address. */
  readonly effect?: string
  /** The operation that an executed call is the effect of; by default that of the message that is being handled. `false` for no effect. */
  readonly operation?: ((call: HttpCall, source: EffectSource) => string | undefined) | false
}

/** Options of the ready-made APIs. */
export type ApiOptions = Pick<SimulatedApi, 'effect' | 'operation'>

/** An API of one's own: a function of the call and of what the API keeps. A call is an effect only if `operation` says of what. */
export function api(respond: SimulatedApi['respond'], options: Omit<SimulatedApi, 'respond'> = {}): SimulatedApi {
  return { operation: false, ...options, respond }
}

/** A payment provider without idempotency keys: every call charges. */
export function charges(options: ApiOptions = {}): SimulatedApi {
  return { ...options, respond: charge }
}

/**
 * A payment provider that takes an idempotency key in the header `Idempotency-Key`, and remembers it for `keepsKeys` seconds (24 h by default): a
 * further call with it gets the answer of the first one, or 409 while that is being executed, or 422 if its body is another one.
 */
export function chargesWithIdempotencyKeys(options: ApiOptions & { readonly keepsKeys?: number } = {}): SimulatedApi {
  return { ...options, respond: charge, keyOf: ({ headers }) => headers['idempotency-key'] }
}

/** A service that sends mail: nothing makes a mail that was sent twice one. */
export function mail(options: ApiOptions = {}): SimulatedApi {
  return {
    ...options,
    respond: (_, state) => {
      const sent = countIn(state, 'sent')
      return { status: 202, body: { id: `mail-${sent}` } }
    },
  }
}

function charge({ body }: HttpCall, state: ApiState): ApiResponse {
  const count = countIn(state, 'charges')
  const given = typeof body === 'object' && body !== null ? body : {}
  return { status: 201, body: { ...given, id: `charge-${count}`, status: 'succeeded' } }
}

/** One more. */
function countIn(state: ApiState, name: string): number {
  const count = Number(state[name] ?? 0) + 1
  state[name] = count
  return count
}

/** How the node of an API behaves for a route when it is called on behalf of a message, or of none. */
export function behaviourOf(declared: SimulatedApi, url: string, by: EffectSource | undefined): HttpBehaviour {
  const { respond, keyOf, keepsKeys = 86_400, operation, effect = lastPart(url) } = declared
  return {
    respond: (call, state) =>
      asAnswer(
        asked(
          () => `the API at ${url}`,
          () => respond(call, state),
        ),
      ),
    ...(keyOf === undefined ? {} : { keyOf }),
    keepsKeys: keepsKeys * second,
    effect,
    operationOf: (call) => {
      if (operation === false) return undefined
      if (operation === undefined) return by?.operation
      return asked(
        () => `what says of what a call of ${url} is the effect`,
        () => operation(call, by ?? { message: '', operation: '' }),
      )
    },
  }
}

function asAnswer({ status = 200, headers = {}, body }: ApiResponse): HttpAnswer {
  if (body === undefined) return { status, headers, body: '' }
  if (typeof body === 'string') return { status, headers: { 'content-type': 'text/plain', ...headers }, body }
  const json = jsonAnswer(status, body)
  return { ...json, headers: { ...json.headers, ...headers } }
}

function lastPart(url: string): string {
  return url.split('/').findLast((part) => part !== '' && !part.startsWith(':')) ?? 'call'
}
