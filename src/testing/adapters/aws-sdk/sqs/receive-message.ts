import { second } from '../../../../simulation/duration.ts'
import type { ReceiveCall } from '../../../../systems/sqs/protocol.ts'
import { WrongCheck } from '../../../wrong-check.ts'
import type { AskedFor, SqsMessage } from '../../sqs/message.ts'
import type { Answered, CallOfCode } from './call-of-code.ts'
import { answered, callService, pollerFor } from './call-of-code.ts'
import type { Input } from './input.ts'

/** What ReceiveMessage answers; without messages where there were none. */
export interface ReceiveMessageAnswer extends Answered {
  readonly Messages?: SqsMessage[]
}

/** Receives from the queue of the check. What the code has received before and not deleted, it has left there when it is through with it. */
export async function receiveMessage(of: CallOfCode): Promise<ReceiveMessageAnswer> {
  const { input } = of
  const call = receiveCall(input)
  const asked = askedFor(input)
  const poller = pollerFor(of)
  poller.goesOn()
  const hiddenFor = call.visibilityTimeout ?? poller.consumer.visibilityTimeout
  const fetched = await callService(of, call, (answer) => {
    if (call.queue !== poller.consumer.queue) {
      giveUp(of, call.queue, poller.consumer.queue)
      return []
    }
    return poller.take(answer.type === 'messages' ? answer.messages : [], asked, hiddenFor)
  })
  if (fetched.length === 0) return answered(of)
  return { ...answered(of), Messages: fetched.map(({ message }) => message) }
}

function receiveCall(input: Input): ReceiveCall {
  const queue = input.queue()
  const most = input.number('MaxNumberOfMessages', 1, 10) ?? 1
  const waitTime = input.number('WaitTimeSeconds', 0, 20)
  const visibilityTimeout = input.number('VisibilityTimeout', 0, longestHidden)
  return {
    type: 'ReceiveMessage',
    queue,
    most,
    waitTime: waitTime === undefined ? undefined : waitTime * second,
    visibilityTimeout: visibilityTimeout === undefined ? undefined : visibilityTimeout * second,
    attemptId: input.optionalText('ReceiveRequestAttemptId'),
    // What the code does about an empty answer is its own affair: each poll is answered.
    again: second,
    mayRest: false,
  }
}

/** Seconds that a message is hidden at most. */
export const longestHidden = 43_200

function askedFor(input: Input): AskedFor {
  return {
    system: [...input.texts('MessageSystemAttributeNames'), ...input.texts('AttributeNames')],
    message: input.texts('MessageAttributeNames'),
  }
}

function giveUp({ inside }: CallOfCode, queue: string, own: string): void {
  inside.giveUp(
    new WrongCheck(
      `${inside.context.service} receives from ${queue}, and a check judges what is received from one queue, here ${own}: make another check for it`,
    ),
  )
}
