import type { Micros } from '../../simulation/duration.ts'
import type { ChannelCommand } from './core/command.ts'
import type { FieldTable } from './core/field-table.ts'
import type { Content, Message } from './core/message.ts'
import type { Frame } from './core/output.ts'

/*
 * What clients and brokers say to each other over a connection: the frames of AMQP 0-9-1, as far as they matter. A method of a channel is the
 * command of the core that it stands for, and its answer the output of the core; both leave out the channel, whose number is the
 * connection's own here. The bodies of messages are numbers of the system's table of contents.
 *
 * Left out: the steps of the handshake (one exchange stands for protocol header, start, tune and open), authentication, `connection.secret`,
 * `channel.flow`, the splitting of contents into frames, and `noWait`: every method of which AMQP asks an answer has one.
 */

/** The port that brokers listen on. */
export const brokerPort = 'amqp'

/** A method of a channel: `basic.publish` is `{ kind: 'publish', ... }`. */
export type Method = WithoutChannel<
  Exclude<ChannelCommand, { readonly kind: 'close-channel' | 'check-acknowledgements' }>
>

/** What comes from the broker on a channel: an answer, or a delivery, a return, a confirm, a cancellation. */
export type Answer = WithoutChannel<Exclude<Frame, { readonly kind: 'channel-closed' | 'connection-closed' }>>

type WithoutChannel<T> = T extends unknown ? Omit<T, 'channel'> : never

/** What the client can do, as it says when it connects. Clients of these days can do both. */
export interface Capabilities {
  /** `consumer_cancel_notify`: without it the client is not told that its queue is gone. */
  readonly consumerCancelNotify: boolean
  /** `connection.blocked`: without it an alarm is nothing but a socket that nobody reads. */
  readonly connectionBlocked: boolean
}

/** The heartbeat time-out that a client wants, µs; 0 leaves it to the broker. The client has the last word: it can also have none. */
export type WantedHeartbeat = Micros | 'none'

export type ClientFrame =
  | {
      readonly type: 'open-connection'
      readonly heartbeat: WantedHeartbeat
      readonly capabilities: Capabilities
    }
  /** `connection.close`, answered with `connection-close-ok`. */
  | { readonly type: 'close-connection' }
  /** The answer to a broker that closed the connection. */
  | { readonly type: 'connection-close-ok' }
  | { readonly type: 'heartbeat' }
  /** Numbers of channels count from 1; one may be used again when its closing has been answered. */
  | { readonly type: 'open-channel'; readonly channel: number }
  | { readonly type: 'close-channel'; readonly channel: number }
  /** The answer to a broker that closed the channel. What came on it before that, the broker has thrown away. */
  | { readonly type: 'channel-close-ok'; readonly channel: number }
  | { readonly type: 'method'; readonly channel: number; readonly method: Method }

export type ServerFrame =
  | {
      readonly type: 'connection-opened'
      /** The heartbeat time-out that both go by, µs; 0 for none. */
      readonly heartbeat: Micros
      /** The most channels that the connection may have. */
      readonly channelMax: number
    }
  /** An error closes the connection; the code is that of AMQP: 320 CONNECTION_FORCED, 503, 504, 530, 540, 541 … */
  | { readonly type: 'close-connection'; readonly code: number; readonly text: string }
  | { readonly type: 'connection-close-ok' }
  | { readonly type: 'connection-blocked'; readonly reason: string }
  | { readonly type: 'connection-unblocked' }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'channel-opened'; readonly channel: number }
  /** An error closes the channel: 403, 404, 405, 406. Everything that it had unacknowledged goes back. */
  | { readonly type: 'close-channel'; readonly channel: number; readonly code: number; readonly text: string }
  | { readonly type: 'channel-close-ok'; readonly channel: number }
  | { readonly type: 'method'; readonly channel: number; readonly answer: Answer }

/**
 * The heartbeat time-out of a connection, from what both sides want: the shorter one, and where one does not care, the other's. Java and amqplib
 * compute it alike.
 */
export function negotiateHeartbeat(client: WantedHeartbeat, server: Micros): Micros {
  if (client === 'none') return 0
  return client === 0 || server === 0 ? Math.max(client, server) : Math.min(client, server)
}

/** A frame's head and end, and the fixed fields of a method. */
const frameBytes = 24
/** The header frame of a content, without properties that vary. */
const contentHeaderBytes = 64

/** Size on the wire. */
export function clientFrameBytes(frame: ClientFrame): number {
  if (frame.type !== 'method' || frame.method.kind !== 'publish') return frameBytes
  const { exchange, routingKey, content } = frame.method
  return frameBytes + exchange.length + routingKey.length + contentBytes(content)
}

export function serverFrameBytes(frame: ServerFrame): number {
  if (frame.type !== 'method') return frameBytes
  const { answer } = frame
  if (answer.kind !== 'deliver' && answer.kind !== 'got' && answer.kind !== 'return') return frameBytes
  const { message } = answer
  return frameBytes + message.exchange.length + (message.routingKeys[0]?.length ?? 0) + contentBytes(message)
}

/** What a frame is, for people: `basic.publish`. */
export function nameOfFrame(frame: ClientFrame | ServerFrame): string {
  if (frame.type !== 'method') return frameNames[frame.type]
  return 'method' in frame ? methodNames[frame.method.kind] : answerNames(frame.answer)
}

function contentBytes({ bytes, properties }: Content | Message): number {
  return contentHeaderBytes + tableBytes(properties.headers) + bytes
}

function tableBytes(table: FieldTable | undefined): number {
  if (table === undefined) return 0
  let bytes = 0
  for (const [name, value] of Object.entries(table)) {
    bytes += name.length + (typeof value === 'string' ? value.length : smallField)
  }
  return bytes
}

/** Bytes that stand for a number, or whatever else is in a table. */
const smallField = 8

const frameNames: Readonly<Record<Exclude<(ClientFrame | ServerFrame)['type'], 'method'>, string>> = {
  'open-connection': 'connection.open',
  'connection-opened': 'connection.open-ok',
  'close-connection': 'connection.close',
  'connection-close-ok': 'connection.close-ok',
  'connection-blocked': 'connection.blocked',
  'connection-unblocked': 'connection.unblocked',
  heartbeat: 'heartbeat',
  'open-channel': 'channel.open',
  'channel-opened': 'channel.open-ok',
  'close-channel': 'channel.close',
  'channel-close-ok': 'channel.close-ok',
}

const methodNames = {
  'declare-exchange': 'exchange.declare',
  'delete-exchange': 'exchange.delete',
  bind: 'queue.bind',
  unbind: 'queue.unbind',
  'declare-queue': 'queue.declare',
  'delete-queue': 'queue.delete',
  purge: 'queue.purge',
  publish: 'basic.publish',
  get: 'basic.get',
  consume: 'basic.consume',
  cancel: 'basic.cancel',
  acknowledge: 'basic.ack',
  reject: 'basic.nack',
  recover: 'basic.recover',
  prefetch: 'basic.qos',
  'confirm-select': 'confirm.select',
  'tx-select': 'tx.select',
  'tx-commit': 'tx.commit',
  'tx-rollback': 'tx.rollback',
} satisfies Readonly<Record<Method['kind'], string>>

const namesByCommand: Readonly<Record<string, string>> = methodNames

function answerNames(answer: Answer): string {
  switch (answer.kind) {
    case 'done':
      return `${namesByCommand[answer.command] ?? answer.command}-ok`
    case 'queue-declared':
      return 'queue.declare-ok'
    case 'emptied':
      return 'queue.purge-ok'
    case 'consuming':
      return 'basic.consume-ok'
    case 'cancelled':
      return 'basic.cancel-ok'
    case 'deliver':
      return 'basic.deliver'
    case 'got':
      return 'basic.get-ok'
    case 'got-nothing':
      return 'basic.get-empty'
    case 'return':
      return 'basic.return'
    case 'confirm':
      return `basic.${answer.answer}`
    case 'consumer-cancelled':
      return 'basic.cancel'
  }
}
