import type { Program } from '../../../application/program.ts'
import { perform, sleep } from '../../../application/program.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { Inside } from '../../bridge/inside.ts'
import type { Ended, OfWholeSource } from '../../bridge/shaped-handler.ts'
import { described } from '../../check/described.ts'
import { WrongCheck } from '../../wrong-check.ts'
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
  if (typeof loop !== 'function')
    throw new WrongCheck(`${shape} was given ${described(loop)}: expected the loop, \`awsSdk.poll((sqs) => ...)\``)
  return {
    shape,
    *consume(source, user) {
      const { inside } = user
      const poller = new Poller(source, inside, shape)
      const ended = yield* user.call([], () => poller.run(() => loop(new SQSClient())))
      yield* afterwards(ended, inside)
    },
  }
}

/** What becomes of the process when the loop has come back. */
function* afterwards(ended: Ended, inside: Inside): Program {
  if (ended.kind === 'threw')
    inside.later(() => {
      throw ended.error
    })
  else {
    // What it has only started may take a few promises until it waits for something.
    yield* sleep(millisecond)
    if (inside.hasNothingLeft) {
      inside.log('the loop has ended, and nothing is left to be done')
      inside.process.exit(startsAgainAfter)
    }
  }
  yield* perform('never', () => {})
}
