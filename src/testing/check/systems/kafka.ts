import type { CheckedSystem, Options } from './checked-system.ts'
import { given } from './checked-system.ts'

/** A `.properties` file, several of which the later ones win, or the options themselves. */
export type ClientOptions = string | readonly string[] | Options

export interface KafkaSystem {
  /** The client of the consumer. Default `java`. */
  readonly client?: 'java' | 'kafkajs'
  /** Of the brokers: `4.1`. Default: the newest that is known. */
  readonly version?: string
  /** Of those who send. What is not said is the client's default. */
  readonly producer?: ClientOptions
  /** Of the consumer under test. The group begins at the earliest record unless it says otherwise, since in a check nobody has committed yet. */
  readonly consumer?: ClientOptions
  /** Default `orders`. */
  readonly topic?: string
  /** Default 3. */
  readonly partitions?: number
  /** Default 1. */
  readonly brokers?: number
  /** Default: the name of the service. */
  readonly group?: string
  /** Any other option of the cluster, under its own name. */
  readonly [option: string]: unknown
}

/** Apache Kafka with its real options and defaults. */
export function kafka(system: KafkaSystem = {}): CheckedSystem {
  const {
    client = 'java',
    producer,
    consumer,
    topic = 'orders',
    partitions = 3,
    brokers = 1,
    group,
    ...others
  } = given('kafka', system)
  const factor = Math.min(3, brokers)
  return {
    from: 'options',
    product: 'kafka',
    sendTo: topic,
    receiveFrom: topic,
    group,
    options: { brokers, topics: { [topic]: { partitions, 'replication.factor': factor } }, ...others },
    producer: clientOptions(producer),
    consumer: { ...(client === 'java' ? {} : { client }), ...clientOptions(consumer) },
    consumerUnlessSaid: client === 'kafkajs' ? { fromBeginning: true } : { 'auto.offset.reset': 'earliest' },
    firstMessageAfter: '8s',
    outputs: { declaredAs: 'topics', place: (_, first) => first, reader: { 'auto.offset.reset': 'earliest' } },
  }
}

function clientOptions(options: ClientOptions | undefined): Options {
  if (options === undefined) return {}
  return isNamed(options) ? { properties: options } : options
}

function isNamed(options: ClientOptions | undefined): options is string | readonly string[] {
  return typeof options === 'string' || Array.isArray(options)
}
