import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from './sdk-commands.ts'

const client = new SQSClient()
const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders'

/** Code whose client is one of its module, as there is much of it. */
export async function pollForEver(handle: (body: string) => Promise<void>): Promise<never> {
  for (;;) {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }))
    for (const { Body, ReceiptHandle } of Messages) {
      await handle(Body)
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    }
  }
}
