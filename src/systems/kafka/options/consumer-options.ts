import {
  bytes,
  choice,
  count,
  flag,
  largestInt,
  list,
  milliseconds,
  optionalText,
  type OptionTable,
  text,
  type ValuesOf,
} from './option.ts'

/** The class names of the assignors, and the names under which members offer them. */
export const assignmentStrategies = {
  'org.apache.kafka.clients.consumer.RangeAssignor': 'range',
  'org.apache.kafka.clients.consumer.RoundRobinAssignor': 'roundrobin',
  'org.apache.kafka.clients.consumer.CooperativeStickyAssignor': 'cooperative-sticky',
} as const

/** The Java consumer's options that the model obeys, with the defaults of each version. */
export const consumerOptions = {
  kind: 'consumer',
  page: 'https://kafka.apache.org/41/configuration/consumer-configs/#consumerconfigs_*',
  options: {
    'group.id': optionalText(),
    'auto.offset.reset': text(
      'latest',
      /^(latest|earliest|none|by_duration:P\S+)$/,
      'latest, earliest, none or by_duration:<ISO 8601 duration>',
    ),
    'enable.auto.commit': flag(true),
    'auto.commit.interval.ms': milliseconds(5_000, { maximum: largestInt }),
    'max.poll.records': count(500, { minimum: 1, maximum: largestInt }),
    'max.poll.interval.ms': milliseconds(300_000, { minimum: 1, maximum: largestInt }),
    'session.timeout.ms': milliseconds(45_000, { maximum: largestInt }),
    'heartbeat.interval.ms': milliseconds(3_000, { maximum: largestInt }),
    'fetch.min.bytes': bytes(1, { maximum: largestInt }),
    'fetch.max.wait.ms': milliseconds(500, { maximum: largestInt }),
    'fetch.max.bytes': bytes(52_428_800, { maximum: largestInt }),
    'max.partition.fetch.bytes': bytes(1_048_576, { maximum: largestInt }),
    'partition.assignment.strategy': list(Object.keys(assignmentStrategies), [
      'org.apache.kafka.clients.consumer.RangeAssignor',
      'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ]),
    'allow.auto.create.topics': flag(true),
    'request.timeout.ms': milliseconds(30_000, { maximum: largestInt }),
    'default.api.timeout.ms': milliseconds(60_000, { maximum: largestInt }),
    'retry.backoff.ms': milliseconds(100),
    'retry.backoff.max.ms': milliseconds(1_000),
    'reconnect.backoff.ms': milliseconds(50),
    'reconnect.backoff.max.ms': milliseconds(1_000),
    'metadata.max.age.ms': milliseconds(300_000),
    'connections.max.idle.ms': milliseconds(540_000),
    /** Empty: none. */
    'client.rack': optionalText(),
    'group.protocol': choice(['classic'], 'classic'),
  },
  withoutMeaning: {
    'bootstrap.servers': 'the scenario names the brokers',
    'client.id': 'the scenario names the clients',
    'client.dns.lookup': 'there is no name service in the model',
    'key.deserializer': 'messages have no bytes in the model',
    'value.deserializer': 'messages have no bytes in the model',
    'interceptor.classes': 'no code of a client is run',
    'send.buffer.bytes': 'the network model has no socket buffers',
    'receive.buffer.bytes': 'the network model has no socket buffers',
    'socket.connection.setup.timeout.*': 'connections are set up by the network model',
    'check.crcs': 'batches are not damaged on their way',
    'exclude.internal.topics': 'topics are named, not matched by a pattern',
    'metadata.recovery.*': 'the brokers known at the start stay known',
    'metric.reporters': 'the model measures by itself',
    'metrics.*': 'the model measures by itself',
    'enable.metrics.push': 'the model measures by itself',
    'auto.include.jmx.reporter': 'the model measures by itself',
    'security.protocol': 'connections are not encrypted in the model',
    'security.providers': 'connections are not encrypted in the model',
    'group.instance.id': 'static members are not modelled yet',
    'group.remote.assignor': 'the consumer group protocol of KIP-848 is not modelled yet',
    'isolation.level': 'transactions are not modelled yet',
  },
} as const satisfies OptionTable

export type ConsumerOptions = ValuesOf<typeof consumerOptions>
