import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, minute } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Checkpoint, Lease } from '../core/lease.ts'
import { checkpointText } from '../core/lease.ts'
import { leasesToTake } from '../core/lease-choice.ts'
import { LeaseObserver } from '../core/lease-observer.ts'
import { nodeOfWorker } from '../core/worker-name.ts'
import { checkpointRefused, leaseLost, leasesLookedAt } from '../facts.ts'
import type { ConsumerSettings } from '../options/client-tables.ts'
import type { NewLease, TableAnswer, TableRequest } from '../protocol.ts'
import type { CallEnd } from './api-client.ts'
import type { TableClient } from './endpoints.ts'
import type { LeaseSync } from './lease-sync.ts'
import { leasesIn } from './lease-sync.ts'
import { OwnedLeases } from './owned-leases.ts'

/** What the library adds to intervals that depend on the fail-over time. */
const epsilon = 25 * millisecond
/** https://docs.aws.amazon.com/streams/latest/dev/kcl-configuration.html, shardSyncIntervalMillis */
const shardSyncInterval = minute

export interface WorkerContext {
  readonly process: Process
  readonly worker: string
  /** The key of the application's table. */
  readonly application: string
  readonly group: string
  readonly stream: string
  readonly settings: ConsumerSettings
  /** The name of a shard in facts. */
  readonly placeOf: (shard: string) => number
}

export interface LeaseEvents {
  gained(lease: Lease): void
  lost(shard: string): void
}

export type CheckpointOutcome = 'acknowledged' | 'refused' | 'unknown'

/** Keeps the leases of one worker: renews them, takes others, and checkpoints under them. */
export class LeaseCoordinator {
  readonly #context: WorkerContext
  readonly #table: TableClient
  readonly #sync: LeaseSync
  readonly #events: LeaseEvents
  readonly #owned: OwnedLeases
  readonly #observer: LeaseObserver
  #renewing: Timer | undefined
  #taking: Timer | undefined
  #isStopped = false

  constructor(context: WorkerContext, table: TableClient, sync: LeaseSync, events: LeaseEvents) {
    this.#context = context
    this.#table = table
    this.#sync = sync
    this.#events = events
    const { failoverTimeMillis } = context.settings
    this.#owned = new OwnedLeases(context.worker, failoverTimeMillis)
    this.#observer = new LeaseObserver(failoverTimeMillis)
  }

  begin(): void {
    const { process, settings } = this.#context
    this.#sync.begin(() => this.#take())
    this.#renewing = process.setTimer(this.#renewInterval, () => this.#renew())
    if (!settings['parents-first']) process.setTimer(shardSyncInterval, () => this.#syncAgain())
  }

  /**
   * Whether the lease, as it was gained, is this worker's, as far as it knows by its own clock. One that was lost meanwhile and gained again is another:
   * whoever reads under the old one has nothing to say any more.
   */
  owns(lease: Lease): boolean {
    return this.#owned.holdsStill(lease, this.#context.process.now)
  }

  get isWriting(): boolean {
    return this.#owned.isWriting
  }

  /** The leases as the table has them, or nothing where it cannot be asked. */
  look(looked: (leases: readonly Lease[] | undefined) => void): void {
    this.#call({ type: 'scan', application: this.#context.application }, (end) => looked(leasesIn(end)))
  }

  create(leases: readonly NewLease[], created: (isDone: boolean) => void): void {
    const { application } = this.#context
    this.#call({ type: 'create', application, leases }, (end) => created(leasesIn(end) !== undefined))
  }

  /** Writes how far the application is in a shard, if the lease is still its own; `done` is never called inside of this. */
  checkpoint(lease: Lease, checkpoint: Checkpoint, done: (outcome: CheckpointOutcome) => void): void {
    const { process, application } = this.#context
    const { shard } = lease
    if (!this.owns(lease)) {
      this.#refused(shard, checkpoint)
      process.setTimer(0, () => done('refused'))
      return
    }
    this.#owned.write(shard, (holding, written) =>
      this.#call({ type: 'checkpoint', application, holding, checkpoint }, (end) => {
        const leases = leasesIn(end)
        written(leases?.[0], process.now)
        if (leases?.length === 0) this.#refused(shard, checkpoint)
        done(leases === undefined ? 'unknown' : leases.length === 0 ? 'refused' : 'acknowledged')
      }),
    )
  }

  /** A shard is at its end: nobody needs its lease any more. */
  finish(shard: string): void {
    this.#owned.remove(shard)
  }

  /** Takes and renews no more. */
  stop(): void {
    this.#isStopped = true
    this.#renewing?.clear()
    this.#taking?.clear()
  }

  /** Gives all leases up, so that others need not wait. */
  evict(done: () => void): void {
    const { application } = this.#context
    const holdings = this.#owned.holdings(this.#context.process.now)
    if (holdings.length === 0) done()
    else this.#call({ type: 'evict', application, holdings }, done)
  }

  // Renewing

  get #renewInterval(): Micros {
    return Math.max(millisecond, Math.floor(this.#context.settings.failoverTimeMillis / 3) - epsilon)
  }

  #renew(): void {
    const { process, application } = this.#context
    this.#renewing = process.setTimer(this.#renewInterval, () => this.#renew())
    for (const shard of this.#owned.takeOverdue(process.now)) this.#lost(shard, 'it could not be renewed in time')
    const renewal = this.#owned.beginRenewal(process.now)
    const { holdings } = renewal
    if (holdings.length === 0) return
    this.#call({ type: 'renew', application, holdings }, (end) => {
      const taken = this.#owned.endRenewal(renewal, leasesIn(end), process.now)
      for (const shard of taken) this.#lost(shard, 'somebody else has it')
    })
  }

  #lost(shard: string, reason: string): void {
    const { process, group, placeOf } = this.#context
    process.record(leaseLost, { group, partition: placeOf(shard), reason })
    this.#events.lost(shard)
  }

  #refused(shard: string, checkpoint: Checkpoint): void {
    const { process, group, placeOf } = this.#context
    process.record(checkpointRefused, { group, partition: placeOf(shard), checkpoint: checkpointText(checkpoint) })
  }

  // Taking

  #take(): void {
    this.#taking = undefined
    if (this.#isStopped) return
    this.#context.process.record(leasesLookedAt, { group: this.#context.group })
    this.look((leases) => {
      if (leases === undefined) this.#takeLater()
      else this.#takeOf(leases)
    })
  }

  #takeOf(leases: readonly Lease[]): void {
    const { process, worker, application, settings } = this.#context
    this.#observer.see(leases, process.now)
    const expired = this.#observer.expired(process.now)
    const wanted = leasesToTake({
      worker,
      leases: this.#observer.leases,
      expired,
      longExpired: this.#observer.longExpired(process.now),
      maxLeasesForWorker: settings.maxLeasesForWorker ?? Infinity,
      maxLeasesToSteal: settings.maxLeasesToStealAtOneTime,
      random: process.random.fork(`leases/${process.now}`),
    })
    if (wanted.length === 0 || this.#isStopped) {
      this.#takeLater()
      return
    }
    const isStealing = wanted.some((lease) => !expired.includes(lease))
    const free = wanted.every(({ owner }) => owner === undefined)
    const reason = free ? 'nobody had it' : isStealing ? 'it has more than its share' : 'it was not renewed in time'
    this.#call({ type: 'take', application, leases: wanted, owner: worker, reason }, (end) => {
      for (const lease of leasesIn(end) ?? []) this.#gained(lease)
      this.#takeLater()
    })
  }

  #gained(lease: Lease): void {
    if (this.#isStopped) return
    this.#owned.add(lease, this.#context.process.now)
    this.#events.gained(lease)
  }

  #takeLater(): void {
    const { process, settings, worker } = this.#context
    if (this.#isStopped) return
    const silent = this.#observer.mostSilent(worker)
    const awaited = silent === undefined ? undefined : nodeOfWorker(silent)
    this.#taking = process.setTimer(2 * (settings.failoverTimeMillis + epsilon), () => this.#take(), awaited)
  }

  #syncAgain(): void {
    const { process } = this.#context
    if (this.#isStopped) return
    this.#sync.begin(() => process.setTimer(shardSyncInterval, () => this.#syncAgain()))
  }

  #call(request: TableRequest, ended: (end: CallEnd<TableAnswer>) => void): void {
    this.#table.call(() => request, ended)
  }
}
