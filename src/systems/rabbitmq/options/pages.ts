import { millisecond } from '../../../simulation/duration.ts'
import { longestLife as longestMillis } from '../core/message.ts'

/** Where RabbitMQ documents its options. */
export const pages = {
  alternate: 'https://www.rabbitmq.com/docs/ae',
  alarms: 'https://www.rabbitmq.com/docs/memory',
  channels: 'https://www.rabbitmq.com/docs/channels',
  configure: 'https://www.rabbitmq.com/docs/configure',
  confirms: 'https://www.rabbitmq.com/docs/confirms',
  consumerPriority: 'https://www.rabbitmq.com/docs/consumer-priority',
  consumers: 'https://www.rabbitmq.com/docs/consumers',
  diskAlarms: 'https://www.rabbitmq.com/docs/disk-alarms',
  dlx: 'https://www.rabbitmq.com/docs/dlx',
  exchanges: 'https://www.rabbitmq.com/docs/exchanges',
  heartbeats: 'https://www.rabbitmq.com/docs/heartbeats',
  java: 'https://www.rabbitmq.com/client-libraries/java-api-guide',
  maxLength: 'https://www.rabbitmq.com/docs/maxlength',
  prefetch: 'https://www.rabbitmq.com/docs/consumer-prefetch',
  priority: 'https://www.rabbitmq.com/docs/priority',
  publishers: 'https://www.rabbitmq.com/docs/publishers',
  policies: 'https://www.rabbitmq.com/docs/policies',
  queues: 'https://www.rabbitmq.com/docs/queues',
  semantics: 'https://www.rabbitmq.com/docs/semantics',
  senderSelected: 'https://www.rabbitmq.com/docs/sender-selected',
  ttl: 'https://www.rabbitmq.com/docs/ttl',
} as const

/** Ten years, µs: the server lets nothing live longer. */
export const longestLife = longestMillis * millisecond

/** The server's timers reach no further, µs. */
export const longestTimer = 4_294_967_295_000
