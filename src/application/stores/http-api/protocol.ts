import type { Effect } from '../store.ts'
import type { HttpAnswer, HttpBehaviour, HttpCall } from './http-call.ts'

export interface HttpRequest {
  /** Of the API: calls of one route share what is kept. */
  readonly route: string
  readonly call: HttpCall
  readonly behaviour: HttpBehaviour
  /** On whose behalf it is called. */
  readonly by: Effect | undefined
}

export type HttpReply = HttpAnswer
