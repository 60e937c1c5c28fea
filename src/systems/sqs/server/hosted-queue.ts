import type { Name } from '../../../history/fact.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Random } from '../../../simulation/random.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { FifoQueue } from '../core/fifo-queue.ts'
import type { HeldMessage, NewMessage, QueueCore, QueueEvent, Situation } from '../core/queue-core.ts'
import { StandardQueue } from '../core/standard-queue.ts'
import { operatorActed } from '../facts.ts'
import type { QueuePlan, ServicePlan } from '../options/queue-plan.ts'
import type { Operated } from './operator.ts'
import { Operator } from './operator.ts'
import { QueueFacts } from './queue-facts.ts'
import type { StorageServers } from './storage-servers.ts'
import { Throttle } from './throttle.ts'

export interface QueueHostOptions {
  readonly plan: QueuePlan
  readonly service: ServicePlan
  readonly place: Name
  readonly servers: StorageServers
  /** That of the queue: what it draws is named after messages and calls. */
  readonly random: Random
  readonly nextCopy: () => number
  /** Another queue of the service. */
  readonly queue: (name: string) => HostedQueue | undefined
}

/**
 * A queue of the service, whatever becomes of the endpoint: what it has is on its servers. While an endpoint runs, it lets time pass in the queue
 * and tells what happens.
 */
export class HostedQueue implements Operated {
  readonly plan: QueuePlan
  readonly core: QueueCore
  readonly throttle: Throttle
  readonly facts: QueueFacts
  readonly place: Name
  readonly random: Random
  readonly #options: QueueHostOptions
  readonly #operator: Operator
  #process: Process | undefined
  #changed: () => void = () => {}
  #timer: Timer | undefined
  #timerAt: Micros = 0
  #redrivesEvery: Micros | undefined
  isDeleted = false

  constructor(options: QueueHostOptions) {
    const { plan, service, place, servers, random, nextCopy } = options
    this.#options = options
    this.plan = plan
    this.place = place
    this.random = random
    this.core = plan.isFifo
      ? new FifoQueue(plan.rules, service.storage.servers)
      : new StandardQueue(plan.rules, service.storage, random, nextCopy)
    this.throttle = new Throttle(plan.throttle)
    this.facts = new QueueFacts(place, servers.names, nextCopy)
    this.#operator = new Operator(plan.acts, random)
  }

  /** An endpoint runs. `changed` hears whenever somebody may receive something. */
  begin(process: Process, changed: () => void): void {
    this.#process = process
    this.#changed = changed
    this.#timer = undefined
    this.#operator.begin(process, this)
    if (this.#redrivesEvery !== undefined) this.#redriveNext(this.#redrivesEvery)
    this.serversChanged()
  }

  /** Lets happen what is due, then tells what a call did. */
  situation(id: string): Situation {
    const process = this.#running
    this.tell(this.core.advance(process.now))
    const reachable = this.#options.servers.reachableFrom(process.node)
    return { now: process.now, reachable, random: this.random.fork(id) }
  }

  /** Tells what happened, and sees to what comes of it. */
  tell(events: readonly QueueEvent[], client?: string): void {
    this.facts.record(this.#running, events, client)
    this.#arm()
  }

  /** Somebody who waits may have something now. */
  wake(): void {
    this.#changed()
  }

  newCopy(): number {
    return this.#options.nextCopy()
  }

  serversChanged(): void {
    const process = this.#process
    if (process === undefined || !process.alive) return
    this.core.serversChanged(this.#options.servers.reachableFrom(process.node), process.now)
    this.#arm()
    this.#changed()
  }

  /** What was received too often goes to the dead-letter queue, or is gone with it. */
  bury(letters: readonly HeldMessage[]): void {
    const target = this.#options.queue(this.plan.deadLetterQueue ?? '')
    for (const letter of letters) {
      const origin = letter.deadLetterOf ?? this.plan.name
      const sentAt = target?.plan.isFifo === true ? this.#running.now : letter.sentAt
      target?.accept(letter, { id: letter.id, sentAt, deadLetterOf: origin })
    }
    if (letters.length > 0) target?.wake()
  }

  /** The service stores by itself: it waits for servers that cannot be reached. Without an id it is a new message. */
  accept(
    { envelope, group, receives }: HeldMessage,
    { id, ...as }: Pick<NewMessage, 'sentAt' | 'deadLetterOf'> & { readonly id?: number },
  ): void {
    const { now } = this.#running
    const random = this.random.fork(`moved/${envelope.message}/${receives}/${now}`)
    const copy = this.newCopy()
    const spec = { envelope, group, copy, id: id ?? copy, delay: undefined, deduplicationId: undefined, ...as }
    const { events } = this.core.send(spec, { now, random, reachable: this.#options.servers.all })
    this.tell(events)
  }

  note(action: string, what: string): void {
    this.#running.record(operatorActed, { action, place: this.place, what })
  }

  purge(): void {
    this.tell(this.core.clear('purged'))
  }

  delete(): void {
    this.isDeleted = true
    this.tell(this.core.clear('the queue was deleted'))
    this.wake()
  }

  setDelay(delay: Micros): void {
    this.core.setDelay(delay, this.#running.now)
    this.#arm()
    this.wake()
  }

  redrive(perSecond: number): void {
    this.#redrivesEvery = Math.floor(second / perSecond)
    this.#redriveNext(this.#redrivesEvery)
  }

  /** Whether an operator has begun, or will begin, to move its messages back, and has not come to the end. */
  get isToBeRedriven(): boolean {
    return this.#redrivesEvery !== undefined || !(this.plan.acts.redrive === undefined || this.#hasRedriven)
  }

  #hasRedriven = false

  #redriveNext(interval: Micros): void {
    const { now } = this.#running
    this.tell(this.core.advance(now))
    const taken = this.core.takeDeadLetter(now)
    if (taken === undefined) {
      this.#redrivesEvery = undefined
      this.#hasRedriven = true
      this.note('StartMessageMoveTask', 'came to its end')
      return
    }
    this.tell(taken.events)
    const origin = this.#options.queue(taken.letter.deadLetterOf ?? '')
    origin?.accept(taken.letter, { sentAt: now, deadLetterOf: undefined })
    origin?.wake()
    this.#running.setTimer(interval, () => this.#redriveNext(interval))
  }

  get #running(): Process {
    if (this.#process === undefined) throw new Error('A queue was used while no endpoint runs.')
    return this.#process
  }

  /** Comes back when time brings something. */
  #arm(): void {
    const due = this.core.nextDue
    const process = this.#running
    if (due === undefined || (this.#timer !== undefined && this.#timerAt <= due && this.#timerAt > process.now)) return
    this.#timer?.clear()
    this.#timerAt = due
    this.#timer = process.setTimer(Math.max(0, due - process.now), () => {
      this.#timer = undefined
      this.tell(this.core.advance(process.now))
      this.#changed()
    })
  }
}
