import type { Micros } from '../../simulation/duration.ts'
import type { Envelope } from '../system.ts'

/** The port that a broker listens on. */
export const brokerPort = 'memory'

/** Bytes of everything on the wire besides the messages themselves. */
const headerBytes = 64

/** What a client asks of the broker. */
export type Command =
  | { readonly type: 'send'; readonly address: string; readonly envelope: Envelope }
  | { readonly type: 'receive'; readonly queue: string; readonly limit: number }
  | { readonly type: 'stop-receiving'; readonly queue: string }
  | { readonly type: 'acknowledge'; readonly queue: string; readonly receipts: readonly number[] }
  | { readonly type: 'reject'; readonly queue: string; readonly receipt: number; readonly how: 'again' | 'discard' }
  | { readonly type: 'extend'; readonly queue: string; readonly receipt: number; readonly duration: Micros }
  | { readonly type: 'subscribe'; readonly topic: string }
  | { readonly type: 'unsubscribe'; readonly topic: string }

/** Numbers of requests count up from 1. */
export interface Request {
  /** The number that the answer bears; {@link noAnswer} wants none. */
  readonly number: number
  readonly command: Command
}

export const noAnswer = 0

/** A message that the broker hands over. Topics give no receipt: there is nothing to settle. */
export interface HandedMessage {
  readonly envelope: Envelope
  readonly receipt: number | undefined
  readonly attempt: number
}

export type Reply =
  | { readonly type: 'answer'; readonly number: number; readonly taken: boolean; readonly reason: string }
  | { readonly type: 'messages'; readonly messages: readonly HandedMessage[] }

export function commandBytes(command: Command): number {
  return headerBytes + (command.type === 'send' ? command.envelope.size : 0)
}

export function replyBytes(reply: Reply): number {
  if (reply.type === 'answer') return headerBytes
  return reply.messages.reduce((bytes, { envelope }) => bytes + envelope.size, headerBytes)
}
