import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Envelope, Producer, SendAnswer } from '../../system.ts'
import type { Cluster } from '../cluster.ts'
import type { KafkaError } from '../core/error-table.ts'
import { errorTable, isRetriable } from '../core/error-table.ts'
import type { ProducedBatch } from '../core/log/record-batch.ts'
import { noProducerEpoch, noProducerId, noSequence } from '../core/log/record-batch.ts'
import { partitionForKey } from '../core/producer/murmur2.ts'
import { batchOverheadBytes } from '../core/producer/producer-batch.ts'
import { RoundRobinPartitioner } from '../core/producer/sticky-partitioner.ts'
import type { ProduceRequest } from '../protocol.ts'
import type { Answer, BrokerLink } from './broker-link.ts'
import { BrokerLinks } from './broker-links.ts'
import type { KafkaJsProducerSettings } from './kafka-js-settings.ts'
import { waitOf } from './kafka-js-settings.ts'
import { sizeOf } from './record-size.ts'
import { RequestGate } from './request-gate.ts'
import type { Leader } from './topic-metadata.ts'
import { TopicMetadata } from './topic-metadata.ts'

/** One call of `send`, on its way through its attempts. */
interface Send {
  readonly record: number
  readonly envelope: Envelope
  readonly answered: (answer: SendAnswer) => void
  failures: number
  lastWait: Micros | undefined
  /** An attempt left of which nobody knows what became. */
  isInDoubt: boolean
}

/** A request without an answer that waits for its connection. */
interface Post {
  readonly link: BrokerLink
  readonly request: ProduceRequest
  readonly send: Send
}

/** The identity of an idempotent producer. */
interface Identity {
  readonly producerId: number
  readonly producerEpoch: number
}

/** kafkajs round robin begins at any of these. */
const startsOfRoundRobin = 2_147_483_647

/**
 * The producer of kafkajs 2.2. There is no buffer and no lingering: each `send` is a request of its own, tried again after a back-off as often
 * as `retry.retries` says, whatever was sent meanwhile. An idempotent one sends one request at a time to a broker, and takes back the sequence
 * number of a request that failed, so that the next one has it.
 */
export class KafkaJsProducer implements Producer {
  readonly #process: Process
  readonly #cluster: Cluster
  readonly #topic: string
  readonly #settings: KafkaJsProducerSettings
  readonly #links: BrokerLinks
  readonly #metadata: TopicMetadata
  readonly #roundRobin: RoundRobinPartitioner
  readonly #gates = new Map<string, RequestGate>()
  readonly #sequences = new Map<number, number>()
  #identity: Identity | undefined
  /** Sends that wait for metadata, or for the identity. */
  #waiting: Send[] = []
  #posts: Post[] = []
  #askingForId = false
  #unanswered = 0
  #isDisconnecting = false
  #closing: (() => void) | undefined

  constructor(process: Process, cluster: Cluster, topic: string, settings: KafkaJsProducerSettings) {
    this.#process = process
    this.#cluster = cluster
    this.#topic = topic
    this.#settings = settings
    this.#links = new BrokerLinks(process, cluster.bootstrap, settings.links, () => this.#postAll())
    this.#metadata = new TopicMetadata(process, this.#links, { ...settings.metadata, topic }, () => this.#prepared())
    this.#roundRobin = new RoundRobinPartitioner(process.random.fork('partitioner').below(startsOfRoundRobin))
    this.#metadata.requestUpdate()
    if (settings.isIdempotent) this.#askForId()
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void {
    const record = this.#cluster.records.add(envelope)
    this.#unanswered += 1
    const send: Send = { record, envelope, answered, failures: 0, lastWait: undefined, isInDoubt: false }
    if (this.#isDisconnecting) this.#refuse(send)
    else this.#attempt(send)
  }

  close(done: () => void): void {
    this.#closing = done
    this.#isDisconnecting = true
    this.#process.setTimer(0, () => this.#closeIfDone())
  }

  get #isPrepared(): boolean {
    return this.#metadata.partitionCount !== undefined && (!this.#settings.isIdempotent || this.#identity !== undefined)
  }

  /** Sends wait for the first metadata, but not for ever: each time that a connection might have taken counts as a failure. */
  #attempt(send: Send): void {
    if (this.#isPrepared) {
      this.#place(send)
      return
    }
    this.#waiting.push(send)
    this.#process.setTimer(this.#settings.links.connectTimeout, () => {
      if (!this.#waiting.includes(send)) return
      this.#waiting = this.#waiting.filter((each) => each !== send)
      this.#failed(send, 'NETWORK_EXCEPTION')
    })
  }

  #prepared(): void {
    if (!this.#isPrepared) return
    const waiting = this.#waiting
    this.#waiting = []
    for (const send of waiting) this.#place(send)
  }

  #place(send: Send): void {
    const partition = this.#partitionOf(send.envelope.key)
    const leader = this.#metadata.leader(partition)
    if (leader === undefined) this.#process.setTimer(0, () => this.#failed(send, 'LEADER_NOT_AVAILABLE'))
    else this.#gateOf(leader.node).enter(() => this.#produce(send, partition, leader))
  }

  /** Keys as in Java; without one, the partitions that have a leader in turn. */
  #partitionOf(key: string): number {
    const count = this.#metadata.partitionCount ?? 1
    if (key !== '') return partitionForKey(key, count)
    const all = Array.from({ length: count }, (_, partition) => partition)
    const available = all.filter((partition) => this.#metadata.leader(partition) !== undefined)
    return this.#roundRobin.choose(available, count)
  }

  #gateOf(node: string): RequestGate {
    const known = this.#gates.get(node)
    if (known !== undefined) return known
    const gate = new RequestGate(this.#settings.isIdempotent ? 1 : this.#settings.maxInFlight)
    this.#gates.set(node, gate)
    return gate
  }

  #produce(send: Send, partition: number, { node }: Leader): void {
    const { acks, ackTimeout: timeout } = this.#settings
    const batch = this.#batchOf(send, partition)
    const request: ProduceRequest = {
      type: 'produce',
      acks,
      timeout,
      batches: [{ topic: this.#topic, partition, batch }],
    }
    const link = this.#links.to(node)
    if (acks === 'none') {
      this.#posts.push({ link, request, send })
      link.connect()
      this.#process.setTimer(0, () => this.#postAll())
      return
    }
    link.request(request, (answer) => {
      const error = errorIn(answer)
      if (answer === 'no-answer' || mayHaveHappened.has(error)) send.isInDoubt = true
      if (error !== 'NONE') this.#takeBackSequence(partition)
      this.#gateOf(node).leave()
      if (error === 'NONE') this.#settle(send, { outcome: 'confirmed', reason: '' })
      else this.#failed(send, error)
    })
  }

  /** A request that nobody answers is done when the socket has it. */
  #postAll(): void {
    const posts = this.#posts
    this.#posts = []
    for (const post of posts) {
      const { link, request, send } = post
      if (link.connecting) this.#posts.push(post)
      else {
        this.#gateOf(link.node).leave()
        if (link.connected) {
          link.post(request)
          this.#settle(send, { outcome: 'assumed', reason: '' })
        } else this.#failed(send, 'NETWORK_EXCEPTION')
      }
    }
  }

  #batchOf({ record, envelope }: Send, partition: number): ProducedBatch {
    const { producerId, producerEpoch } = this.#identity ?? { producerId: noProducerId, producerEpoch: noProducerEpoch }
    const baseSequence = this.#identity === undefined ? noSequence : this.#nextSequence(partition)
    const sizeBytes = batchOverheadBytes + sizeOf(envelope)
    const maxTimestamp = this.#process.wallClock
    return { producerId, producerEpoch, baseSequence, maxTimestamp, sizeBytes, messages: [record] }
  }

  #nextSequence(partition: number): number {
    const sequence = this.#sequences.get(partition) ?? 0
    this.#sequences.set(partition, sequence + 1)
    return sequence
  }

  #takeBackSequence(partition: number): void {
    const next = this.#sequences.get(partition)
    if (next !== undefined) this.#sequences.set(partition, next - 1)
  }

  #failed(send: Send, error: KafkaError): void {
    const { retry } = this.#settings
    if (errorTable[error].refreshMetadata || isRetriable(error)) this.#metadata.requestUpdate()
    if (!isRetriable(error) || send.failures >= retry.retries) {
      const reason = isRetriable(error) ? `KafkaJSNumberOfRetriesExceeded: ${error}` : error
      this.#settle(send, { outcome: send.isInDoubt ? 'unknown' : 'rejected', reason })
      return
    }
    send.failures += 1
    send.lastWait = waitOf(retry, send.lastWait, this.#process.random.next())
    this.#process.setTimer(send.lastWait, () => this.#attempt(send))
  }

  #refuse(send: Send): void {
    const reason = 'KafkaJSNonRetriableError: the producer is disconnecting'
    this.#process.setTimer(0, () => this.#settle(send, { outcome: 'rejected', reason }))
  }

  #askForId(): void {
    if (this.#askingForId) return
    this.#askingForId = true
    this.#links.leastLoaded().request({ type: 'init-producer-id' }, (answer) => {
      this.#askingForId = false
      if (typeof answer !== 'string' && answer.error === 'NONE') {
        this.#identity = { producerId: answer.producerId, producerEpoch: answer.producerEpoch }
        this.#prepared()
      } else this.#process.setTimer(this.#settings.retry.initialRetryTime, () => this.#askForId())
    })
  }

  #settle(send: Send, answer: SendAnswer): void {
    this.#unanswered -= 1
    send.answered(answer)
    this.#closeIfDone()
  }

  #closeIfDone(): void {
    const done = this.#closing
    if (done === undefined || this.#unanswered > 0) return
    this.#closing = undefined
    this.#metadata.close()
    this.#links.close()
    done()
  }
}

function errorIn(answer: Answer<ProduceRequest>): KafkaError {
  return typeof answer === 'string' ? 'NETWORK_EXCEPTION' : (answer.results[0]?.error ?? 'NETWORK_EXCEPTION')
}

const mayHaveHappened: ReadonlySet<KafkaError> = new Set(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'])
