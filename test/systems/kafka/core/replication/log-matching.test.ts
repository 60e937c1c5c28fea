import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changePartition } from '../../../../../src/systems/kafka/core/controller/partition-change.ts'
import type { PartitionRegistration } from '../../../../../src/systems/kafka/core/controller/partition-registration.ts'
import { PartitionLog } from '../../../../../src/systems/kafka/core/log/partition-log.ts'
import type { RecordBatch } from '../../../../../src/systems/kafka/core/log/record-batch.ts'
import { FollowerReplica } from '../../../../../src/systems/kafka/core/replication/follower-replica.ts'
import { maximalIsr } from '../../../../../src/systems/kafka/core/replication/in-sync-replicas.ts'
import { type Acks, LeaderReplica } from '../../../../../src/systems/kafka/core/replication/leader-replica.ts'
import { plainBatch } from '../log/batches.ts'

const replicas = [1, 2, 3]
const lag = 30_000_000

/** Three brokers and a controller without a network: every step is one exchange that arrives, or a crash. */
class Cluster {
  private readonly logs = new Map(replicas.map((brokerId) => [brokerId, new PartitionLog()]))
  private readonly alive = new Set(replicas)
  private readonly unclean: boolean
  private registration: PartitionRegistration
  private leader: LeaderReplica
  private now = 0
  private message = 0
  /** Message by offset, as some leader's high watermark made it visible. */
  readonly visible: number[] = []
  readonly confirmed = new Set<number>()
  lost = 0
  readonly violations: string[] = []

  constructor(unclean: boolean) {
    this.unclean = unclean
    const start = { leader: 1, leaderEpoch: 0, partitionEpoch: 0, elr: [], lastKnownLeader: undefined }
    this.registration = { replicas, isr: replicas, ...start }
    this.leader = this.lead()
  }

  step({ type, broker, size }: Step): void {
    this.now += 1_000
    if (type === 'append' && this.isLed) this.append(size)
    if (type === 'fetch') this.fetch(broker)
    if (type === 'crash') this.crash(broker)
    if (type === 'restart') this.restart(broker)
    if (type === 'lag') this.shrink()
    if (type === 'controller') this.answerProposal()
    this.observe()
  }

  /** The messages that every visible offset has on the present leader. */
  get onLeader(): readonly number[] {
    return this.leader.log.allBatches.flatMap((batch) => Array.from(batch.messages))
  }

  private get isLed(): boolean {
    return this.alive.has(this.registration.leader)
  }

  private append(size: number): void {
    const messages = Array.from({ length: size }, () => (this.message += 1))
    this.leader.append(plainBatch(...messages), 'all' satisfies Acks, this.views, this.now)
  }

  private fetch(brokerId: number): void {
    if (!this.isLed || !this.alive.has(brokerId) || brokerId === this.registration.leader) return
    const follower = new FollowerReplica(this.logOf(brokerId), this.registration.leaderEpoch)
    const request = follower.nextFetch(150)
    const outcome = this.leader.fetchAsFollower({ ...request, brokerId, brokerEpoch: 0 }, this.views, this.now)
    if (outcome.type === 'diverging') follower.truncateTo(outcome)
    if (outcome.type === 'error') this.violations.push(`a fetch failed: ${outcome.error}`)
    if (outcome.type !== 'records') return
    follower.appendFetched({ ...outcome, fetchOffset: request.fetchOffset })
  }

  private shrink(): void {
    if (!this.isLed) return
    this.now += lag + 1
    this.leader.proposeShrink(this.now)
  }

  /** The controller decides on the proposal in flight, if its epochs are still the present ones. */
  private answerProposal(): void {
    const proposal = this.isLed ? this.leader.proposalInFlight : undefined
    if (proposal === undefined || proposal.partitionEpoch !== this.registration.partitionEpoch) return
    const isr = proposal.newIsr.map((member) => member.brokerId).filter((brokerId) => this.alive.has(brokerId))
    const change = changePartition(this.registration, { isr }, this.rules)
    if (change !== undefined) this.registration = change.partition
    this.leader.proposalAnswered(proposal, { type: 'changed', ...this.registration }, this.views, this.now)
  }

  private crash(brokerId: number): void {
    if (!this.alive.delete(brokerId)) return
    this.elect(this.registration.isr.filter((member) => member !== brokerId))
  }

  private restart(brokerId: number): void {
    if (this.alive.has(brokerId)) return
    this.alive.add(brokerId)
    if (this.registration.leader === -1) this.elect(this.registration.isr)
  }

  private elect(isr: readonly number[]): void {
    const before = this.registration
    const change = changePartition(before, { isr }, this.rules)
    if (change === undefined) return
    this.registration = change.partition
    if (!this.isLed) return
    if (this.registration.leaderEpoch === before.leaderEpoch) {
      this.leader.updateRole(this.registration, this.views, this.now)
      return
    }
    this.leader = this.lead()
    this.leader.advanceHighWatermark(this.views, this.now)
    this.lost += this.visible.filter((message, offset) => this.onLeader[offset] !== message).length
  }

  /** Notes what consumers may see now; within an epoch, and under clean elections across them, it is never replaced. */
  private observe(): void {
    if (!this.isLed) return
    const ends = maximalIsr(this.leader.inSyncReplicas).map((brokerId) => this.logOf(brokerId).endOffset)
    if (this.leader.log.highWatermark > Math.min(...ends)) this.violations.push('a member lacks visible records')
    const seen = this.onLeader.slice(0, this.leader.log.highWatermark)
    seen.forEach((message, offset) => {
      if (!this.unclean && (this.visible[offset] ?? message) !== message) this.violations.push('a record was replaced')
      this.visible[offset] = message
    })
    for (const message of seen) this.confirmed.add(message)
    for (const a of replicas) for (const b of replicas) this.compareLogs(this.logOf(a), this.logOf(b))
  }

  /** Two logs with a record of one epoch at one offset agree on everything before it. */
  private compareLogs(a: PartitionLog, b: PartitionLog): void {
    const other = new Map(b.allBatches.map((batch) => [batch.baseOffset, batch]))
    const isShared = (batch: RecordBatch) => other.get(batch.baseOffset)?.leaderEpoch === batch.leaderEpoch
    const prefix = a.allBatches.slice(0, a.allBatches.findLastIndex(isShared) + 1)
    if (prefix.some((batch) => other.get(batch.baseOffset) !== batch)) this.violations.push('logs do not match')
  }

  private lead(): LeaderReplica {
    const settings = { minInsyncReplicas: 1, replicaLagTimeMax: lag, strictMinIsr: true }
    const { leader } = this.registration
    return new LeaderReplica(leader, this.logOf(leader), this.registration, settings, this.now)
  }

  private get rules() {
    return { acceptableLeaders: this.alive, minIsr: 1, elrEnabled: false, uncleanElection: this.unclean }
  }

  private get views() {
    return new Map(
      replicas.map((id) => [id, { brokerEpoch: 0, fenced: !this.alive.has(id), inControlledShutdown: false }]),
    )
  }

  private logOf(brokerId: number): PartitionLog {
    const log = this.logs.get(brokerId)
    if (log === undefined) throw new Error('every replica has a log')
    return log
  }
}

interface Step {
  readonly type: 'append' | 'fetch' | 'crash' | 'restart' | 'lag' | 'controller'
  readonly broker: number
  readonly size: number
}

const steps = fc.array(
  fc.record({
    type: fc.constantFrom(
      'append',
      'append',
      'fetch',
      'fetch',
      'fetch',
      'fetch',
      'crash',
      'restart',
      'restart',
      'lag',
      'controller',
      'controller',
    ),
    broker: fc.integer({ min: 1, max: 3 }),
    size: fc.integer({ min: 1, max: 2 }),
  }),
  { maxLength: 80, size: 'max' },
)

describe('three replicas that crash and return', () => {
  it('agree up to the high watermark, and lose nothing visible under clean elections', () => {
    let mostVisible = 0
    let elections = 0
    fc.assert(
      fc.property(steps, (taken) => {
        const cluster = new Cluster(false)
        for (const step of taken) cluster.step(step)
        expect(cluster.violations).toEqual([])
        expect(cluster.lost).toBe(0)
        mostVisible = Math.max(mostVisible, cluster.visible.length)
        elections += taken.filter(({ type }) => type === 'crash').length
      }),
      { numRuns: 200 },
    )
    expect(mostVisible).toBeGreaterThan(10)
    expect(elections).toBeGreaterThan(200)
  })

  it('keep what was visible when a follower that was ahead truncates and is elected at once', () => {
    const cluster = new Cluster(false)
    // Broker 3 gets the second record together with a high watermark that is older than its own acknowledgement.
    const sequence: readonly (readonly [Step['type'], number])[] = [
      ['append', 0],
      ['fetch', 2],
      ['fetch', 3],
      ['fetch', 2],
      ['append', 0],
      ['fetch', 3],
      ['crash', 1],
      ['fetch', 3],
      ['crash', 2],
    ]
    for (const [type, broker] of sequence) cluster.step({ type, broker, size: 1 })
    expect(cluster.confirmed).toEqual(new Set([1]))
    expect(cluster.violations).toEqual([])
    expect(cluster.onLeader).toEqual([1])
    expect(cluster.lost).toBe(0)
  })

  it('can lose visible records when a replica outside the ISR is elected', () => {
    const cluster = new Cluster(true)
    const sequence: readonly (readonly [Step['type'], number])[] = [
      ['crash', 3],
      ['append', 0],
      ['fetch', 2],
      ['fetch', 2],
      ['crash', 1],
      ['crash', 2],
      ['restart', 3],
    ]
    for (const [type, broker] of sequence) cluster.step({ type, broker, size: 1 })
    expect(cluster.confirmed).toEqual(new Set([1]))
    expect(cluster.lost).toBe(1)
  })

  it('lose visible records in some random runs with unclean elections', () => {
    const losing = fc.sample(steps, { numRuns: 100, seed: 7 }).filter((taken) => {
      const cluster = new Cluster(true)
      for (const step of taken) cluster.step(step)
      return cluster.lost > 0
    })
    expect(losing.length).toBeGreaterThan(0)
    expect(losing.length).toBeLessThan(100)
  })
})
