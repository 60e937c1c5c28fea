import type { CheckedSystem, Options } from './checked-system.ts'
import { given } from './checked-system.ts'

export interface RabbitSystem {
  /** The client of the consumer. Default `amqplib`. */
  readonly client?: 'java' | 'amqplib'
  readonly version?: string
  /** Of those who send. Unless it says otherwise they publish persistent messages and wait for confirms: what they lose is not the consumer's doing. */
  readonly producer?: Options
  /** Of the consumer under test: `prefetch`, `noAck`, `requestedHeartbeat` ... Default: the client's. */
  readonly consumer?: Options
  /** The queue that is consumed from. Default `orders`, durable. */
  readonly queue?: string
  /** Where messages are published, if not to the queue itself: `exchange/routing.key`. */
  readonly publishTo?: string
  /** An export of the management plugin, as it is. */
  readonly definitions?: string
  /** Any other option of the broker, under its own name: `queues`, `exchanges`, `bindings`, `policies` ... */
  readonly [option: string]: unknown
}

/** RabbitMQ with its real options and defaults. */
export function rabbitmq(system: RabbitSystem = {}): CheckedSystem {
  const {
    client = 'amqplib',
    producer,
    consumer,
    queue = 'orders',
    publishTo = queue,
    ...others
  } = given('rabbitmq', system)
  const declared = others.definitions === undefined && others['queues'] === undefined ? { queues: { [queue]: {} } } : {}
  return {
    from: 'options',
    product: 'rabbitmq',
    sendTo: publishTo,
    receiveFrom: queue,
    group: undefined,
    options: { ...declared, ...others },
    producer: { confirms: true, delivery_mode: 2, ...producer },
    consumer: { ...(client === 'java' ? {} : { client, 'on-closed': 'reopen' }), ...consumer },
    consumerUnlessSaid: {},
    firstMessageAfter: '1s',
    outputs: { declaredAs: 'queues', place: () => ({}), reader: {} },
  }
}
