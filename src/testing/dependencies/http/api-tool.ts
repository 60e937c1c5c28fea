import type { Route } from './routes.ts'

/** What a call of an API takes with it, all of it optional. */
export interface ApiCall {
  /** For the places of its path: `{ id: '7' }` for `/charges/:id`. */
  readonly params?: Readonly<Record<string, string | number>>
  readonly query?: Readonly<Record<string, string | number>>
  readonly headers?: Readonly<Record<string, string>>
  /** Text travels as it is, anything else as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** An API for code that is handed its client: `await apis['POST https://api.example.com/charges']({ body })` is a call of `fetch`. */
export type ApiTool = (call?: ApiCall) => Promise<Response>

export function apiTool(route: Pick<Route, 'method' | 'address'>, fetchIt: typeof fetch): ApiTool {
  return async ({ params = {}, query = {}, headers = {}, body, signal } = {}) => {
    const places = Object.entries(params).map(([name, value]) => [name, String(value)] as const)
    const url = new URL(route.address(Object.fromEntries(places)))
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
    const isText = typeof body === 'string'
    return await fetchIt(url, {
      method: route.method,
      headers: { ...(body === undefined || isText ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  }
}
