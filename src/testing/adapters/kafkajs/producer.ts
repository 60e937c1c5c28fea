import type { Inside } from '../../bridge/inside.ts'
import { inside } from '../../bridge/inside.ts'
import { sendFrom } from '../sending.ts'
import { KafkaJSNumberOfRetriesExceeded } from './protocol-error.ts'

type HeaderValue = Buffer | string | (Buffer | string)[] | undefined

/** A message that is to be produced. */
export interface ProducedMessage {
  readonly key?: Buffer | string | null
  readonly value: Buffer | string | null
  readonly headers?: { readonly [name: string]: HeaderValue }
  readonly partition?: number
  readonly timestamp?: string
}

export interface ProducerRecord {
  readonly topic: string
  readonly messages: readonly ProducedMessage[]
  readonly acks?: number
  readonly timeout?: number
}

export interface ProducerBatch {
  readonly topicMessages?: readonly Pick<ProducerRecord, 'topic' | 'messages'>[]
}

/** What kafkajs says of a topic that was sent to. Partitions and offsets are the broker's, and a simulated producer is not told them: -1. */
export interface RecordMetadata {
  readonly topicName: string
  readonly partition: number
  readonly errorCode: number
}

/** The calls of a kafkajs producer that code under test makes. */
export interface SimulatedProducer {
  connect(): Promise<void>
  disconnect(): Promise<void>
  send(record: ProducerRecord): Promise<RecordMetadata[]>
  sendBatch(batch: ProducerBatch): Promise<RecordMetadata[]>
}

/**
 * A producer in the shape of kafkajs, over the simulated producer of the service that the calling code runs in. How it produces (`acks`, `idempotent`,
 * retries) is said where the check declares the topic: `acks` and `timeout` of a call have no meaning here, nor has the `partition` of a message.
 */
export function producer(): SimulatedProducer {
  return {
    connect: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    send: async (record) => [await sendRecord(calling(), record)],
    sendBatch: ({ topicMessages = [] }) => Promise.all(topicMessages.map((record) => sendRecord(calling(), record))),
  }
}

function calling(): Inside {
  const found = inside()
  if (found === undefined) throw new Error('This producer sends only from code that runs in a check.')
  return found
}

async function sendRecord(
  from: Inside,
  { topic, messages }: Pick<ProducerRecord, 'topic' | 'messages'>,
): Promise<RecordMetadata> {
  const answers = await Promise.all(
    messages.map(({ key, value, headers }) => sendFrom(from, topic, { key, value, headers: headerTexts(headers) })),
  )
  const failed = answers.find(({ outcome }) => outcome === 'rejected' || outcome === 'unknown')
  if (failed !== undefined) throw new KafkaJSNumberOfRetriesExceeded(failed.reason || `${topic} did not take it`)
  return { topicName: topic, partition: -1, errorCode: 0 }
}

function headerTexts(headers: ProducedMessage['headers'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value
      return first === undefined ? [] : [[name, first.toString()]]
    }),
  )
}
