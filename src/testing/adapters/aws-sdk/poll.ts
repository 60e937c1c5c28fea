import { perform } from '../../../application/program.ts'
import { second } from '../../../simulation/duration.ts'
import type { OfWholeSource } from '../../bridge/shaped-handler.ts'
import { Poller } from './sqs/poller.ts'
import { SQSClient } from './sqs/sqs-client.ts'

const shape = 'awsSdk.poll'

/** How soon a supervisor starts a process again that has ended. */
const startsAgainAfter = second

/**
 * A consumer of SQS that receives and deletes by itself, with the SDK: `loop` is called once in each process, with a client in its place, and goes on until the process
 * ends. It may as well start the loop and return. An error that escapes from it ends the process, as in Node, and so does its end when nothing is under way
 * any more; a supervisor starts it again.
 *
 * Which message the code works on is known from what it looks at: the one of which it has read a field last (`Body`, `ReceiptHandle`), in its chain of promises or else in
 * any. A message is
 * handled when its deletion has succeeded. It has failed when the code makes it visible again, or has not deleted it when its
 * visibility timeout is over.
 */
export function poll(loop: (sqs: SQSClient) => unknown): OfWholeSource {
  return {
    shape,
    *consume(source, user) {
      const { inside } = user
      const poller = new Poller(source, inside, shape)
      const ended = yield* user.call([], () => poller.run(() => loop(new SQSClient())))
      if (ended.kind === 'threw')
        inside.later(() => {
          throw ended.error
        })
      else if (inside.hasNothingLeft) {
        inside.log('the loop has ended, and nothing is left to be done')
        inside.process.exit(startsAgainAfter)
      }
      yield* perform('never', () => {})
    },
  }
}
