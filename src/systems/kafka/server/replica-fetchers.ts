import type { Process } from '../../../simulation/process.ts'
import type { FetcherOptions } from './replica-fetcher.ts'
import { ReplicaFetcher } from './replica-fetcher.ts'
import { brokerNode } from './cluster-settings.ts'
import type { HostedPartition } from './hosted-partition.ts'

/** More fetch sessions than a broker begins between two starts. */
const sessionsOfALife = 2 ** 24

export interface FetchersOptions extends Omit<FetcherOptions, 'leaderNode' | 'nextSession'> {
  readonly cluster: string
}

/** The fetchers of a broker: one for each leader that it follows in anything. */
export class ReplicaFetchers {
  readonly #process: Process
  readonly #options: FetchersOptions
  readonly #fetchers = new Map<number, ReplicaFetcher>()
  #sessions = 0

  constructor(process: Process, options: FetchersOptions) {
    this.#process = process
    this.#options = options
  }

  follow(partition: HostedPartition, leader: number): void {
    this.#of(leader).follow(partition)
  }

  unfollow(partition: HostedPartition, leader: number): void {
    this.#fetchers.get(leader)?.unfollow(partition)
  }

  /** The leader's process is another one now. */
  restart(leader: number): void {
    this.#fetchers.get(leader)?.restart()
  }

  /** Gives up the connections to leaders that are followed in nothing any more. */
  closeIdle(): void {
    for (const [leader, fetcher] of this.#fetchers) {
      if (!fetcher.idle) continue
      fetcher.close()
      this.#fetchers.delete(leader)
    }
  }

  close(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.close()
    this.#fetchers.clear()
  }

  #of(leader: number): ReplicaFetcher {
    const known = this.#fetchers.get(leader)
    if (known !== undefined) return known
    const fetcher = new ReplicaFetcher(this.#process, {
      ...this.#options,
      leaderNode: brokerNode(this.#options.cluster, leader),
      nextSession: () => this.#process.incarnation * sessionsOfALife + ++this.#sessions,
    })
    this.#fetchers.set(leader, fetcher)
    return fetcher
  }
}
