import type { Micros } from '../../../simulation/duration.ts'

/** A call as the API gets it. */
export interface HttpCall {
  readonly method: string
  readonly url: string
  /** What stands in the places of the pattern: `{ id: '7' }` for `/charges/:id`. */
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Parsed, where it is JSON or a form; else the text. */
  readonly body: unknown
  readonly text: string
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A text, as it travels. */
  readonly body: string
}

/** What an API keeps, for all its calls. */
export type ApiState = Record<string, unknown>

/** How an API behaves: it is given with each call, as code does not travel. */
export interface HttpBehaviour {
  /** Called when a call is executed; what it does to the state lasts if the call comes to its end. */
  respond(call: HttpCall, state: ApiState): HttpAnswer
  /** The idempotency key of a call: of calls with the same one, only the first is executed. */
  keyOf?(call: HttpCall): string | undefined
  /** How long a key is remembered, µs. */
  readonly keepsKeys: Micros
  /** What the effect of an executed call is called. */
  readonly effect: string
  /** Whose code calls, where no message is being handled. */
  readonly caller?: string
  /** The operation that an executed call is the effect of; nothing where it has none. */
  operationOf(call: HttpCall, answer: HttpAnswer): string | undefined
}

export function jsonAnswer(status: number, body: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
