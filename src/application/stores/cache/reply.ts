/** What a command comes to, as it travels: a text, a number, nothing, a word, an error, or a list of these. */
export type Reply = string | number | bigint | null | StatusReply | ErrorReply | readonly Reply[]

interface StatusReply {
  readonly status: string
}

interface ErrorReply {
  readonly error: string
}

export const ok: Reply = { status: 'OK' }

export function isError(reply: Reply): reply is ErrorReply {
  return typeof reply === 'object' && reply !== null && 'error' in reply
}

/** Thrown inside of a command, and caught there: clients get it as a reply. */
export class CommandError extends Error {
  get reply(): Reply {
    return { error: this.message }
  }
}
