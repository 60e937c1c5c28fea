import type { Process } from '../../../../simulation/process.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { Micros } from '../../../../simulation/duration.ts'
import { partitionName, type TopicPartition } from '../../core/controller/partition-registration.ts'
import { ClassicGroup } from '../../core/group/classic-group.ts'
import { CommittedOffsets } from '../../core/group/committed-offsets.ts'
import type { GroupSettings } from '../../core/group/group-data.ts'
import type { GroupEffects, GroupRecord, GroupReply } from '../../core/group/group-replies.ts'
import { generationBegan, memberRemoved, rebalanceBegan } from '../../facts.ts'
import type { ClusterContext } from '../cluster-context.ts'
import { RestingSessions } from '../resting-sessions.ts'

type Reply = (reply: GroupReply) => void

export interface HostedGroupOptions {
  readonly name: string
  readonly settings: GroupSettings
  /** Stores a record of the group; says whether it worked. */
  store(record: GroupRecord, done: (stored: boolean) => void): void
}

/** A group at its coordinator: the group itself, its offsets, and whoever waits for it. */
export class HostedGroup {
  readonly name: string
  readonly #process: Process
  readonly #context: ClusterContext
  readonly #options: HostedGroupOptions
  readonly #replies = new Map<number, Reply>()
  /** By member id, the node that it joined from. */
  readonly #nodes = new Map<string, string>()
  readonly #resting: RestingSessions<string>
  #group: ClassicGroup
  #offsets = new CommittedOffsets()
  #requests = 0
  #emptySince: Micros | undefined
  #timer: { readonly at: Micros; readonly timer: Timer } | undefined

  constructor(process: Process, context: ClusterContext, options: HostedGroupOptions) {
    this.#process = process
    this.#context = context
    this.#options = options
    this.name = options.name
    this.#group = new ClassicGroup(options.settings)
    this.#resting = new RestingSessions<string>({
      process,
      touch: (memberId, at) => this.#touch(memberId, at),
      awake: () => this.watch(),
    })
    this.#emptySince = process.now
  }

  get group(): ClassicGroup {
    return this.#group
  }

  get offsets(): CommittedOffsets {
    return this.#offsets
  }

  /** These offsets were kept long enough. */
  forgetOffsets(partitions: readonly TopicPartition[]): void {
    const forgotten = new Set(partitions.map(partitionName))
    const kept = new CommittedOffsets()
    for (const commit of this.#offsets.all) if (!forgotten.has(partitionName(commit))) kept.apply(commit)
    this.#offsets = kept
  }

  /** Since when it has had no members; `undefined` while it has some. */
  get emptySince(): Micros | undefined {
    return this.#emptySince
  }

  /** Goes on from a stored record; the last one of a log counts. */
  restore(record: GroupRecord): void {
    this.#group = ClassicGroup.restore(record, this.#options.settings, this.#process.now)
    this.#emptySince = this.#group.state === 'Empty' ? this.#process.now : undefined
  }

  /** The number under which a request that may have to wait is known; `reply` hears its answer. */
  expect(reply: Reply): number {
    const request = ++this.#requests
    this.#replies.set(request, reply)
    return request
  }

  joinedFrom(memberId: string, node: string): void {
    this.#nodes.set(memberId, node)
  }

  /** A member that lives, of a group in which nothing happens, need not send its heartbeats. */
  rest(memberId: string, interval: Micros): void {
    this.#resting.rest(memberId, interval)
  }

  /** Lets something happen to the group, and does what follows from it. `reason`: why members may have to go. */
  change(reason: string, act: (group: ClassicGroup) => GroupEffects): void {
    const before = { state: this.#group.state, generation: this.#group.generation }
    const members = this.#group.members.map(({ memberId }) => memberId)
    this.#resting.refresh()
    const effects = act(this.#group)
    if (this.#group.state !== 'Stable') this.#resting.disturb()
    this.#recordChanges(before, members, reason)
    for (const reply of effects.replies) {
      const waiting = this.#replies.get(reply.request)
      this.#replies.delete(reply.request)
      waiting?.(reply)
    }
    if (effects.store !== undefined) this.#store(effects.store)
    this.#emptySince = this.#group.state === 'Empty' ? (this.#emptySince ?? this.#process.now) : undefined
    this.watch()
  }

  /** Arms the timer for the group's next deadline. Deadlines that moved back are looked at when the timer comes due. */
  watch(): void {
    const { deadline } = this.#group
    if (deadline === undefined || (this.#timer !== undefined && this.#timer.at <= deadline)) return
    this.#timer?.timer.clear()
    const delay = Math.max(0, deadline - this.#process.now)
    const timer = this.#process.setTimer(delay, () => this.#due(), this.#awaited(deadline))
    this.#timer = { at: deadline, timer }
  }

  /** This broker coordinates the group no more: whoever waits is told. */
  close(): void {
    this.#resting.disturb()
    this.#timer?.timer.clear()
    const waiting = [...this.#replies]
    this.#replies.clear()
    for (const [request, reply] of waiting) {
      reply({ type: 'sync', request, error: 'NOT_COORDINATOR', assignment: [] })
    }
  }

  /** Counts a heartbeat that was left out, unless a later sign of life counts already. */
  #touch(memberId: string, at: Micros): void {
    const member = this.#group.members.find((candidate) => candidate.memberId === memberId)
    if (member === undefined || member.sessionDeadline >= at + member.sessionTimeout) return
    this.#group.heartbeat(memberId, this.#group.generation, at)
  }

  #due(): void {
    this.#timer = undefined
    this.#resting.refresh()
    const { deadline } = this.#group
    if (deadline !== undefined && deadline <= this.#process.now) {
      this.change('time-out', (group) => group.advance(this.#process.now))
    } else this.watch()
  }

  /** The node whose silence a deadline is about. */
  #awaited(deadline: Micros): string | undefined {
    const silent = this.#group.members.find(({ sessionDeadline }) => sessionDeadline === deadline)
    const missing = this.#group.members.find(({ joining }) => joining === undefined)
    return this.#nodes.get((silent ?? missing)?.memberId ?? '')
  }

  #store(record: GroupRecord): void {
    this.#options.store(record, (stored) => {
      this.change('not stored', (group) => group.assignmentStored(record, stored, this.#process.now))
    })
  }

  #recordChanges(
    before: { readonly state: string; readonly generation: number },
    members: readonly string[],
    reason: string,
  ): void {
    const { state, generation } = this.#group
    const group = this.#context.intern(this.name)
    const now = new Set(this.#group.members.map(({ memberId }) => memberId))
    for (const memberId of members) {
      if (now.has(memberId)) continue
      this.#resting.forget(memberId)
      const names = { member: this.#context.intern(memberId), reason: this.#context.intern(reason) }
      this.#process.record(memberRemoved, { group, ...names })
    }
    if (state === 'PreparingRebalance' && before.state !== state) {
      this.#process.record(rebalanceBegan, { group, generation: before.generation })
    }
    if (state === 'Stable' && before.state === 'CompletingRebalance') {
      this.#process.record(generationBegan, { group, generation, members: now.size })
    }
  }
}
