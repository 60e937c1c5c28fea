/** What the SDK adds to what a service answers. */
export interface Metadata {
  readonly httpStatusCode?: number
  readonly requestId?: string
}

/** What a call fails with that the service has refused: the name is what code looks at. */
export class ServiceError extends Error {
  readonly $fault: 'client' | 'server'
  readonly $metadata: Metadata
  readonly Code: string
  readonly Type: 'Sender' | 'Receiver'

  constructor(refusal: ServiceRefusal) {
    const { name, message, code = name, status = 400, requestId } = refusal
    super(message)
    this.name = name
    this.$fault = status < 500 ? 'client' : 'server'
    this.$metadata = { httpStatusCode: status, requestId }
    this.Code = code
    this.Type = status < 500 ? 'Sender' : 'Receiver'
  }
}

interface ServiceRefusal {
  readonly name: string
  readonly message: string
  /** The code of the protocol, where it is not the name. */
  readonly code?: string
  /** Of HTTP. @default 400 */
  readonly status?: number
  readonly requestId: string
}

/** Whether what a producer is told is the code of a service's error; else it is what became of the connection. */
export function isErrorCode(reason: string): boolean {
  return /^[A-Z]\w+$/.test(reason)
}

/** What a call fails with that had no answer, as Node has it: a connection that failed, or a time-out. */
export function connectionError(reason: string): Error {
  const isLate = reason === 'no answer in time'
  const code = isLate ? 'ETIMEDOUT' : (codes[reason] ?? 'ECONNRESET')
  const error = Object.assign(new Error(isLate ? reason : `${reason} (${code})`), { code, $metadata: {} })
  if (isLate) error.name = 'TimeoutError'
  return error
}

const codes: Readonly<Record<string, string>> = {
  'connection refused': 'ECONNREFUSED',
  'connection unreachable': 'ETIMEDOUT',
  'connection timed-out': 'ETIMEDOUT',
  'connection keep-alive': 'ETIMEDOUT',
}

/** What a call fails with that the code gave up itself, by the signal that it passed along. */
export function abortError(): Error {
  const error = Object.assign(new Error('Request aborted'), { $metadata: {} })
  error.name = 'AbortError'
  return error
}
