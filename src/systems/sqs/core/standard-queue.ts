import type { Micros } from '../../../simulation/duration.ts'
import type { Random } from '../../../simulation/random.ts'
import { KeptMessages } from './kept-messages.ts'
import { MissedChanges } from './missed-changes.ts'
import type {
  HeldMessage,
  NewMessage,
  Overlooked,
  QueueCore,
  QueueEvent,
  QueueRules,
  Received,
  ReceiveRequest,
  ReceiveResult,
  Receipt,
  Refusal,
  SendResult,
  SettleResult,
  Situation,
  Storage,
} from './queue-core.ts'
import { beyondLimit, longestVisibility, notInFlight } from './queue-core.ts'
import { Replica, StandardMessage } from './replica.ts'
import { sampleServers, serverWeights } from './server-sample.ts'

/**
 * A standard queue. Each message has copies on several servers, and each copy its own state; a call changes those that it reaches. What the others
 * have missed is what makes a message come twice, and what a short poll does not ask is what makes it come up empty.
 */
export class StandardQueue implements QueueCore {
  readonly #rules: QueueRules
  readonly #storage: Storage
  readonly #random: Random
  readonly #nextCopy: () => number
  readonly #kept: KeptMessages
  readonly #weights: readonly number[]
  readonly #missed: MissedChanges
  #delay: Micros
  #receives = 0

  /** `random` is that of the queue: what is drawn from it is named after messages and servers. */
  constructor(rules: QueueRules, storage: Storage, random: Random, nextCopy: () => number) {
    this.#rules = rules
    this.#storage = storage
    this.#random = random
    this.#nextCopy = nextCopy
    this.#kept = new KeptMessages(storage.servers, rules.retention)
    this.#weights = serverWeights(storage.servers, random)
    this.#missed = new MissedChanges(random, storage.repairWithin)
    this.#delay = rules.delay
  }

  get size(): number {
    return this.#kept.size
  }

  get inFlight(): number {
    return this.#kept.inFlight
  }

  send(spec: NewMessage, { now, reachable, random }: Situation): SendResult {
    const { servers, copies } = this.#storage
    const place = random.shuffled(Array.from({ length: servers }, (_, server) => server)).slice(0, copies)
    const reached = place.filter((server) => reachable.has(server))
    if (reached.length * 2 <= copies) return { refusal: unavailable, events: [] }
    const message = new StandardMessage(spec)
    const visibleAt = now + (spec.delay ?? this.#delay)
    message.replicas = reached.map((server) => new Replica(message, server, visibleAt))
    this.#kept.setDelayed(message, visibleAt > now)
    this.#kept.keep(message, now)
    return { events: [{ kind: 'stored', message }] }
  }

  receive(request: ReceiveRequest, situation: Situation): ReceiveResult {
    const { inFlightLimit } = this.#rules
    const nothing = { messages: [], exhausted: [], overlooked: undefined, events: [] }
    if (this.size === 0) return nothing
    const room = inFlightLimit - this.inFlight
    if (room <= 0 && !request.long) return { ...nothing, refusal: overLimit }
    if (room <= 0) return { ...nothing, overlooked: this.#overlooked(situation.now, 'the limit of messages in flight') }
    return this.#collect(this.#serversFor(request, situation), Math.min(room, request.most), request, situation)
  }

  /** The servers that answer a poll, in the order in which what they have is taken. */
  #serversFor({ long }: ReceiveRequest, { reachable, random }: Situation): readonly number[] {
    const { servers, shortPollServers } = this.#storage
    const asked =
      long && this.size === 1
        ? [...this.#weights.keys()]
        : sampleServers(this.#weights, long ? servers : shortPollServers, random.fork('sample'))
    return asked.filter((server) => reachable.has(server))
  }

  #collect(servers: readonly number[], most: number, request: ReceiveRequest, situation: Situation): ReceiveResult {
    const events: QueueEvent[] = []
    const messages: Received[] = []
    const exhausted: HeldMessage[] = []
    // With a visibility timeout of 0 a message stays where it is, at the end of its line; one answer brings it once all the same.
    const taken = new Set<StandardMessage>()
    let asked = servers
    while (asked.length > 0 && messages.length < most) {
      const more: number[] = []
      for (const server of asked) {
        const replica = messages.length < most ? this.#kept.firstOn(server, situation.now) : undefined
        if (replica === undefined || taken.has(replica.message)) continue
        more.push(server)
        taken.add(replica.message)
        const received = this.#take(replica.message, request, situation, events)
        if (received === undefined) exhausted.push(replica.message)
        else messages.push(received)
      }
      asked = more
    }
    const isEmpty = messages.length === 0 && exhausted.length === 0
    const overlooked =
      isEmpty && !request.long ? this.#overlooked(situation.now, 'it was on servers that were not asked') : undefined
    return { messages, exhausted, overlooked, events }
  }

  /** Hands a message out; nothing if it was received too often already, and is out of the queue now. */
  #take(
    message: StandardMessage,
    { visibilityTimeout = this.#rules.visibilityTimeout }: ReceiveRequest,
    { now, reachable }: Situation,
    events: QueueEvent[],
  ): Received | undefined {
    const { maxReceiveCount } = this.#rules
    const receives = message.latestOn(reachable)?.receives ?? 0
    if (maxReceiveCount !== undefined && receives >= maxReceiveCount) {
      events.push(...this.#remove(message, reachable, 'dead-lettered', `received ${receives} times`))
      return undefined
    }
    const receive = ++this.#receives
    message.firstReceivedAt ??= now
    const until = now + visibilityTimeout
    for (const replica of message.replicas) {
      if (reachable.has(replica.server)) this.#hide(replica, receive, receives + 1, now, until)
      else events.push(this.#missed.missed(replica, 'receive'))
    }
    this.#kept.setInFlight(message, until > now)
    this.#kept.visibleFrom(message, until, now)
    events.push({ kind: 'received', message })
    return { message, receipt: { copy: message.copy, receive } }
  }

  #hide(replica: Replica, receive: number, receives: number, now: Micros, until: Micros): void {
    replica.hide(receive, receives, now, until)
    this.#missed.delete(replica)
  }

  delete({ copy, receive }: Receipt, fate: string, { reachable }: Situation): SettleResult {
    const message = this.#kept.get(copy)
    if (message === undefined) return { events: [] }
    const known = message.latestOn(reachable)
    if (known === undefined) return { refusal: unavailable, events: [] }
    if (known.receive !== receive && !this.#obeysOldHandle(message, receive))
      return { events: [{ kind: 'not-deleted', message, reason: 'the receipt handle was not the latest one' }] }
    return { events: this.#remove(message, reachable, fate, '') }
  }

  #obeysOldHandle({ envelope }: StandardMessage, receive: number): boolean {
    return this.#random.fork(`old-handle/${envelope.message}/${receive}`).chance(this.#storage.oldHandleDeletes)
  }

  changeVisibility({ copy, receive }: Receipt, timeout: Micros, { now, reachable }: Situation): SettleResult {
    const message = this.#kept.get(copy)
    const known = message?.latestOn(reachable)
    if (message === undefined || known === undefined || known.receive !== receive || known.visibleAt <= now)
      return { refusal: notInFlight, events: [] }
    if (now + timeout > known.receivedAt + longestVisibility) return { refusal: beyondLimit, events: [] }
    const { receives, receivedAt } = known
    for (const replica of message.replicas)
      if (reachable.has(replica.server)) this.#hide(replica, receive, receives, receivedAt, now + timeout)
    if (timeout === 0) return { events: this.#becomeVisible(message, now, 'released') }
    this.#kept.visibleFrom(message, now + timeout, now)
    return { events: [{ kind: 'extended', message, until: now + timeout }] }
  }

  advance(now: Micros): readonly QueueEvent[] {
    const events: QueueEvent[] = []
    for (let due = this.#kept.takeDue(now); due !== undefined; due = this.#kept.takeDue(now)) {
      if (due instanceof StandardMessage) events.push(...this.#becomeVisible(due, now, 'visibility timeout'))
      else events.push(...this.#catchUp(due, now))
    }
    for (let old = this.#kept.takeExpired(now); old !== undefined; old = this.#kept.takeExpired(now)) {
      const age = `it was older than the queue keeps messages`
      events.push(...this.#removeEverywhere(old, 'expired', age))
    }
    return events
  }

  get nextDue(): Micros | undefined {
    return this.#kept.nextDue
  }

  /** Servers that are back learn what they missed, each change in its own time. */
  serversChanged(reachable: ReadonlySet<number>, now: Micros): void {
    for (const { replica, at } of this.#missed.repairs(reachable, now)) this.#kept.catchUp(replica, at)
  }

  setDelay(delay: Micros): void {
    this.#delay = delay
  }

  clear(reason: string): readonly QueueEvent[] {
    return [...this.#kept.all()].flatMap((message) => this.#removeEverywhere(message, 'dropped', reason))
  }

  takeDeadLetter(now: Micros): { readonly letter: HeldMessage; readonly events: readonly QueueEvent[] } | undefined {
    for (const letter of this.#kept.all())
      if (letter.deadLetterOf !== undefined && letter.isVisibleAt(now))
        return { letter, events: this.#removeEverywhere(letter, 'moved', 'redriven') }
    return undefined
  }

  *messages(): Generator<{ readonly message: StandardMessage; readonly state: string }> {
    for (const message of this.#kept.all()) {
      const hidden = message.isDelayed ? 'delayed' : message.isInFlight ? 'in flight' : 'visible'
      yield { message, state: message.isLeftBehind ? 'left behind' : hidden }
    }
  }

  /** What is left behind on servers that nobody reaches is not to be had. */
  unfinished(reachable: ReadonlySet<number>) {
    const hidden = this.#missed.outOfReach(reachable)
    for (const message of this.#kept.all())
      if (!hidden.has(message)) return { count: this.size - hidden.size, first: message.envelope }
    return { count: 0, first: undefined }
  }

  serversOf(name: number): readonly number[] {
    const found = [...this.#kept.all()].filter(({ envelope }) => envelope.message === name)
    return [...new Set(found.flatMap(({ replicas }) => replicas.map(({ server }) => server)))]
  }

  #becomeVisible(message: StandardMessage, now: Micros, reason: string): readonly QueueEvent[] {
    if (message.isGone) return []
    this.#kept.list(message, now)
    if ((message.latest?.visibleAt ?? now) > now) return []
    this.#kept.setDelayed(message, false)
    if (!message.isInFlight) return []
    this.#kept.setInFlight(message, false)
    return [{ kind: 'visible-again', message, reason }]
  }

  /** The server is told of what it missed: it knows what the others know, and what they have deleted is gone. */
  #catchUp(replica: Replica, now: Micros): readonly QueueEvent[] {
    const { message } = replica
    if (!this.#missed.has(replica) || message.isGone) return []
    if (message.isLeftBehind) return this.#removeEverywhere(message, 'dropped', 'its server heard of the deletion')
    const { latest } = message
    if (latest !== undefined && latest !== replica)
      replica.hide(latest.receive, latest.receives, latest.receivedAt, latest.visibleAt)
    this.#missed.delete(replica)
    this.#kept.visibleFrom(message, replica.visibleAt, now)
    return []
  }

  #removeEverywhere(message: StandardMessage, fate: string, reason: string): readonly QueueEvent[] {
    return this.#remove(message, new Set(message.replicas.map(({ server }) => server)), fate, reason)
  }

  /** Takes a message out of the servers that are reached; what others have of it stays, as a message that nobody knows to be deleted. */
  #remove(message: StandardMessage, reached: ReadonlySet<number>, fate: string, reason: string): readonly QueueEvent[] {
    const events: QueueEvent[] = [{ kind: 'ended', message, fate, reason }]
    const left = message.replicas.filter(({ server }) => !reached.has(server))
    for (const replica of message.replicas) this.#missed.delete(replica)
    this.#kept.forget(message)
    for (const replica of left) {
      events.push({ kind: 'missed', message, server: replica.server, action: 'deletion' }, this.#leave(replica))
    }
    return events
  }

  #leave({ message, server, visibleAt, receive, receives, receivedAt }: Replica): QueueEvent {
    const rest = new StandardMessage({ ...specOf(message), copy: this.#nextCopy() }, true)
    const replica = new Replica(rest, server, visibleAt)
    replica.hide(receive, receives, receivedAt, visibleAt)
    rest.replicas = [replica]
    rest.firstReceivedAt = message.firstReceivedAt
    this.#missed.add(replica)
    // It is found when its server is asked, and not before it is visible there.
    this.#kept.keep(rest, -1)
    return { kind: 'stored', message: rest }
  }

  #overlooked(now: Micros, reason: string): Overlooked | undefined {
    const count = this.#kept.visible
    const servers = count > 0 ? [...this.#weights.keys()] : []
    const first = servers.map((server) => this.#kept.firstOn(server, now)).find((replica) => replica !== undefined)
    return first === undefined ? undefined : { count, first: first.message.envelope, reason }
  }
}

function specOf({ copy, id, envelope, sentAt, group, deadLetterOf }: StandardMessage) {
  return { copy, id, envelope, sentAt, group, deadLetterOf }
}

const unavailable: Refusal = { code: 'ServiceUnavailable', reason: 'too few servers can be reached' }
const overLimit: Refusal = { code: 'OverLimit', reason: 'too many messages are in flight' }
