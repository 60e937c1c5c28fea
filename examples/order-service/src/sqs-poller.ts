import type { Order } from './order.ts'
import { orderOf } from './order.ts'

/** As much of a `Message` of the AWS SDK as is used here. */
interface Message {
  readonly Body?: string | undefined
  readonly ReceiptHandle?: string | undefined
}

interface Received {
  readonly Messages?: Message[] | undefined
}

interface Options {
  readonly abortSignal?: AbortSignal
}

/** As much of the client `SQS` of `@aws-sdk/client-sqs` as is used here. */
export interface Queue {
  receiveMessage(
    input: { QueueUrl: string; MaxNumberOfMessages: number; WaitTimeSeconds: number },
    options: Options,
  ): Promise<Received>
  deleteMessage(input: { QueueUrl: string; ReceiptHandle: string | undefined }): Promise<unknown>
}

/** Receives, places and deletes until it is told to stop. */
export async function poll(
  queue: Queue,
  QueueUrl: string,
  place: (order: Order) => Promise<void>,
  stop: AbortSignal,
): Promise<void> {
  const received = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }
  while (!stop.aborted) {
    try {
      const { Messages = [] } = await queue.receiveMessage(received, { abortSignal: stop })
      for (const message of Messages) await handle(queue, QueueUrl, place, message)
    } catch {
      if (!stop.aborted) await new Promise((resolve) => setTimeout(resolve, 1000))
    }
  }
}

/** What cannot be placed is left in the queue: it comes again when its visibility timeout is over. */
async function handle(
  queue: Queue,
  QueueUrl: string,
  place: (order: Order) => Promise<void>,
  { Body, ReceiptHandle }: Message,
): Promise<void> {
  try {
    await place(orderOf(Buffer.from(Body ?? '')))
    await queue.deleteMessage({ QueueUrl, ReceiptHandle })
  } catch (error) {
    console.error('an order was not placed', error)
  }
}
