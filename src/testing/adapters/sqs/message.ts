import { createHash } from 'node:crypto'
import { wallClockStart } from '../../../simulation/wall-clock.ts'
import { ownDelivery } from '../../../systems/sqs/client/delivery.ts'
import type { Handling, MessageIds } from '../../../application/strategies/strategy.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { WrongCheck } from '../../wrong-check.ts'
import { bytesOf } from '../payload.ts'
import type { MessageAttribute } from './message-attributes.ts'
import { attributesOf, digestOf } from './message-attributes.ts'
import { receiptHandleOf } from './receipt-handle.ts'

/** A message as ReceiveMessage of the AWS SDK (version 3) gives it, with the attributes that were asked for. */
export interface SqsMessage {
  /** Of the message in the queue: what is sent twice has two, what is received twice has one. */
  readonly MessageId: string
  /** Of this receive. */
  readonly ReceiptHandle: string
  readonly MD5OfBody: string
  readonly Body: string
  /** System attributes, all of them texts; there are none unless some were asked for. */
  readonly Attributes?: Record<string, string>
  readonly MD5OfMessageAttributes?: string
  readonly MessageAttributes?: Record<string, MessageAttribute>
}

/** What a receive asks for besides the message itself. */
export interface AskedFor {
  /** Names of system attributes (`ApproximateReceiveCount`), or `All`. */
  readonly system: readonly string[]
  /** Names of attributes that the sender gave, beginnings of names (`trace.*`), or `All`. */
  readonly message: readonly string[]
}

/** The message of a delivery. Headers of the fixture are its attributes, as texts. */
export function messageOf(handling: Handling, asked: AskedFor): SqsMessage {
  const delivery = ownDelivery(handling.delivery)
  const { envelope } = delivery
  const body = textBodyOf(envelope.body)
  const system = named(systemAttributesOf(handling, body), asked.system)
  const attributes = attributesOf(envelope.headers, asked.message)
  return {
    MessageId: uuidOf(`${delivery.partition}/${delivery.entry.id}`),
    ReceiptHandle: receiptHandleOf(delivery),
    MD5OfBody: md5(body),
    Body: body,
    ...(Object.keys(system).length === 0 ? {} : { Attributes: system }),
    ...(Object.keys(attributes).length === 0
      ? {}
      : { MD5OfMessageAttributes: digestOf(attributes), MessageAttributes: attributes }),
  }
}

/** Every system attribute, as the service writes it: times in ms since 1970. */
export function systemAttributesOf({ delivery, ids }: Handling, body: string): Record<string, string> {
  const { receives, sentAt, firstReceivedAt, fifo, deadLetterOf } = ownDelivery(delivery).entry
  return {
    SenderId: 'AIDAONCEPROOFSIMULATED',
    SentTimestamp: millisecondsOf(sentAt),
    ApproximateReceiveCount: String(receives),
    ApproximateFirstReceiveTimestamp: millisecondsOf(firstReceivedAt),
    ...(fifo === undefined
      ? {}
      : {
          MessageGroupId: asSent(fifo.group, ids, body),
          MessageDeduplicationId: asSent(fifo.deduplicationId ?? ofContent, ids, body),
          SequenceNumber: String(fifo.sequence).padStart(20, '0'),
        }),
    ...(deadLetterOf === undefined ? {} : { DeadLetterQueueSourceArn: arnOf(deadLetterOf) }),
  }
}

/** How an id begins that the queue takes from the content. */
const ofContent = 'content/'

/** Ids are told apart by what they were taken from: the key, the message, the operation, or the content by the queue. */
function asSent(id: string, { key, message, operation }: MessageIds, body: string): string {
  if (id.startsWith(ofContent)) return createHash('sha256').update(body).digest('hex')
  if (id === `key/${key}` && key !== '') return key
  if (id.startsWith('message/')) return message
  return id.startsWith('operation/') ? operation : id
}

/** Where everything is. */
export const region = 'eu-central-1'

const account = '123456789012'

export function arnOf(queue: string): string {
  return `arn:aws:sqs:${region}:${account}:${queue}`
}

export function urlOf(queue: string): string {
  return `https://sqs.${region}.amazonaws.com/${account}/${queue}`
}

/** A body is a text of one character at least; what is neither text nor bytes travels as JSON. */
function textBodyOf(value: unknown): string {
  const bytes = bytesOf(value)
  if (bytes === null || bytes.length === 0) throw new NoBody('there is none in one of the messages of the check')
  const text = bytes.toString()
  if (!Buffer.from(text).equals(bytes)) throw new NoBody('one of the messages of the check has bytes that are no text')
  return text
}

/** SQS would not take the message. */
class NoBody extends WrongCheck {
  override readonly name = 'NoBody'

  constructor(problem: string) {
    super(`A message of SQS has a text for a body, and ${problem}: give it a \`value\``)
  }
}

function named(attributes: Record<string, string>, names: readonly string[]): Record<string, string> {
  if (names.includes('All')) return attributes
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes(name)))
}

function millisecondsOf(time: Micros): string {
  return String(Math.floor((wallClockStart + time) / 1000))
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/** The same id for the same text, in the form that the service has. */
export function uuidOf(text: string): string {
  const hex = md5(text)
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)]
  return parts.join('-')
}
