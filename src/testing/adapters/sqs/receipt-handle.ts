import { createHash } from 'node:crypto'
import type { Name } from '../../../history/fact.ts'
import type { SqsDelivery } from '../../../systems/sqs/client/delivery.ts'
import type { Receipt } from '../../../systems/sqs/core/queue-core.ts'

/** What a receipt handle stands for: one receive of one message of a queue. */
export interface ReadHandle {
  readonly queue: string
  readonly receipt: Receipt
  readonly message: Name
}

/** It says nothing to whoever looks at it, and any process may use it. */
export function receiptHandleOf({ partition, receipt, envelope }: SqsDelivery): string {
  const content = `${partition}/${receipt.copy}/${receipt.receive}/${envelope.message}`
  return Buffer.from(`${content}/${sealOf(content)}`).toString('base64')
}

/** What it stands for; nothing where it is none that a receive gave. */
export function readHandle(handle: string): ReadHandle | undefined {
  const [, content = '', seal] = /^(.*)\/(\w+)$/.exec(Buffer.from(handle, 'base64').toString()) ?? []
  if (seal !== sealOf(content)) return undefined
  const [queue = '', copy, receive, message] = content.split('/')
  return { queue, receipt: { copy: Number(copy), receive: Number(receive) }, message: Number(message) }
}

function sealOf(content: string): string {
  return createHash('md5').update(content).digest('hex').slice(0, 8)
}
