import type { Micros } from '../../../simulation/duration.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Process } from '../../../simulation/process.ts'
import type { KafkaError } from '../core/error-table.ts'
import type { FetchedPartition, FetchPartition, FetchRequest } from '../protocol.ts'
import type { Answer } from './broker-link.ts'
import type { ConsumerParts } from './consumer-parts.ts'
import type { FetchSettings } from './consumer-settings.ts'
import type { BatchError } from './kafka-js-workers.ts'

/** `REJOIN`: the client's picture of the topic was stale, and it joins the group anew. */
export type LoopError = BatchError | 'REJOIN'

export interface FetchLoopContext {
  readonly process: Process
  readonly topic: string
  readonly node: string
  readonly parts: ConsumerParts
  readonly settings: FetchSettings
  /** `rackId`. */
  readonly rack: string
  readonly requestTimeout: Micros
  /** Whether the topic has other partitions than those that the group has shared out. */
  hasStaleAssignment(): boolean
  /** Works off what a fetch brought; `done` hears what became of it. */
  work(fetched: readonly FetchedPartition[], done: (error: BatchError) => void): void
  heartbeat(done: (error: BatchError) => void): void
  /** The loop is over: `NONE` if it was told to end. */
  ended(error: LoopError): void
}

/** Time that a fetch may take beyond the wait at the broker, µs. */
const fetchGrace = 100_000

/**
 * How kafkajs fetches from one broker: it asks for all partitions that this one leads, has everything that comes worked off, and asks again. A
 * broker that leads nothing of interest is looked at again after `maxWaitTimeInMs`, with a heartbeat.
 */
export class KafkaJsFetchLoop {
  readonly #context: FetchLoopContext
  #state: 'idle' | 'sleeping' | 'asking' | 'working' | 'ended' = 'idle'
  #isStopping = false
  #timer: Timer | undefined

  constructor(context: FetchLoopContext) {
    this.#context = context
  }

  /** Goes on, if it was waiting to know positions or leaders. */
  start(): void {
    if (this.#state === 'idle') this.#next()
  }

  /** Ends when what is under way has come back. */
  stop(): void {
    this.#isStopping = true
    if (this.#state === 'idle') this.#end('NONE')
  }

  #next(): void {
    const { process, parts, settings } = this.#context
    this.#state = 'idle'
    if (this.#isStopping) {
      this.#end('NONE')
      return
    }
    if (this.#context.hasStaleAssignment()) {
      this.#end('REJOIN')
      return
    }
    const mine = this.#ledHere()
    parts.finder.update()
    if (mine.length > 0 && mine.every((partition) => this.#isReady(partition))) this.#fetch(mine)
    else if (mine.length === 0) {
      this.#state = 'sleeping'
      this.#timer = process.setTimer(settings.maxWait, () => this.#context.heartbeat((error) => this.#goOn(error)))
    }
  }

  #ledHere(): readonly number[] {
    const { node, parts } = this.#context
    const { metadata, positions, preferred } = parts
    const isPaused = (partition: number): boolean => positions.get(partition)?.isPaused === true
    const hasLeader = positions.assigned.every((partition) => metadata.leader(partition) !== undefined)
    if (!hasLeader) metadata.requestUpdate()
    return positions.assigned.filter((partition) => {
      return (preferred.of(partition) ?? metadata.leader(partition)?.node) === node && !isPaused(partition)
    })
  }

  #isReady(partition: number): boolean {
    const { positions, finder } = this.#context.parts
    return positions.get(partition)?.offset !== undefined && finder.isValid(partition)
  }

  #fetch(partitions: readonly number[]): void {
    const { process, node, parts, settings, requestTimeout } = this.#context
    const { minBytes, maxWait, maxBytes } = settings
    const request: FetchRequest = {
      type: 'fetch',
      replica: undefined,
      maxWait,
      minBytes,
      maxBytes,
      partitions: partitions.map((partition) => this.#question(partition)),
      // Each answer, empty or not, lets a heartbeat through.
      asksForAll: false,
      rack: this.#context.rack,
    }
    const timeout = Math.max(requestTimeout, maxWait + fetchGrace)
    const askedAt = process.now
    this.#state = 'asking'
    parts.links
      .to(node, 'fetch')
      .request(request, (answer) => this.#answered(answer, process.now - askedAt >= timeout), timeout)
  }

  /** kafkajs does not say which leader epoch it believes in. */
  #question(partition: number): FetchPartition {
    const { topic, parts, settings } = this.#context
    const fetchOffset = parts.positions.get(partition)?.offset ?? 0
    const maxBytes = settings.partitionBytes
    return { topic, partition, fetchOffset, lastFetchedEpoch: undefined, currentLeaderEpoch: -1, maxBytes }
  }

  #answered(answer: Answer<FetchRequest>, wasLate: boolean): void {
    const { parts } = this.#context
    if (this.#isStopping) this.#end('NONE')
    else if (typeof answer !== 'string') this.#take(answer.partitions)
    else {
      parts.metadata.requestUpdate()
      // A connection that closes under a fetch is no failure; one that cannot be opened is.
      if (answer === 'not-sent' || wasLate) this.#end('NETWORK_EXCEPTION')
      else this.#context.heartbeat((error) => this.#goOn(error))
    }
  }

  /** One partition with an error spoils the whole answer. */
  #take(fetched: readonly FetchedPartition[]): void {
    const { metadata, finder, preferred } = this.#context.parts
    const failed = fetched.find(({ error }) => error !== 'NONE')
    for (const { partition, preferredReadReplica: node } of fetched) {
      if (node !== undefined) preferred.prefer(partition, node)
    }
    if (failed === undefined) {
      this.#state = 'working'
      this.#context.work(fetched, (error) => this.#goOn(error))
    } else if (failed.error === 'OFFSET_OUT_OF_RANGE') {
      // Meant for leaders only, but kafkajs 2.2 does not tell a follower's answer from theirs.
      finder.noteLoss(failed.partition, { type: 'out-of-range', from: 'leader' })
      this.#context.heartbeat((error) => this.#goOn(error))
    } else {
      metadata.requestUpdate()
      this.#end(staleMetadata.has(failed.error) ? 'REJOIN' : failed.error)
    }
  }

  #goOn(error: BatchError): void {
    if (this.#state === 'ended') return
    if (error === 'NONE') this.#next()
    else this.#end(error)
  }

  #end(error: LoopError): void {
    this.#state = 'ended'
    this.#timer?.clear()
    this.#context.ended(error)
  }
}

const staleMetadata: ReadonlySet<KafkaError> = new Set([
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_OR_FOLLOWER',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_OR_PARTITION',
])
