import { inside } from '../../bridge/inside.ts'
import type { KafkaJsClient } from './client.ts'
import { clientsOf } from './client.ts'

/** A next offset of one partition: that of the last message that is done with, plus one. */
export interface TopicPartitionOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

export interface TopicPartitions {
  readonly topic: string
  /** Default: all. */
  readonly partitions?: readonly number[]
}

/** The calls of a kafkajs consumer that handlers make on it. */
export interface SimulatedConsumer {
  commitOffsets(offsets: readonly TopicPartitionOffset[]): Promise<void>
  pause(topics: readonly TopicPartitions[]): void
  resume(topics: readonly TopicPartitions[]): void
}

/** The consumer that runs the handler, for code that commits by itself: `await consumer.commitOffsets([{ topic, partition, offset }])`. */
export function consumer(): SimulatedConsumer {
  return {
    commitOffsets: async (offsets) => {
      for (const client of calling()) {
        const own = offsets.filter(({ topic }) => topic === client.consumer.topic)
        const next = new Map(own.map(({ partition, offset }) => [partition, Number(offset)]))
        if (next.size > 0) await client.commitOffsets(next)
      }
    },
    pause: (topics) => {
      for (const client of calling()) client.pause(partitionsOf(topics, client))
    },
    resume: (topics) => {
      for (const client of calling()) client.resume(partitionsOf(topics, client))
    },
  }
}

function calling(): readonly KafkaJsClient[] {
  const process = inside()
  if (process === undefined) throw new Error('This consumer can be called only by code that runs in a check.')
  return clientsOf(process)
}

function partitionsOf(topics: readonly TopicPartitions[], { consumer: { topic, assigned } }: KafkaJsClient) {
  return topics.flatMap((each) => (each.topic === topic ? (each.partitions ?? assigned) : []))
}
