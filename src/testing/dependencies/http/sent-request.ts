import { isUnchanged } from './unchanged-text.ts'

/** What a call of `fetch` sends. */
export interface SentRequest {
  readonly method: string
  readonly url: URL
  /** In lower case, in the order of the alphabet. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** What may break the call off; nothing where nobody gave one. */
  readonly signal: AbortSignal | undefined
}

/** What is wrong with the arguments is thrown, as `fetch` throws it. */
export function sentRequest(input: string | URL | Request, init: RequestInit = {}): SentRequest | Promise<SentRequest> {
  return plainRequest(input, init) ?? wholeRequest(new Request(input, init))
}

async function wholeRequest(request: Request): Promise<SentRequest> {
  const { method, signal } = request
  signal.throwIfAborted()
  const text = await request.text()
  return { method, url: new URL(request.url), headers: Object.fromEntries(request.headers), text, signal }
}

/**
 * The same of arguments that most calls have: an address, a method, a text, headers in a plain object, a signal. A `Request` of them, with streams and
 * a signal of its own, takes longer than all else of the call. Nothing for any others, nor for those that may be wrong.
 */
export function plainRequest(input: string | URL | Request, init: RequestInit): SentRequest | undefined {
  if (input instanceof Request || !Object.keys(init).every((name) => plainOptions.has(name))) return undefined
  const { method = 'GET', body = null, signal = null } = init
  const url = plainUrl(input)
  const headers = plainHeaders(init.headers ?? {})
  if (url === undefined || headers === undefined || !methods.has(method)) return undefined
  if (signal !== null && !(signal instanceof AbortSignal)) return undefined
  signal?.throwIfAborted()
  const sent = { method, url, signal: signal ?? undefined }
  if (body === null) return { ...sent, headers: sorted(headers), text: '' }
  if (typeof body !== 'string' || bodiless.has(method) || !isUnchanged(body)) return undefined
  if (!headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8')
  return { ...sent, headers: sorted(headers), text: body }
}

const plainOptions: ReadonlySet<string> = new Set(['method', 'headers', 'body', 'signal'])
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])
const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD'])

/** Names that mean nothing beside themselves. */
const plainName = /^[A-Za-z][A-Za-z0-9-]*$/
/** Values in which nothing is to be trimmed. */
const plainValue = /^[!-~]([ -~]*[!-~])?$/

function plainUrl(input: string | URL): URL | undefined {
  try {
    const url = new URL(input)
    return url.username === '' && url.password === '' ? url : undefined
  } catch {
    return undefined
  }
}

function plainHeaders(given: object): Map<string, string> | undefined {
  if (Object.getPrototypeOf(given) !== Object.prototype) return undefined
  const headers = new Map<string, string>()
  for (const [name, value] of Object.entries(given)) {
    const lower = name.toLowerCase()
    if (typeof value !== 'string' || !plainValue.test(value) || !plainName.test(name) || headers.has(lower))
      return undefined
    headers.set(lower, value)
  }
  return headers
}

function sorted(headers: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  return Object.fromEntries([...headers].sort(([one], [other]) => (one < other ? -1 : 1)))
}
