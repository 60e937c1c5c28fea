import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { importAttributes } from '../../../../src/systems/sqs/options/import-attributes.ts'

const arn = (name: string): string => `arn:aws:sqs:eu-central-1:123456789012:${name}`

/** As the command line prints it: all values are strings. */
const printed = JSON.stringify({
  Attributes: {
    QueueArn: arn('orders'),
    ApproximateNumberOfMessages: '3',
    VisibilityTimeout: '45',
    MaximumMessageSize: '262144',
    MessageRetentionPeriod: '1209600',
    DelaySeconds: '0',
    ReceiveMessageWaitTimeSeconds: '20',
    SqsManagedSseEnabled: 'true',
    Policy: '{"Version":"2012-10-17"}',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: '4' }),
  },
})

describe('the attributes of a queue', () => {
  it('are read as they are printed, and named after their queue', () => {
    const { options, withoutMeaning, missing, problems } = importAttributes(printed)
    const read = Object.fromEntries(options.map(({ path, value }) => [path.join('.'), value]))
    expect(read).toMatchObject({
      'queues.orders.VisibilityTimeout': 45,
      'queues.orders.MessageRetentionPeriod': 1_209_600,
      'queues.orders.RedrivePolicy.deadLetterTargetArn': arn('dead'),
      'queues.orders.RedrivePolicy.maxReceiveCount': 4,
    })
    expect(withoutMeaning.map(({ name }) => name)).toEqual([
      'queue orders: QueueArn',
      'queue orders: ApproximateNumberOfMessages',
      'queue orders: SqsManagedSseEnabled',
      'queue orders: Policy',
    ])
    expect(missing).toEqual(['The file does not contain the dead-letter queue dead.'])
    expect(problems).toEqual([])
  })

  it('stand for queues of a scenario, which may add to them', () => {
    const document = {
      systems: { sqs: { sqs: { attributes: ['orders.json', 'fifo.json'], queues: { dead: {} } } } },
      services: {
        shop: { sends: 'sqs/orders' },
        billing: { receives: 'sqs/orders' },
        other: { receives: 'sqs/a.fifo' },
      },
    }
    const fifo = JSON.stringify({ Attributes: { QueueArn: arn('a.fifo'), FifoQueue: 'true', DelaySeconds: '5' } })
    const files: Readonly<Record<string, string>> = { 'orders.json': printed, 'fifo.json': fifo }
    const parsed = parseScenario(JSON.stringify(document), catalogue, { readText: (name) => files[name] ?? '' })
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message: text }) => text).join('; '))
    const [system] = Object.values(parsed.scenario.systems)
    const { queues } = system?.settings.values ?? {}
    expect(queues).toMatchObject({
      orders: { VisibilityTimeout: 45_000_000, RedrivePolicy: { maxReceiveCount: 4 } },
      'a.fifo': { FifoQueue: true, DelaySeconds: 5_000_000 },
    })
  })

  it.each([
    ['is no JSON', 'orders', 'the file is no JSON object'],
    ['does not say whose it is', '{"Attributes":{}}', 'the file has no QueueArn, which says the name of the queue'],
    [
      'has a redrive policy without a target',
      JSON.stringify({ QueueArn: arn('orders'), RedrivePolicy: '{}' }),
      'the RedrivePolicy of orders is no JSON object with a deadLetterTargetArn',
    ],
  ])('are refused in a file that %s', (_, text, message) => {
    expect(importAttributes(text).problems).toEqual([{ message }])
  })
})
