import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import { foundDown } from '../facts-of-servers.ts'
import type { PeerSentinel } from './peer-sentinel.ts'
import type { SentinelSettings } from './sentinel-settings.ts'
import type { WatchedServer } from './watched-server.ts'

/** How often a real Sentinel asks for `INFO` while all is well. */
const infoPeriod = 10 * second
/** What a peer said of the master counts for so long. */
const freshness = 5 * second

/** Whether the master is down: in the eyes of this Sentinel, and of as many as the quorum asks for. */
export class MasterHealth {
  readonly #process: Process
  readonly #settings: SentinelSettings
  #isDown = false
  #isAgreed = false
  #downSince: Micros = 0

  constructor(process: Process, settings: SentinelSettings) {
    this.#process = process
    this.#settings = settings
  }

  /** `SDOWN`. */
  get isDown(): boolean {
    return this.#isDown
  }

  /** `ODOWN`. */
  get isAgreed(): boolean {
    return this.#isAgreed
  }

  get downSince(): Micros {
    return this.#downSince
  }

  look(master: string, server: WatchedServer | undefined, peers: readonly PeerSentinel[]): void {
    const { now } = this.#process
    const isDown = server !== undefined && this.#seemsDown(server)
    if (isDown && !this.#isDown) {
      this.#downSince = now
      this.#process.record(foundDown, { server: master, how: 'by itself' })
    }
    const agreeing = peers.filter(({ saysDown, saidAt }) => saysDown && now - saidAt < freshness).length
    const isAgreed = isDown && 1 + agreeing >= this.#settings.quorum
    if (isAgreed && !this.#isAgreed) this.#process.record(foundDown, { server: master, how: 'by agreement' })
    this.#isDown = isDown
    this.#isAgreed = isAgreed
  }

  /** There is another master, of whom nothing bad is known. */
  begin(): void {
    this.#isDown = false
    this.#isAgreed = false
  }

  /** Whoever says for long that it is a replica is no master either. */
  #seemsDown(server: WatchedServer): boolean {
    const { downAfter } = this.#settings
    return server.isSilentFor(downAfter) || server.isReplicaFor(downAfter + 2 * infoPeriod)
  }
}
