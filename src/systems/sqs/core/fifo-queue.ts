import type { Micros } from '../../../simulation/duration.ts'
import { Agenda } from './agenda.ts'
import { Deduplication } from './deduplication.ts'
import { FifoMessage, MessageGroup } from './fifo-message.ts'
import type {
  NewMessage,
  Overlooked,
  QueueCore,
  QueueEvent,
  QueueRules,
  ReceiveRequest,
  ReceiveResult,
  Receipt,
  Refusal,
  SendResult,
  SettleResult,
  Situation,
} from './queue-core.ts'
import { beyondLimit, longestVisibility, notInFlight } from './queue-core.ts'
import { ReceiveAttempts } from './receive-attempts.ts'
import { Retention } from './retention.ts'
import { ScanWindow } from './scan-window.ts'

/**
 * A FIFO queue: groups of messages, each in the order of its arrival. What its servers keep is the same on all of them, so that it answers while most
 * of them can be reached, and not otherwise.
 */
export class FifoQueue implements QueueCore {
  readonly #rules: QueueRules
  readonly #servers: number
  readonly #messages = new Map<number, FifoMessage>()
  readonly #groups = new Map<string, MessageGroup>()
  readonly #window: ScanWindow
  readonly #deduplication = new Deduplication()
  readonly #attempts = new ReceiveAttempts()
  /** When messages may be visible again. */
  readonly #hidden = new Agenda<FifoMessage>()
  /** When messages were sent whose delay may not be over. */
  readonly #delayed = new Agenda<FifoMessage>()
  readonly #retention: Retention<FifoMessage>
  #delay: Micros
  #inFlight = 0
  #sequence = 0
  #receives = 0

  constructor(rules: QueueRules, servers: number) {
    this.#rules = rules
    this.#servers = servers
    this.#window = new ScanWindow(rules.scanWindow)
    this.#retention = new Retention(rules.retention)
    this.#delay = rules.delay
  }

  get size(): number {
    return this.#messages.size
  }

  get inFlight(): number {
    return this.#inFlight
  }

  send(spec: NewMessage, { now, reachable }: Situation): SendResult {
    if (!this.#isAvailable(reachable)) return { refusal: unavailable, events: [] }
    const id = this.#idOf(spec)
    const first = id === undefined ? undefined : this.#deduplication.find(id, now)
    if (first !== undefined) return { events: [{ kind: 'deduplicated', envelope: spec.envelope, first }] }
    if (id !== undefined) this.#deduplication.remember(id, spec.envelope, now)
    const message = new FifoMessage(spec, ++this.#sequence)
    this.#messages.set(message.copy, message)
    this.#groupOf(message).add(message)
    this.#window.add(message)
    this.#retention.add(message)
    // A queue without a delay may get one later, which is for messages that are there already as well.
    if (this.#delay > 0) this.#delayed.add(message.sentAt, message)
    return { events: [{ kind: 'stored', message }] }
  }

  #idOf({ deduplicationId, group }: NewMessage): string | undefined {
    if (deduplicationId === undefined || this.#rules.deduplicationScope === 'queue') return deduplicationId
    return JSON.stringify([group, deduplicationId])
  }

  receive(request: ReceiveRequest, { now, reachable }: Situation): ReceiveResult {
    const nothing: ReceiveResult = { messages: [], exhausted: [], overlooked: undefined, events: [] }
    if (!this.#isAvailable(reachable)) return { ...nothing, refusal: unavailable }
    const { attemptId, visibilityTimeout = this.#rules.visibilityTimeout } = request
    const again = attemptId === undefined ? undefined : this.#attempts.find(attemptId, now)
    if (again !== undefined) return this.#repeat(again, visibilityTimeout, now)
    const room = this.#rules.inFlightLimit - this.#inFlight
    if (room <= 0) return { ...nothing, overlooked: this.#overlooked('the limit of messages in flight') }
    const taken = this.#take(Math.min(room, request.most), visibilityTimeout, now)
    if (attemptId !== undefined && taken.received.length > 0) this.#attempts.remember(attemptId, taken.received, now)
    const isEmpty = taken.received.length === 0 && taken.exhausted.length === 0
    return {
      messages: taken.received.map(handed),
      exhausted: taken.exhausted,
      overlooked: isEmpty ? this.#hiddenByBacklog(now) : undefined,
      events: taken.events,
    }
  }

  #repeat(messages: readonly FifoMessage[], timeout: Micros, now: Micros): ReceiveResult {
    for (const message of messages) this.#hide(message, now + timeout)
    return { messages: messages.map(handed), exhausted: [], overlooked: undefined, events: [] }
  }

  /** From the group whose first message is the oldest, as many as there are, then from the next. */
  #take(most: number, timeout: Micros, now: Micros) {
    const received: FifoMessage[] = []
    const exhausted: FifoMessage[] = []
    const events: QueueEvent[] = []
    for (const group of this.#freeGroups(now)) {
      for (const message of group.present()) {
        if (received.length >= most || !this.#isDue(message, now) || !this.#window.has(message)) break
        if (this.#isExhausted(message)) {
          exhausted.push(message)
          events.push(this.#remove(message, 'dead-lettered', `received ${message.receives} times`))
        } else {
          this.#hand(message, timeout, now)
          received.push(message)
          events.push({ kind: 'received', message })
        }
      }
      if (received.length >= most) break
    }
    return { received, exhausted, events }
  }

  #freeGroups(now: Micros): readonly MessageGroup[] {
    const free: { readonly group: MessageGroup; readonly sequence: number }[] = []
    for (const [name, group] of this.#groups) {
      const { head } = group
      if (head === undefined) this.#groups.delete(name)
      else if (group.inFlight === 0 && this.#isDue(head, now) && this.#window.has(head))
        free.push({ group, sequence: head.sequence })
    }
    return free.sort((one, other) => one.sequence - other.sequence).map(({ group }) => group)
  }

  #isDue(message: FifoMessage, now: Micros): boolean {
    return message.sentAt + this.#delay <= now
  }

  #isExhausted({ receives }: FifoMessage): boolean {
    const { maxReceiveCount } = this.#rules
    return maxReceiveCount !== undefined && receives >= maxReceiveCount
  }

  #hand(message: FifoMessage, timeout: Micros, now: Micros): void {
    message.receive = ++this.#receives
    message.receives++
    message.receivedAt = now
    message.firstReceivedAt ??= now
    if (timeout === 0) return
    this.#setInFlight(message, true)
    this.#hide(message, now + timeout)
  }

  #hide(message: FifoMessage, until: Micros): void {
    message.hiddenUntil = until
    this.#hidden.add(until, message)
  }

  /** A deletion whose handle has expired fails, whether or not the message was received again. */
  delete({ copy, receive }: Receipt, fate: string, { now, reachable }: Situation): SettleResult {
    if (!this.#isAvailable(reachable)) return { refusal: unavailable, events: [] }
    const message = this.#messages.get(copy)
    if (message === undefined) return { events: [] }
    if (message.receive !== receive || message.hiddenUntil <= now)
      return { refusal: expiredHandle, events: [{ kind: 'not-deleted', message, reason: expiredHandle.reason }] }
    this.#attempts.changed(message)
    return { events: [this.#remove(message, fate, '')] }
  }

  changeVisibility({ copy, receive }: Receipt, timeout: Micros, { now, reachable }: Situation): SettleResult {
    if (!this.#isAvailable(reachable)) return { refusal: unavailable, events: [] }
    const message = this.#messages.get(copy)
    if (message === undefined || message.receive !== receive || message.hiddenUntil <= now)
      return { refusal: notInFlight, events: [] }
    if (now + timeout > message.receivedAt + longestVisibility) return { refusal: beyondLimit, events: [] }
    this.#attempts.changed(message)
    this.#hide(message, now + timeout)
    if (timeout > 0) return { events: [{ kind: 'extended', message, until: now + timeout }] }
    this.#setInFlight(message, false)
    return { events: [{ kind: 'visible-again', message, reason: 'released' }] }
  }

  advance(now: Micros): readonly QueueEvent[] {
    const events: QueueEvent[] = []
    for (let due = this.#hidden.takeDue(now); due !== undefined; due = this.#hidden.takeDue(now)) {
      if (due.isGone || !due.isInFlight || due.hiddenUntil > now) continue
      this.#setInFlight(due, false)
      events.push({ kind: 'visible-again', message: due, reason: 'visibility timeout' })
    }
    while (this.#delayed.takeDue(now - this.#delay) !== undefined);
    for (let old = this.#retention.takeExpired(now); old !== undefined; old = this.#retention.takeExpired(now))
      events.push(this.#remove(old, 'expired', 'it was older than the queue keeps messages'))
    return events
  }

  get nextDue(): Micros | undefined {
    const sent = this.#delayed.next
    const times = [this.#hidden.next, this.#retention.next, sent === undefined ? undefined : sent + this.#delay]
    const due = times.filter((time) => time !== undefined)
    return due.length === 0 ? undefined : Math.min(...due)
  }

  serversChanged(): void {}

  /** It counts from when a message was sent, and is for those that are there already as well. */
  setDelay(delay: Micros, now: Micros): void {
    this.#delay = delay
    for (const message of this.#messages.values())
      if (message.sentAt + delay > now) this.#delayed.add(message.sentAt, message)
  }

  clear(reason: string): readonly QueueEvent[] {
    return [...this.#messages.values()].map((message) => this.#remove(message, 'dropped', reason))
  }

  takeDeadLetter() {
    for (const letter of this.#messages.values())
      if (letter.deadLetterOf !== undefined && !letter.isInFlight)
        return { letter, events: [this.#remove(letter, 'moved', 'redriven')] }
    return undefined
  }

  *messages(): Generator<{ readonly message: FifoMessage; readonly state: string }> {
    for (const message of this.#messages.values()) {
      yield { message, state: message.isInFlight ? 'in flight' : 'visible' }
    }
  }

  unfinished() {
    const [first] = this.#messages.values()
    return { count: this.size, first: first?.envelope }
  }

  /** All of them keep everything. */
  serversOf(name: number): readonly number[] {
    for (const { envelope } of this.#messages.values())
      if (envelope.message === name) return Array.from({ length: this.#servers }, (_, server) => server)
    return []
  }

  #isAvailable(reachable: ReadonlySet<number>): boolean {
    return reachable.size * 2 > this.#servers
  }

  #groupOf({ group: name }: FifoMessage): MessageGroup {
    const known = this.#groups.get(name)
    if (known !== undefined) return known
    const group = new MessageGroup()
    this.#groups.set(name, group)
    return group
  }

  #setInFlight(message: FifoMessage, isInFlight: boolean): void {
    if (message.isInFlight === isInFlight) return
    message.isInFlight = isInFlight
    this.#inFlight += isInFlight ? 1 : -1
    this.#groupOf(message).inFlight += isInFlight ? 1 : -1
  }

  #remove(message: FifoMessage, fate: string, reason: string): QueueEvent {
    this.#setInFlight(message, false)
    message.isGone = true
    this.#messages.delete(message.copy)
    this.#window.removed(message)
    return { kind: 'ended', message, fate, reason }
  }

  #overlooked(reason: string): Overlooked | undefined {
    for (const message of this.#messages.values())
      if (!message.isInFlight) return { count: this.size - this.#inFlight, first: message.envelope, reason }
    return undefined
  }

  /** Messages of free groups that nobody looks at. */
  #hiddenByBacklog(now: Micros): Overlooked | undefined {
    for (const { head, inFlight } of this.#groups.values())
      if (head !== undefined && inFlight === 0 && this.#isDue(head, now) && !this.#window.has(head))
        return { count: 1, first: head.envelope, reason: 'too many messages of other groups are before it' }
    return undefined
  }
}

function handed(message: FifoMessage) {
  return { message, receipt: { copy: message.copy, receive: message.receive } }
}

const unavailable: Refusal = { code: 'ServiceUnavailable', reason: 'too few servers can be reached' }
const expiredHandle: Refusal = { code: 'InvalidParameterValue', reason: 'the receipt handle has expired' }
