/** Which system the messages come over, and how the clients on both sides are set up; made by {@link kafka}, {@link rabbitmq}, {@link memory} or {@link scenario}. */
export type CheckedSystem = DescribedSystem | ScenarioFile

/** A system that a check describes itself. */
export interface DescribedSystem {
  readonly from: 'options'
  readonly product: 'kafka' | 'rabbitmq' | 'memory'
  /** Where messages are sent to, and where the consumer receives from: addresses inside the system. */
  readonly sendTo: string
  readonly receiveFrom: string
  readonly group: string | undefined
  /** As a scenario file has it: options of the product under their own names. */
  readonly options: Readonly<Record<string, unknown>>
  readonly producer: Readonly<Record<string, unknown>>
  readonly consumer: Readonly<Record<string, unknown>>
  /** What holds of the consumer where neither the options nor a file that they name say otherwise. */
  readonly consumerUnlessSaid: Readonly<Record<string, unknown>>
  /** Since when the consumers are up, so that messages begin to come; a duration as scenario files write it. */
  readonly firstMessageAfter: string
}

/** A scenario file, of which one service is the user's. */
export interface ScenarioFile {
  readonly from: 'file'
  readonly file: string
  readonly service: string
  readonly variant: string
}

type Options = Readonly<Record<string, unknown>>

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
  } = system
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
  }
}

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
  const { client = 'amqplib', producer, consumer, queue = 'orders', publishTo = queue, ...others } = system
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
  }
}

export interface MemorySystem {
  /** Default `orders`. */
  readonly queue?: string
  /** After how long a message that nobody acknowledged is delivered again. Default 30 s. */
  readonly 'visibility-timeout'?: string
  /** Any other option of the queue, under its own name. */
  readonly [option: string]: unknown
}

/** The broker of a tutorial: leases messages, and delivers again what is not acknowledged in time. */
export function memory(system: MemorySystem = {}): CheckedSystem {
  const { queue = 'orders', ...options } = system
  return {
    from: 'options',
    product: 'memory',
    sendTo: queue,
    receiveFrom: queue,
    group: undefined,
    options: { queues: { [queue]: { 'visibility-timeout': '30s', attempts: 0, ...options } } },
    producer: {},
    consumer: {},
    consumerUnlessSaid: {},
    firstMessageAfter: '100ms',
  }
}

/** The systems, services and stores of a scenario file; the code under test stands where one of its services would. */
export function scenario(
  file: string,
  { service, variant = '' }: { readonly service: string; readonly variant?: string },
): CheckedSystem {
  return { from: 'file', file, service, variant }
}

function clientOptions(options: ClientOptions | undefined): Options {
  if (options === undefined) return {}
  return isNamed(options) ? { properties: options } : options
}

function isNamed(options: ClientOptions | undefined): options is string | readonly string[] {
  return typeof options === 'string' || Array.isArray(options)
}
