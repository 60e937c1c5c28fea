import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import { PartitionMap } from '../core/partition-map.ts'
import type { FetchEffect } from '../core/replication/follower-replica.ts'
import type { BrokerOptions } from '../options/broker-options.ts'
import type { FetchedPartition, FetchPartition, RequestBody, ResponseBody } from '../protocol.ts'
import { brokerPort, requestBytes } from '../protocol.ts'
import { microsOf } from './cluster-settings.ts'
import type { HostedPartition } from './hosted-partition.ts'
import { RpcClient } from './rpc-client.ts'
import { SteadyList } from './steady-list.ts'

/** `replica.socket.timeout.ms`. */
const socketTimeout = 30 * second

export interface FetcherOptions {
  readonly leaderNode: string
  readonly brokerId: number
  readonly broker: BrokerOptions
  /** The epoch of this broker's registration now. */
  brokerEpoch(): number
  /** A number that no fetch session of this broker has had. */
  nextSession(): number
  /** Something changed in a partition that follows. */
  progressed(partition: HostedPartition, effect: FetchEffect, messages: number): void
  diskFailed(): void
}

interface Followed {
  readonly partition: HostedPartition
  /** Moment before which it is left out of fetches, after an error. */
  notBefore: Micros
  /** What was asked for last. */
  asked: FetchPartition | undefined
}

/**
 * Copies from one leader all partitions that a broker follows it in, with one fetch at a time that asks for all of them. What the next fetch
 * asks for says what has arrived.
 */
export class ReplicaFetcher {
  readonly #process: Process
  readonly #options: FetcherOptions
  readonly #client: RpcClient<RequestBody, ResponseBody>
  readonly #followed = new PartitionMap<Followed>()
  readonly #positions = new SteadyList<FetchPartition>()
  #restarting = false
  /** A new one begins whenever an answer may have been lost. */
  #session: number
  /** Number of the fetch that is under way; an answer to an earlier one means nothing. */
  #fetchNumber = 0
  #closed = false

  constructor(process: Process, options: FetcherOptions) {
    this.#process = process
    this.#options = options
    this.#session = options.nextSession()
    this.#client = new RpcClient(process, { node: options.leaderNode, port: brokerPort, bytesOf: requestBytes })
  }

  get idle(): boolean {
    return this.#followed.size === 0
  }

  follow(partition: HostedPartition): void {
    this.#followed.set(partition.of, { partition, notBefore: 0, asked: undefined })
    this.restart()
  }

  unfollow(partition: HostedPartition): void {
    this.#followed.delete(partition.of)
  }

  close(): void {
    this.#closed = true
    this.#client.close()
  }

  /** Fetches anew: the fetch under way does not know of a new partition, or its leader's process is another one now. */
  restart(): void {
    if (this.#restarting) return
    this.#restarting = true
    this.#process.setTimer(0, () => {
      this.#restarting = false
      this.#fetchNumber += 1
      this.#client.reset()
      this.#session = this.#options.nextSession()
      this.#fetch()
    })
  }

  get #backOff(): Micros {
    return microsOf(this.#options.broker['replica.fetch.backoff.ms'])
  }

  #fetchAfter(delay: Micros): void {
    const number = this.#fetchNumber
    this.#process.setTimer(delay, () => {
      if (number === this.#fetchNumber) this.#fetch()
    })
  }

  #fetch(): void {
    if (this.#closed || this.#followed.size === 0) return
    const { now } = this.#process
    const partitions = this.#positionsAt(now)
    if (partitions.length === 0) {
      this.#fetchAfter(Math.min(...[...this.#followed.values()].map(({ notBefore }) => notBefore)) - now)
      return
    }
    const number = ++this.#fetchNumber
    const answered = (response: ResponseBody | undefined): void => {
      if (this.#closed || number !== this.#fetchNumber) return
      if (response?.type === 'fetch') this.#received(response.partitions)
      else {
        this.#session = this.#options.nextSession()
        this.#fetchAfter(this.#backOff)
      }
    }
    const maxWait = microsOf(this.#options.broker['replica.fetch.wait.max.ms'])
    this.#client.request(this.#request(partitions, maxWait), socketTimeout, answered, maxWait)
  }

  /** What to ask for at each partition that may be asked for. */
  #positionsAt(now: Micros): readonly FetchPartition[] {
    this.#positions.begin()
    for (const followed of this.#followed.values()) {
      const position = followed.notBefore <= now ? this.#positionOf(followed) : undefined
      if (position !== undefined) this.#positions.add(position)
    }
    return this.#positions.end()
  }

  /** What to ask for next: the very same object as long as it is the same, which spares both sides work. */
  #positionOf(followed: Followed): FetchPartition | undefined {
    const { of, role, log } = followed.partition
    if (role.type !== 'follower') return undefined
    const { asked } = followed
    const isSame = asked?.fetchOffset === log.endOffset && asked.lastFetchedEpoch === log.latestEpoch
    if (isSame && asked.currentLeaderEpoch === role.replica.leaderEpoch) return asked
    const maxBytes = this.#options.broker['replica.fetch.max.bytes']
    const { fetchOffset, lastFetchedEpoch, leaderEpoch: currentLeaderEpoch } = role.replica.nextFetch(maxBytes)
    const { topic, partition } = of
    followed.asked = { topic, partition, fetchOffset, lastFetchedEpoch, currentLeaderEpoch, maxBytes }
    return followed.asked
  }

  #request(partitions: readonly FetchPartition[], maxWait: Micros): RequestBody {
    const { broker, brokerId } = this.#options
    return {
      type: 'fetch',
      replica: { brokerId, brokerEpoch: this.#options.brokerEpoch(), session: this.#session },
      maxWait,
      minBytes: broker['replica.fetch.min.bytes'],
      maxBytes: broker['replica.fetch.response.max.bytes'],
      partitions,
      rack: '',
      asksForAll: partitions.length === this.#followed.size,
    }
  }

  /** Partitions that had nothing to tell are not in the answer. */
  #received(fetched: readonly FetchedPartition[]): void {
    for (const answer of fetched) {
      const followed = this.#followed.get(answer)
      const role = followed?.partition.role
      if (followed?.asked === undefined || role?.type !== 'follower') continue
      const { fetchOffset, currentLeaderEpoch } = followed.asked
      if (role.replica.leaderEpoch === currentLeaderEpoch) this.#take(followed, answer, fetchOffset)
    }
    this.#flushThenFetch()
  }

  /** The next fetch acknowledges what this one brought: what must be flushed is on the disk by then. */
  #flushThenFetch(): void {
    const next = this.#unflushed()
    const number = this.#fetchNumber
    if (next === undefined) this.#fetch()
    else
      next.partition.replicaLog.flush((flushed) => {
        if (!flushed) this.#options.diskFailed()
        else if (number === this.#fetchNumber && !this.#closed) this.#flushThenFetch()
      })
  }

  #unflushed(): Followed | undefined {
    for (const followed of this.#followed.values()) if (followed.partition.replicaLog.mustFlush) return followed
    return undefined
  }

  #take(followed: Followed, answer: FetchedPartition, fetchOffset: number): void {
    const { partition } = followed
    const { role } = partition
    if (role.type !== 'follower') return
    const { error, diverging, batches, highWatermark, logStartOffset } = answer
    if (error === 'OFFSET_OUT_OF_RANGE') {
      const effect = role.replica.outOfRange(logStartOffset, highWatermark)
      this.#options.progressed(partition, effect, 0)
      followed.notBefore = this.#process.now + this.#backOff
    } else if (error !== 'NONE') followed.notBefore = this.#process.now + this.#backOff
    else if (diverging !== undefined) this.#options.progressed(partition, role.replica.truncateTo(diverging), 0)
    else {
      const effect = role.replica.appendFetched({ fetchOffset, batches, highWatermark, logStartOffset })
      if (effect.type === 'appended' && batches.length > 0 && !partition.replicaLog.write(batches)) {
        this.#options.diskFailed()
        return
      }
      let messages = 0
      for (const batch of batches) messages += batch.messages.length
      this.#options.progressed(partition, effect, messages)
    }
  }
}
