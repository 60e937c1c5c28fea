import { awsSdk } from '../../../src/testing/index.ts'
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
} from '../adapters/sdk-commands.ts'
import type { Order } from './canary.ts'
import { pause } from './canary.ts'

/** What loops around the AWS SDK have in common. */

export type Client = InstanceType<typeof awsSdk.SQSClient>

export interface Message {
  readonly ReceiptHandle: string
  readonly Body: string
}

export function urlOf(queue: string): string {
  return `https://sqs.eu-central-1.amazonaws.com/123456789012/${queue}`
}

const QueueUrl = urlOf('orders')

export const orderIn = ({ Body }: Message): Order['value'] => JSON.parse(Body) as Order['value']

async function receive(client: Client, queue = 'orders', more: object = {}): Promise<readonly Message[]> {
  const input = { QueueUrl: urlOf(queue), MaxNumberOfMessages: 10, WaitTimeSeconds: 20, ...more }
  const { Messages = [] } = await client.send<{ readonly Messages?: Message[] }>(new ReceiveMessageCommand(input))
  return Messages
}

/** Receives for ever; after an error it rests. */
export async function poll(
  client: Client,
  deal: (messages: readonly Message[]) => Promise<unknown>,
  queue = 'orders',
  more: object = {},
): Promise<never> {
  for (;;)
    try {
      await deal(await receive(client, queue, more))
    } catch {
      await pause(1000)
    }
}

export function remove(client: Client, { ReceiptHandle }: Message, queue = 'orders'): Promise<unknown> {
  return client.send(new DeleteMessageCommand({ QueueUrl: urlOf(queue), ReceiptHandle }))
}

export function keep(client: Client, { ReceiptHandle }: Message, seconds: number, queue = 'orders'): Promise<unknown> {
  const input = { QueueUrl: urlOf(queue), ReceiptHandle, VisibilityTimeout: seconds }
  return client.send(new ChangeMessageVisibilityCommand(input))
}

/** Deletes them with one call; those come back that were not deleted. */
export async function removeAll(client: Client, messages: readonly Message[]): Promise<readonly Message[]> {
  if (messages.length === 0) return []
  const Entries = messages.map(({ ReceiptHandle }, place) => ({ Id: String(place), ReceiptHandle }))
  const { Failed = [] } = await client.send<{ readonly Failed?: { readonly Id: string }[] }>(
    new DeleteMessageBatchCommand({ QueueUrl, Entries }),
  )
  return Failed.flatMap(({ Id }) => messages[Number(Id)] ?? [])
}
