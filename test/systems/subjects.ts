import { second } from '../../src/simulation/duration.ts'
import { kafka } from '../../src/systems/kafka/kafka.ts'
import { kinesis } from '../../src/systems/kinesis/kinesis.ts'
import { memory } from '../../src/systems/memory/memory.ts'
import { rabbitmq } from '../../src/systems/rabbitmq/rabbitmq.ts'
import { sqs } from '../../src/systems/sqs/sqs.ts'
import { redis } from '../../src/systems/redis/redis.ts'
import type { Subject } from './conformance.ts'
import { logStub } from './log-stub/log-stub.ts'
import { sqsStub } from './sqs-stub/sqs-stub.ts'

/** Every product that is held against the rules, some of them with several configurations. */
export const subjects: readonly Subject[] = [
  {
    title: 'the tutorial broker',
    kind: memory,
    options: { queues: { orders: {} } },
    address: 'orders',
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 250,
    exceptions: {
      'delivers again what a dead consumer had not acknowledged':
        'a textbook queue has no visibility timeout and does not watch its consumers: what they had taken stays in processing',
    },
  },
  {
    title: 'the tutorial broker with a visibility timeout',
    kind: memory,
    options: { queues: { orders: { 'visibility-timeout': 10 * second } } },
    address: 'orders',
    redeliversWithin: 20 * second,
    eventsPerIdleHour: 250,
    exceptions: {},
  },
  {
    title: 'a topic of the tutorial broker',
    kind: memory,
    options: { topics: { news: {} } },
    address: 'news',
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 250,
    exceptions: {
      'delivers again what a dead consumer had not acknowledged': 'a topic remembers no message that it handed over',
      'delivers again what was rejected for that': 'a topic remembers no message that it handed over',
      'says what it waits for while a consumer has not settled what it has': 'a topic has no settling to wait for',
    },
  },
  {
    title: 'a leasing queue',
    kind: sqsStub,
    options: { queues: { orders: {} } },
    address: 'orders',
    redeliversWithin: 10 * second,
    eventsPerIdleHour: 0,
    exceptions: {},
  },
  {
    title: 'a leasing queue that delivers some messages twice',
    kind: sqsStub,
    options: { queues: { orders: {} }, duplicates: 0.3 },
    address: 'orders',
    redeliversWithin: 10 * second,
    eventsPerIdleHour: 0,
    exceptions: {
      'does not deliver again what was acknowledged when nothing fails': 'a deletion may miss a copy',
      'does not deliver again what was acknowledged before the consumer started anew': 'a deletion may miss a copy',
    },
  },
  {
    title: 'a log',
    kind: logStub,
    options: { topics: { orders: {} } },
    address: 'orders',
    redeliversWithin: 10 * second,
    eventsPerIdleHour: 0,
    exceptions: {},
  },
  {
    title: 'a Kafka topic whose consumers commit what they have handled',
    kind: kafka,
    options: { topics: { orders: { partitions: 2, 'replication.factor': 3 } } },
    address: 'orders',
    consumerOptions: { 'enable.auto.commit': false, 'auto.offset.reset': 'earliest' },
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 250_000,
    exceptions: {},
  },
  {
    title: 'a Kafka topic whose clients are those of kafkajs',
    kind: kafka,
    options: { topics: { orders: { partitions: 2, 'replication.factor': 3 } } },
    address: 'orders',
    producerOptions: { client: 'kafkajs' },
    consumerOptions: { client: 'kafkajs', autoCommit: false, fromBeginning: true },
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 250_000,
    exceptions: {},
  },
  {
    title: 'a durable queue of RabbitMQ, with confirms',
    kind: rabbitmq,
    options: { queues: { orders: {} } },
    address: 'orders',
    producerOptions: { confirms: true, delivery_mode: '2' },
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 1000,
    exceptions: {},
  },
  {
    title: 'a queue of RabbitMQ that is asked (basic.get), with a client that restores nothing and transactions',
    kind: rabbitmq,
    options: { queues: { orders: {} } },
    address: 'orders',
    producerOptions: { tx: true, delivery_mode: '2', client: 'amqplib' },
    consumerOptions: { mode: 'get', client: 'amqplib' },
    redeliversWithin: 60 * second,
    // It asks every second.
    eventsPerIdleHour: 40_000,
    exceptions: {},
  },
  {
    title: 'a stream of Kinesis, pushed to the client library, whose processors try again what fails',
    kind: kinesis,
    options: { streams: { orders: { ShardCount: 2 } } },
    address: 'orders',
    consumerOptions: { initialPositionInStream: 'TRIM_HORIZON', 'on-exception': 'retry' },
    redeliversWithin: 60 * second,
    // A worker renews its leases each 3.3 s.
    eventsPerIdleHour: 10_000,
    exceptions: {},
  },
  {
    title: 'a stream of Kinesis that the client library polls, and that is put to in batches',
    kind: kinesis,
    options: { streams: { orders: {} } },
    address: 'orders',
    producerOptions: { api: 'PutRecords' },
    consumerOptions: {
      initialPositionInStream: 'TRIM_HORIZON',
      retrievalMode: 'POLLING',
      checkpoint: 'each-record',
      'on-exception': 'retry',
    },
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 10_000,
    exceptions: {},
  },
  {
    title: 'a standard queue of Amazon SQS, with long polls',
    kind: sqs,
    options: { queues: { orders: { ReceiveMessageWaitTimeSeconds: 20 * second } } },
    address: 'orders',
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 10,
    exceptions: {},
  },
  {
    title: 'a FIFO queue of Amazon SQS, with short polls and heartbeats',
    kind: sqs,
    options: { queues: { 'orders.fifo': { FifoQueue: true } } },
    address: 'orders.fifo',
    // Whatever is sent twice is meant twice here.
    producerOptions: { MessageDeduplicationId: 'call' },
    consumerOptions: { MaxNumberOfMessages: 10, heartbeatInterval: 10 * second, terminateVisibilityTimeout: true },
    redeliversWithin: 120 * second,
    eventsPerIdleHour: 10,
    exceptions: {},
  },
  {
    title: 'a stream of Redis with a group',
    kind: redis,
    options: { streams: { orders: {} }, appendonly: true },
    address: 'orders',
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 100,
    exceptions: {},
  },
  {
    title: 'a stream of Redis in which members take over what is pending for others, with replicas and Sentinels',
    kind: redis,
    options: { streams: { orders: {} }, appendonly: true, appendfsync: 'always', replicas: 2, sentinels: 3 },
    address: 'orders',
    producerOptions: { client: 'lettuce' },
    consumerOptions: {
      client: 'lettuce',
      consumer: 'process',
      'min-idle-time': 30 * second,
      'claim-interval': 5 * second,
    },
    redeliversWithin: 60 * second,
    // It looks for what it could take over every five seconds.
    eventsPerIdleHour: 8000,
    exceptions: {},
  },
  {
    title: 'a list of Redis whose elements are in processing until they are acknowledged',
    kind: redis,
    options: { lists: { orders: {} }, appendonly: true },
    address: 'orders',
    producerOptions: { client: 'node-redis' },
    consumerOptions: { client: 'node-redis', take: 'BLMOVE', claims: 'token', visibility_ms: 20 * second },
    redeliversWithin: 60 * second,
    // Its reaper looks every five seconds.
    eventsPerIdleHour: 8000,
    exceptions: {},
  },
  {
    title: 'a list of Redis that is popped',
    kind: redis,
    options: { lists: { orders: {} }, appendonly: true },
    address: 'orders',
    producerOptions: { client: 'redis-py' },
    consumerOptions: { client: 'redis-py' },
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 100,
    exceptions: {
      'delivers again what a dead consumer had not acknowledged':
        'an element that was popped is in the hands of its worker alone',
      'says what it waits for while a consumer has not settled what it has':
        'a popped element has no settling to wait for',
    },
  },
  {
    title: 'a stream of Redis that is read by position',
    kind: redis,
    options: { streams: { orders: {} }, appendonly: true },
    address: 'orders',
    consumerOptions: { read: 'XREAD', start: '0' },
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 100,
    exceptions: {
      'says what it waits for while a consumer has not settled what it has':
        'the server does not know how far a reader is that reads by itself',
    },
  },
  {
    title: 'a channel of Redis',
    kind: redis,
    options: { channels: { news: {} } },
    address: 'news',
    redeliversWithin: 60 * second,
    eventsPerIdleHour: 100,
    exceptions: {
      'delivers again what a dead consumer had not acknowledged': 'a channel remembers no message',
      'delivers again what was rejected for that': 'a channel remembers no message',
      'says what it waits for while a consumer has not settled what it has': 'a channel has no settling to wait for',
    },
  },
]
