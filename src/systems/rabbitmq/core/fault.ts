/** An error that closes a channel, or with `scope: 'connection'` the whole connection, as AMQP 0-9-1 numbers them. */
export interface Fault {
  readonly scope: 'channel' | 'connection'
  readonly code: number
  readonly text: string
}

export const accessRefused = (what: string): Fault => channelFault(403, `ACCESS_REFUSED - ${what}`)
export const notFound = (what: string): Fault => channelFault(404, `NOT_FOUND - ${what}`)
export const resourceLocked = (what: string): Fault => channelFault(405, `RESOURCE_LOCKED - ${what}`)
export const preconditionFailed = (what: string): Fault => channelFault(406, `PRECONDITION_FAILED - ${what}`)
export const commandInvalid = (what: string): Fault => connectionFault(503, `COMMAND_INVALID - ${what}`)
export const notAllowed = (what: string): Fault => connectionFault(530, `NOT_ALLOWED - ${what}`)
export const notImplemented = (what: string): Fault => connectionFault(540, `NOT_IMPLEMENTED - ${what}`)
export const internalError = (what: string): Fault => connectionFault(541, `INTERNAL_ERROR - ${what}`)

function channelFault(code: number, text: string): Fault {
  return { scope: 'channel', code, text }
}

function connectionFault(code: number, text: string): Fault {
  return { scope: 'connection', code, text }
}
