import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { sqs } from '../../../../src/systems/sqs/sqs.ts'
import type { Written } from '../../bench.ts'
import { Sender, settingsFrom, Worker } from '../../bench.ts'

function problems(queues: Written, producer?: Written, consumer?: Written, rest: Written = {}): readonly string[] {
  const [to = ''] = Object.keys(queues)
  const uses = [
    ...(producer === undefined ? [] : [new Sender(sqs, { to, messages: 1, options: producer }).use]),
    ...(consumer === undefined ? [] : [new Worker(sqs, { from: to, options: consumer }).use]),
  ]
  return sqs.problems(settingsFrom(sqs.options, { queues, ...rest }), uses, '2025').map(({ message }) => message)
}

const fifo = { 'orders.fifo': { FifoQueue: true } }

describe('a queue is refused', () => {
  it.each<readonly [string, Written, string]>([
    ['that is FIFO and not called so', { orders: { FifoQueue: true } }, 'the name of a FIFO queue ends in .fifo'],
    ['that is called FIFO and is none', { 'orders.fifo': {} }, 'only the name of a FIFO queue ends in .fifo'],
    [
      'with an attribute of FIFO queues',
      { orders: { DeduplicationScope: 'queue' } },
      'DeduplicationScope is for FIFO queues',
    ],
    [
      'whose dead-letter queue is not there',
      { a: { RedrivePolicy: { deadLetterTargetArn: 'b' } } },
      'there is no queue b',
    ],
    [
      'that is its own dead-letter queue',
      { a: { RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:x:1:a' } } },
      'a queue cannot be its own dead-letter queue',
    ],
    [
      'whose dead-letter queue is of another type',
      { a: { RedrivePolicy: { deadLetterTargetArn: 'orders.fifo' } }, ...fifo },
      'the dead-letter queue of a standard queue is one as well',
    ],
    [
      'with a count and no target',
      { a: { RedrivePolicy: { maxReceiveCount: 3 } } },
      'a redrive policy needs a deadLetterTargetArn',
    ],
    [
      'that is redriven and takes no dead letters',
      { a: { 'redriven-at': second } },
      'no queue has a as its dead-letter queue',
    ],
    [
      'with the speed of a redrive that there is not',
      { a: { MaxNumberOfMessagesPerSecond: 5 } },
      'it is the speed of a redrive, of which there is none',
    ],
    [
      'whose attributes are set to nothing',
      { a: { 'attributes-set-at': second } },
      'attributes-set-at and new-DelaySeconds need each other',
    ],
  ])('%s', (_, queues, message) => {
    expect(problems(queues)).toEqual([message])
  })
})

describe('clients are refused', () => {
  it.each<readonly [string, Written, Written | undefined, Written | undefined, string]>([
    [
      'that delay a message of a FIFO queue',
      fifo,
      { DelaySeconds: second },
      undefined,
      'a message of a FIFO queue has no delay of its own',
    ],
    [
      'that give a FIFO queue nothing to deduplicate by',
      fifo,
      { MessageDeduplicationId: 'none' },
      undefined,
      'the queue has no ContentBasedDeduplication: it needs an id',
    ],
    [
      'that give a standard queue a group',
      { orders: {} },
      { MessageGroupId: 'all' },
      undefined,
      'MessageGroupId is for FIFO queues',
    ],
    [
      'that say what no queue looks at',
      fifo,
      { body: 'key' },
      undefined,
      'only ContentBasedDeduplication looks at the body',
    ],
    [
      'that repeat attempts on a standard queue',
      { orders: {} },
      undefined,
      { ReceiveRequestAttemptId: true },
      'it is for FIFO queues',
    ],
    [
      'whose heart beats too slowly',
      { orders: {} },
      undefined,
      { heartbeatInterval: 30 * second },
      'the visibility timeout of 30 s is over before the first heartbeat',
    ],
  ])('%s', (_, queues, producer, consumer, message) => {
    expect(problems(queues, producer, consumer)).toEqual([message])
  })
})

it('copies need servers', () => {
  expect(problems({ orders: {} }, undefined, undefined, { servers: 2 })).toEqual(['there are 2 servers'])
})

it('content is enough to deduplicate by', () => {
  const queues = { 'orders.fifo': { FifoQueue: true, ContentBasedDeduplication: true } }
  expect(problems(queues, { MessageDeduplicationId: 'none', body: 'key' })).toEqual([])
})
