import type { Program } from '../../../application/program.ts'
import { spawn } from '../../../application/program.ts'
import { receive } from '../../../application/receiving.ts'
import type { Handling, HandlingOutcome } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import type { Delivery } from '../../../systems/system.ts'
import type { OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { givenFor } from '../handling-of.ts'
import { reasonOf } from '../reason-of.ts'
import type { Offsets } from './client.ts'
import { KafkaJsClient } from './client.ts'
import { byTheClient } from './each-message.ts'
import type { KafkaMessage } from './message.ts'
import { messageOf, originOf, partitionOf } from './message.ts'
import { batchErrorOf } from './protocol-error.ts'

/** What one fetch brought of one partition. */
export interface Batch {
  readonly topic: string
  readonly partition: number
  readonly highWatermark: string
  readonly messages: KafkaMessage[]
  isEmpty(): boolean
  firstOffset(): string | null
  lastOffset(): string
  /** How far the end of the partition is ahead of the last message, when it was fetched. */
  offsetLag(): string
  /** The same, of the first message. */
  offsetLagLow(): string
}

/** What `eachBatch` is called with. */
export interface EachBatchPayload {
  readonly batch: Batch
  resolveOffset(offset: string): void
  heartbeat(): Promise<void>
  pause(): () => void
  /** With offsets: commits these. Without: commits what is resolved, if `autoCommitInterval` or `autoCommitThreshold` says that it is time. */
  commitOffsetsIfNecessary(offsets?: Offsets): Promise<void>
  uncommittedOffsets(): Offsets
  isRunning(): boolean
  isStale(): boolean
}

export interface EachBatchOptions {
  /** Whether all of a batch counts as dealt with when the function returns. @default true */
  readonly eachBatchAutoResolve?: boolean
}

/**
 * A consumer whose code is called as by `consumer.run({ eachBatch })` of kafkajs: with all that a fetch brought of a partition. The client commits
 * what is resolved when the function has returned or thrown, if `autoCommit` says so, and fetches again from behind that.
 */
export function eachBatch(
  handler: (payload: EachBatchPayload) => unknown,
  { eachBatchAutoResolve = true }: EachBatchOptions = {},
): OfWholeSource {
  return {
    shape: 'kafkajs.eachBatch',
    *consume(source, user) {
      const client = new KafkaJsClient(source, user.inside, 'kafkajs.eachBatch')
      client.consumer.takeBatches(eachBatchAutoResolve)
      const handleBatch = source.handlerOfMany(
        (handlings) => handleOne(client, user, handler, handlings, eachBatchAutoResolve),
        byTheClient,
      )
      for (;;) {
        const deliveries = yield* receive(source)
        if (deliveries.length === 0) continue
        if (client.consumer.concurrency === 1) yield* handleBatch(deliveries)
        else yield* spawn(handleBatch(deliveries))
      }
    },
  }
}

function* handleOne(
  client: KafkaJsClient,
  user: UserCalls,
  handler: (payload: EachBatchPayload) => unknown,
  handlings: readonly Handling[],
  autoResolve: boolean,
): Program<HandlingOutcome> {
  const { consumer } = client
  const first = handlings[0]?.delivery
  if (first === undefined) return done
  client.handed(handlings)
  const ended = yield* user.call(handlings, () => handler(payloadOf(client, handlings, first)))
  if (ended.kind === 'threw') {
    client.gaveUp(handlings)
    consumer.handlerEnded(first, batchErrorOf(ended.error))
    return failed(reasonOf(ended.error))
  }
  if (consumer.autoCommit && autoResolve) for (const handling of handlings) handling.noteAcknowledged()
  client.gaveUp(handlings)
  consumer.handlerEnded(first, 'NONE')
  return done
}

function payloadOf(client: KafkaJsClient, handlings: readonly Handling[], first: Delivery): EachBatchPayload {
  const partition = partitionOf(first)
  const { consumer } = client
  return {
    batch: batchOf(consumer.topic, partition, handlings, first),
    resolveOffset: (offset) => client.resolveOffset(partition, offset),
    heartbeat: client.heartbeat,
    pause: () => client.pause([partition]),
    commitOffsetsIfNecessary: (offsets) => client.commitOffsetsIfNecessary(offsets),
    uncommittedOffsets: () => client.uncommittedOffsets(),
    isRunning: () => consumer.isRunning,
    isStale: () => false,
  }
}

function batchOf(topic: string, partition: number, handlings: readonly Handling[], first: Delivery): Batch {
  const end = originOf(first)?.highWatermark ?? 0
  const last = handlings.at(-1)?.delivery ?? first
  return {
    topic,
    partition,
    highWatermark: String(end),
    messages: handlings.map((handling) => givenFor(messageOf(handling.delivery), handling)),
    isEmpty: () => handlings.length === 0,
    firstOffset: () => String(first.position),
    lastOffset: () => String(last.position),
    offsetLag: () => String(end - 1 - last.position),
    offsetLagLow: () => String(end - 1 - first.position),
  }
}
