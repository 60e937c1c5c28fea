import type { Program } from '../../../../application/program.ts'
import { all } from '../../../../application/program.ts'
import { second } from '../../../../simulation/duration.ts'
import type { Said } from '../../../../systems/sqs/client/said-envelope.ts'
import { SaidEnvelope } from '../../../../systems/sqs/client/said-envelope.ts'
import type { SendAnswer } from '../../../../systems/system.ts'
import type { Outgoing } from '../../sending.ts'
import { outgoing } from '../../sending.ts'
import { md5, uuidOf } from '../../sqs/message.ts'
import type { MessageAttribute } from '../../sqs/message-attributes.ts'
import { digestOf } from '../../sqs/message-attributes.ts'
import { fieldsOf } from '../fields-of.ts'
import { connectionError, isErrorCode } from '../service-error.ts'
import type { Answered, CallOfCode } from './call-of-code.ts'
import { answered } from './call-of-code.ts'
import type { Input } from './input.ts'
import type { BatchAnswer, EntryEnd, EntryRefusal } from './settled-messages.ts'
import { batchAnswer } from './settled-messages.ts'
import { sqsError } from './sqs-error.ts'

/**
 * What is said of a message that was sent. The MessageId is not the one that a receive shows, and a FIFO queue's SequenceNumber is not told: a simulated
 * producer knows neither.
 */
export interface SentResult {
  readonly MessageId: string
  readonly MD5OfMessageBody: string
  readonly MD5OfMessageAttributes?: string
}

export type SendMessageAnswer = Answered & SentResult

/** Sends to an output of the check that is named after the queue. */
export async function sendMessage(of: CallOfCode): Promise<SendMessageAnswer> {
  const { inside, input } = of
  const message = toSend(of, input)
  const { outcome, reason } = await inside.perform(() => sent(message.outgoing))
  if (outcome === 'confirmed' || outcome === 'assumed') return { ...answered(of), ...message.result }
  throw errorWith(reason, input.requestId)
}

/** Each entry on its own: the answer says which of them failed. Where nobody knows of one, the call as a whole has failed. */
export async function sendMessageBatch(of: CallOfCode): Promise<BatchAnswer<SentResult>> {
  const messages = of.input.entries().map((entry) => ({ entry, ...toSend(of, entry) }))
  const answers = await of.inside.perform(() => all(messages.map(({ outgoing: each }) => sent(each))))
  const unknown = answers.find(
    ({ outcome, reason }) => outcome === 'unknown' || (outcome === 'rejected' && !isErrorCode(reason)),
  )
  if (unknown !== undefined) throw errorWith(unknown.reason, of.input.requestId)
  return batchAnswer(
    of,
    messages.map(({ entry, result }, place): EntryEnd<SentResult> => {
      const { outcome = 'unknown', reason = '' } = answers[place] ?? {}
      return { entry, end: outcome === 'rejected' ? refusedWith(reason) : result }
    }),
  )
}

function sent({ outbound, envelope, parents }: Outgoing): Program<SendAnswer> {
  return outbound.send(envelope, parents)
}

function toSend(of: CallOfCode, input: Input): { readonly outgoing: Outgoing; readonly result: SentResult } {
  const queue = of.input.queue()
  const body = input.text('MessageBody')
  const attributes = attributesIn(input)
  const headers = Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]))
  const group = groupIn(input, queue)
  const said = saidIn(input, queue, group)
  const made = outgoing(of.inside, [queue], { key: group ?? null, value: body, headers })
  const envelope = new SaidEnvelope(made.envelope, said)
  return {
    outgoing: { ...made, envelope },
    result: {
      MessageId: uuidOf(`${input.requestId}/${of.inside.context.text(envelope.message)}`),
      MD5OfMessageBody: md5(body),
      ...(Object.keys(attributes).length === 0 ? {} : { MD5OfMessageAttributes: digestOf(attributes) }),
    },
  }
}

/** A FIFO queue needs a group; to another one it says whose message it is, and no more. */
function groupIn(input: Input, queue: string): string | undefined {
  return isFifo(queue) ? input.text('MessageGroupId') : input.optionalText('MessageGroupId')
}

function saidIn(input: Input, queue: string, group: string | undefined): Said {
  const delay = input.number('DelaySeconds', 0, longestDelay)
  const deduplicationId = input.optionalText('MessageDeduplicationId')
  const unfit = isFifo(queue)
    ? delay !== undefined && 'DelaySeconds'
    : deduplicationId !== undefined && 'MessageDeduplicationId'
  if (unfit !== false) throw input.invalid(unfit, 'It is not valid for this type of queue.')
  return {
    group: isFifo(queue) ? `key/${group}` : '',
    deduplicationId,
    delay: delay === undefined ? undefined : delay * second,
  }
}

/** Seconds by which a message may be delayed. */
const longestDelay = 900

function isFifo(queue: string): boolean {
  return queue.endsWith('.fifo')
}

/** They travel as texts: bytes in base64, numbers as they are written. */
function attributesIn(input: Input): Record<string, MessageAttribute> {
  return Object.fromEntries(
    Object.entries(input.map('MessageAttributes')).map(([name, value]) => {
      const { DataType, StringValue, BinaryValue } = fieldsOf(value)
      if (typeof DataType !== 'string' || DataType === '')
        throw input.refused('InvalidParameterValue', `The message attribute ${name} must have a DataType.`)
      const text = BinaryValue instanceof Uint8Array ? Buffer.from(BinaryValue).toString('base64') : StringValue
      if (typeof text !== 'string' || text === '')
        throw input.refused(
          'InvalidParameterValue',
          `The message attribute ${name} must have a value of its DataType, and not an empty one.`,
        )
      return [name, { DataType: 'String', StringValue: text }]
    }),
  )
}

function errorWith(reason: string, requestId: string): Error {
  return isErrorCode(reason) ? sqsError(refusedWith(reason), requestId) : connectionError(reason)
}

function refusedWith(code: string): EntryRefusal {
  return { code, message: 'The message was not taken.' }
}
