import type { ActionCall, Actions, ClientConfig, CallOptions } from '../client.ts'
import { SimulatedClient } from '../client.ts'
import type { Answered, CallOfCode } from './call-of-code.ts'
import { changeMessageVisibility, changeMessageVisibilityBatch } from './change-message-visibility.ts'
import { deleteMessage, deleteMessageBatch } from './delete-message.ts'
import { Input } from './input.ts'
import type { GetQueueAttributesAnswer, GetQueueUrlAnswer } from './queue.ts'
import { getQueueAttributes, getQueueUrl } from './queue.ts'
import type { ReceiveMessageAnswer } from './receive-message.ts'
import { receiveMessage } from './receive-message.ts'
import type { SendMessageAnswer, SentResult } from './send-message.ts'
import { sendMessage, sendMessageBatch } from './send-message.ts'
import type { BatchAnswer } from './settled-messages.ts'

const actions = {
  ReceiveMessage: given(receiveMessage),
  DeleteMessage: given(deleteMessage),
  DeleteMessageBatch: given(deleteMessageBatch),
  ChangeMessageVisibility: given(changeMessageVisibility),
  ChangeMessageVisibilityBatch: given(changeMessageVisibilityBatch),
  SendMessage: given(sendMessage),
  SendMessageBatch: given(sendMessageBatch),
  GetQueueUrl: given(getQueueUrl),
  GetQueueAttributes: given(getQueueAttributes),
} as const satisfies Actions

function given<A>(act: (of: CallOfCode) => Promise<A>): (call: ActionCall) => Promise<A> {
  return ({ values, requestId, ...call }) => act({ ...call, input: new Input(values, requestId) })
}

/** Stands in place of the `SQSClient` of `@aws-sdk/client-sqs`. */
export class SQSClient extends SimulatedClient {
  constructor(config: ClientConfig = {}) {
    super('SQSClient', actions, config)
  }
}

/** Stands in place of the aggregated client `SQS`: a method for each command. */
export class SQS extends SQSClient {
  receiveMessage(input: object, options: CallOptions = {}): Promise<ReceiveMessageAnswer> {
    return this.call(actions.ReceiveMessage, 'ReceiveMessage', input, options)
  }

  deleteMessage(input: object, options: CallOptions = {}): Promise<Answered> {
    return this.call(actions.DeleteMessage, 'DeleteMessage', input, options)
  }

  deleteMessageBatch(input: object, options: CallOptions = {}): Promise<BatchAnswer> {
    return this.call(actions.DeleteMessageBatch, 'DeleteMessageBatch', input, options)
  }

  changeMessageVisibility(input: object, options: CallOptions = {}): Promise<Answered> {
    return this.call(actions.ChangeMessageVisibility, 'ChangeMessageVisibility', input, options)
  }

  changeMessageVisibilityBatch(input: object, options: CallOptions = {}): Promise<BatchAnswer> {
    return this.call(actions.ChangeMessageVisibilityBatch, 'ChangeMessageVisibilityBatch', input, options)
  }

  sendMessage(input: object, options: CallOptions = {}): Promise<SendMessageAnswer> {
    return this.call(actions.SendMessage, 'SendMessage', input, options)
  }

  sendMessageBatch(input: object, options: CallOptions = {}): Promise<BatchAnswer<SentResult>> {
    return this.call(actions.SendMessageBatch, 'SendMessageBatch', input, options)
  }

  getQueueUrl(input: object, options: CallOptions = {}): Promise<GetQueueUrlAnswer> {
    return this.call(actions.GetQueueUrl, 'GetQueueUrl', input, options)
  }

  getQueueAttributes(input: object, options: CallOptions = {}): Promise<GetQueueAttributesAnswer> {
    return this.call(actions.GetQueueAttributes, 'GetQueueAttributes', input, options)
  }
}
