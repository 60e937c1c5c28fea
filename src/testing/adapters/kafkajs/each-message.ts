import type { Program } from '../../../application/program.ts'
import { spawn } from '../../../application/program.ts'
import { receive } from '../../../application/receiving.ts'
import type { Ways } from '../../../application/source.ts'
import type { Handling, HandlingOutcome } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import type { OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { givenFor } from '../handling-of.ts'
import { reasonOf } from '../reason-of.ts'
import { KafkaJsClient } from './client.ts'
import type { KafkaMessage } from './message.ts'
import { messageOf, partitionOf } from './message.ts'
import { batchErrorOf } from './protocol-error.ts'

/** What `eachMessage` is called with. */
export interface EachMessagePayload {
  readonly topic: string
  readonly partition: number
  readonly message: KafkaMessage
  heartbeat(): Promise<void>
  pause(): () => void
}

/** The client does all that is to be done about a message. */
export const byTheClient: Ways = { acknowledge: 'never', onError: 'requeue' }

/**
 * A consumer whose code is called as by `consumer.run({ eachMessage })` of kafkajs: one message after the other, so many partitions at a time as
 * `partitionsConsumedConcurrently` says. A message is resolved when the function has returned, and committed by the client after its batch, if
 * `autoCommit` says so. When it throws, the client fetches the message again. While it runs, nothing keeps the consumer in its group but
 * `heartbeat`, and fetches from brokers that lead none of its partitions.
 */
export function eachMessage(handler: (payload: EachMessagePayload) => unknown): OfWholeSource {
  return {
    shape: 'kafkajs.eachMessage',
    *consume(source, user) {
      const client = new KafkaJsClient(source, user.inside, 'kafkajs.eachMessage')
      const handleOne = source.handler((handling) => handleMessage(client, user, handler, handling), byTheClient)
      for (;;) {
        for (const delivery of yield* receive(source)) {
          if (client.consumer.concurrency === 1) yield* handleOne(delivery)
          else yield* spawn(handleOne(delivery))
        }
      }
    },
  }
}

function* handleMessage(
  client: KafkaJsClient,
  user: UserCalls,
  handler: (payload: EachMessagePayload) => unknown,
  handling: Handling,
): Program<HandlingOutcome> {
  const { consumer } = client
  const { delivery } = handling
  client.handed([handling])
  const ended = yield* user.call([handling], () => handler(payloadOf(client, handling)))
  if (ended.kind === 'threw') {
    client.gaveUp([handling])
    consumer.handlerEnded(delivery, batchErrorOf(ended.error))
    return failed(reasonOf(ended.error))
  }
  if (consumer.autoCommit) {
    handling.noteAcknowledged()
    client.gaveUp([handling])
  }
  consumer.handlerEnded(delivery, 'NONE')
  return done
}

function payloadOf(client: KafkaJsClient, handling: Handling): EachMessagePayload {
  const { delivery } = handling
  const partition = partitionOf(delivery)
  return {
    topic: client.consumer.topic,
    partition,
    message: givenFor(messageOf(delivery), handling),
    heartbeat: client.heartbeat,
    pause: () => client.pause([partition]),
  }
}
