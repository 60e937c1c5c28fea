import type { AnyFact } from '../../../../src/history/fact.ts'
import { diskProfiles } from '../../../../src/simulation/disk.ts'
import type { Micros } from '../../../../src/simulation/duration.ts'
import { hour, second } from '../../../../src/simulation/duration.ts'
import { linkProfiles } from '../../../../src/simulation/link-profile.ts'
import type { Process } from '../../../../src/simulation/process.ts'
import { World } from '../../../../src/simulation/world.ts'
import { Cluster } from '../../../../src/systems/kafka/cluster.ts'
import type { Acks } from '../../../../src/systems/kafka/core/replication/leader-replica.ts'
import { kafkaFacts } from '../../../../src/systems/kafka/facts.ts'
import { brokerOptions } from '../../../../src/systems/kafka/options/broker-options.ts'
import type { KafkaVersion } from '../../../../src/systems/kafka/options/option.ts'
import { resolveOptions } from '../../../../src/systems/kafka/options/resolve-options.ts'
import { topicDefaults, type TopicOptions } from '../../../../src/systems/kafka/options/topic-options.ts'
import type { ProduceResult, RequestBody, ResponseBody } from '../../../../src/systems/kafka/protocol.ts'
import { brokerPort, requestBytes } from '../../../../src/systems/kafka/protocol.ts'
import type { ClusterSettings, TopicGrowth } from '../../../../src/systems/kafka/server/cluster-settings.ts'
import { brokerService } from '../../../../src/systems/kafka/server/cluster-settings.ts'
import { RpcClient } from '../../../../src/systems/kafka/server/rpc-client.ts'

export interface BenchOptions {
  readonly brokers?: number
  readonly controllers?: number
  readonly version?: KafkaVersion
  readonly broker?: Readonly<Record<string, unknown>>
  readonly topics?: Readonly<Record<string, Partial<TopicOptions>>>
  readonly growth?: readonly TopicGrowth[]
  readonly seed?: string
  /** Records every packet. */
  readonly observeNetwork?: boolean
}

/** A small world with a cluster named `events` and one client node that says what a test tells it to. */
export class ServerBench {
  readonly world: World
  readonly cluster: Cluster
  readonly #clients = new Map<number, RpcClient<RequestBody, ResponseBody>>()
  #client: Process | undefined
  #until: Micros = 0
  #messages = 0

  constructor(options: BenchOptions = {}) {
    this.world = new World({
      seed: options.seed ?? 'server',
      linkProfileOf: () => linkProfiles.lan,
      faults: [],
      faultKinds: [],
      settling: { healAfter: second, heal: 'all', bound: 24 * hour },
      factKinds: kafkaFacts,
      observeNetwork: options.observeNetwork ?? false,
      keepHistory: true,
      strikesBefore: new Map(),
    })
    let copies = 0
    const nextCopy = (): number => copies++
    this.cluster = new Cluster({ world: this.world, name: 'events', settings: settingsOf(options), nextCopy })
    this.world.addNode({
      name: 'client',
      start: (process) => {
        this.#client = process
      },
    })
    this.world.addParticipant({
      name: 'test',
      busyWith: () => (this.world.engine.now < this.#until ? 'the time of the test' : undefined),
      waitingFor: () => undefined,
      patience: 24 * hour,
    })
    this.world.begin()
  }

  get now(): Micros {
    return this.world.engine.now
  }

  /** Lets the run go on until `time`. */
  runUntil(time: Micros): this {
    this.#until = Infinity
    const { engine } = this.world
    while ((engine.nextTime() ?? Infinity) <= time && engine.step());
    return this
  }

  runFor(duration: Micros): this {
    return this.runUntil(this.now + duration)
  }

  /** Asks a broker; the answer comes back when it is there, within 40 s, or `undefined`. */
  ask<R extends RequestBody>(
    brokerId: number,
    body: R,
  ): Extract<ResponseBody, { readonly type: R['type'] }> | undefined {
    const pending = this.send(brokerId, body)
    const until = this.now + 40 * second
    while (!pending.answered && this.now < until && this.world.engine.step());
    return pending.response as Extract<ResponseBody, { readonly type: R['type'] }> | undefined
  }

  /** Asks a broker and does not wait. */
  send(brokerId: number, body: RequestBody): { answered: boolean; response: ResponseBody | undefined } {
    const process = this.#client
    if (process === undefined) throw new Error('The client has not started.')
    const client =
      this.#clients.get(brokerId) ??
      new RpcClient<RequestBody, ResponseBody>(process, {
        node: `events-${brokerId}`,
        port: brokerPort,
        bytesOf: requestBytes,
      })
    this.#clients.set(brokerId, client)
    const pending: { answered: boolean; response: ResponseBody | undefined } = { answered: false, response: undefined }
    process.step(() => {
      client.request(body, 35 * second, (response) => {
        pending.answered = true
        pending.response = response
      })
    })
    return pending
  }

  /** Forgets its connections: a host that lost power said nothing, and what is asked on the old ones may wait long. */
  reconnect(): this {
    for (const client of this.#clients.values()) client.close()
    this.#clients.clear()
    return this
  }

  /** A produce request with one batch of `count` messages, named m-0, m-1, … in the order of producing. */
  produceRequest(
    partition: number,
    { count = 1, acks = 'all', topic = 'orders', timeout = 30 * second, sequence }: ProduceOptions = {},
  ): Extract<RequestBody, { type: 'produce' }> {
    const messages = Array.from({ length: count }, () => this.#newRecord())
    const batch = {
      producerId: sequence === undefined ? -1 : 7,
      producerEpoch: sequence === undefined ? -1 : 0,
      baseSequence: sequence ?? -1,
      maxTimestamp: this.#client?.wallClock ?? 0,
      sizeBytes: 61 + 100 * count,
      messages,
    }
    return { type: 'produce', acks, timeout, batches: [{ topic, partition, batch }] }
  }

  /** Produces to the leader and says what came of it. */
  produce(partition: number, options: ProduceOptions = {}): ProduceResult | undefined {
    const request = this.produceRequest(partition, options)
    return this.ask(this.leader(partition, options.topic), request)?.results[0]
  }

  /** Names of the messages that a consumer reads at a broker, from offset 0. */
  consume(brokerId: number, partition: number, topic = 'orders'): readonly string[] {
    const position = { topic, partition, fetchOffset: 0, lastFetchedEpoch: undefined, currentLeaderEpoch: -1 }
    const answer = this.ask(brokerId, {
      type: 'fetch',
      replica: undefined,
      maxWait: 0,
      minBytes: 1,
      maxBytes: 1e9,
      partitions: [{ ...position, maxBytes: 1e9 }],
      rack: '',
      asksForAll: false,
    })
    const batches = answer?.partitions[0]?.batches ?? []
    return batches.flatMap(({ messages }) => Array.from(messages, (number) => this.text(this.#message(number))))
  }

  /** Cuts a node off from others, both ways; the function returned heals. */
  cut(nodes: readonly string[], others: readonly string[]): () => void {
    const numbers = (names: readonly string[]) => new Set(names.map((name) => this.world.node(name).number))
    const { network } = this.world
    const undos = [
      network.cut({ from: numbers(nodes), to: numbers(others), fact: -1 }),
      network.cut({ from: numbers(others), to: numbers(nodes), fact: -1 }),
    ]
    return () => {
      for (const undo of undos) undo()
    }
  }

  node(brokerId: number) {
    return this.world.node(`events-${brokerId}`)
  }

  /** The broker that leads now, as far as the controller decided. */
  leader(partition: number, topic = 'orders'): number {
    return this.cluster.view.image.partition({ topic, partition })?.leader ?? -1
  }

  isr(partition: number, topic = 'orders'): readonly number[] {
    return this.cluster.view.image.partition({ topic, partition })?.isr ?? []
  }

  facts(kind: string): readonly AnyFact[] {
    return [...this.world.history].filter((fact) => fact.kind === kind)
  }

  text(name: AnyFact[string] | undefined): string {
    return this.world.history.names.text(Number(name))
  }

  #message(record: number): number {
    return this.cluster.records.content(record).message
  }

  #newRecord(): number {
    const number = this.#messages++
    const message = this.world.history.names.intern(`m-${number}`)
    const rest = { key: '', sequence: number, version: 1, size: 100, type: '', headers: {}, body: undefined }
    return this.cluster.records.add({ message, operation: message, ...rest })
  }
}

export interface ProduceOptions {
  readonly count?: number
  readonly acks?: Acks
  readonly topic?: string
  readonly timeout?: Micros
  /** Given: the batch is that of an idempotent producer. */
  readonly sequence?: number
}

function settingsOf(options: BenchOptions): ClusterSettings {
  const { version = '4.1', brokers = 3, controllers = 1, topics, growth = [] } = options
  const resolved = resolveOptions(brokerOptions, version, options.broker ?? {})
  if (resolved.type !== 'resolved') throw new Error(JSON.stringify(resolved.problems))
  const broker = resolved.options
  const declared = topics ?? { orders: { partitions: 1, 'replication.factor': 3 } }
  const defaults = topicDefaults(broker)
  return {
    version,
    brokers,
    controllers,
    broker,
    topics: Object.fromEntries(Object.entries(declared).map(([topic, given]) => [topic, { ...defaults, ...given }])),
    groups: ['billing'],
    growth,
    service: brokerService,
    disk: diskProfiles.ssd,
    zones: [],
  }
}
