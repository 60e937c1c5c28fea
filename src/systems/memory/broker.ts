import type { Name } from '../../history/fact.ts'
import { copyEnded, copyStored } from '../../history/facts.ts'
import type { Connection, ConnectionHandler } from '../../simulation/connection.ts'
import type { Process } from '../../simulation/process.ts'
import type { Timer } from '../../simulation/timer.ts'
import type { Envelope } from '../system.ts'
import { processingBegan, putBack } from './facts.ts'
import type { Command, HandedMessage, Reply, Request } from './protocol.ts'
import { brokerPort, noAnswer, replyBytes } from './protocol.ts'
import { Copy, Queue } from './queue.ts'
import { Topic } from './topic.ts'
import type { QueuePlan, Topology } from './topology.ts'

type Client = Connection<Reply>

/** Receipts of one incarnation of a broker; those of the next one begin behind them, so that no old receipt fits a new delivery. */
const receiptsPerIncarnation = 2 ** 40

/** A queue and who waits for its messages. */
interface QueueDesk {
  readonly plan: QueuePlan
  readonly queue: Queue
  readonly place: Name
  /** Clients that wait for messages, in the order in which they asked, with how many they take. */
  readonly waiting: Map<Client, number>
  redriven: boolean
}

interface TopicDesk {
  readonly topic: Topic<Client>
  readonly place: Name
}

export interface BrokerContext {
  readonly topology: Topology
  /** The name of a queue or topic in facts. */
  readonly placeOf: (name: string) => Name
  readonly nextCopy: () => number
}

interface Verdict {
  readonly taken: boolean
  readonly reason: string
}

const taken: Verdict = { taken: true, reason: '' }

/** One incarnation of the broker's process: all it knows is in its memory. */
export class Broker {
  readonly #process: Process
  readonly #context: BrokerContext
  readonly #queues = new Map<string, QueueDesk>()
  readonly #topics = new Map<string, TopicDesk>()
  readonly #leases = new Map<number, Timer>()
  #nextReceipt: number

  constructor(process: Process, context: BrokerContext) {
    this.#process = process
    this.#context = context
    this.#nextReceipt = process.incarnation * receiptsPerIncarnation
    for (const plan of context.topology.queues.values()) this.#setUp(plan)
    for (const name of context.topology.topics) {
      this.#topics.set(name, { topic: new Topic(), place: context.placeOf(name) })
    }
    process.listen<Reply, Request>(brokerPort, (client) => this.#accept(client))
  }

  get desks(): Iterable<QueueDesk> {
    return this.#queues.values()
  }

  #setUp(plan: QueuePlan): void {
    const place = this.#context.placeOf(plan.name)
    const desk: QueueDesk = { plan, queue: new Queue(plan.rules), place, waiting: new Map(), redriven: false }
    this.#queues.set(plan.name, desk)
    const { redriveAt } = plan
    if (redriveAt === undefined) return
    if (redriveAt < this.#process.now) desk.redriven = true
    else this.#process.setTimer(redriveAt - this.#process.now, () => this.#redrive(desk))
  }

  #accept(client: Client): ConnectionHandler<Request> {
    return {
      received: ({ number, command }) => {
        const { taken: took, reason } = this.#obey(command, client)
        if (number !== noAnswer) this.#reply(client, { type: 'answer', number, taken: took, reason })
      },
      closed: () => this.#forget(client),
    }
  }

  #obey(command: Command, client: Client): Verdict {
    switch (command.type) {
      case 'send':
        return this.#send(command.address, command.envelope)
      case 'receive':
        return this.#withQueue(command.queue, (desk) => this.#receive(desk, client, command.limit))
      case 'stop-receiving':
        return this.#withQueue(command.queue, (desk) => this.#stopReceiving(desk, client))
      case 'acknowledge':
        return this.#withQueue(command.queue, (desk) => this.#acknowledge(desk, command.receipts))
      case 'reject':
        return this.#withQueue(command.queue, (desk) => this.#reject(desk, command.receipt, command.how))
      case 'extend':
        return this.#withQueue(command.queue, (desk) => this.#extend(desk, command.receipt, command.duration))
      case 'subscribe':
        this.#topics.get(command.topic)?.topic.subscribe(client)
        return taken
      case 'unsubscribe':
        this.#topics.get(command.topic)?.topic.unsubscribe(client)
        return taken
    }
  }

  #withQueue(name: string, act: (desk: QueueDesk) => Verdict): Verdict {
    const desk = this.#queues.get(name)
    return desk === undefined ? { taken: false, reason: `there is no queue ${name}` } : act(desk)
  }

  #send(address: string, envelope: Envelope): Verdict {
    const topic = this.#topics.get(address)
    if (topic === undefined) return this.#withQueue(address, (desk) => this.#enqueue(desk, envelope))
    this.#publish(topic, envelope)
    return taken
  }

  #enqueue(desk: QueueDesk, envelope: Envelope): Verdict {
    if (desk.queue.full) return { taken: false, reason: 'the queue is full' }
    this.#store(desk, envelope)
    return taken
  }

  #store(desk: QueueDesk, envelope: Envelope, deadLetterOf?: string): void {
    const copy = new Copy(this.#context.nextCopy(), envelope, deadLetterOf)
    this.#process.record(copyStored, { copy: copy.number, message: envelope.message, place: desk.place })
    desk.queue.add(copy)
    this.#handOut(desk)
  }

  /** Every subscriber gets a copy, and what it does with it is its own affair. */
  #publish({ topic, place }: TopicDesk, envelope: Envelope): void {
    const { subscribers } = topic
    if (subscribers.length === 0) this.#passThrough(envelope, place, 'dropped', 'nobody is subscribed')
    for (const client of subscribers) {
      this.#passThrough(envelope, place, 'delivered', client.peerName)
      this.#reply(client, { type: 'messages', messages: [{ envelope, receipt: undefined, attempt: 1 }] })
    }
  }

  #passThrough(envelope: Envelope, place: Name, fate: string, reason: string): void {
    const values = { copy: this.#context.nextCopy(), message: envelope.message, place }
    this.#process.record(copyStored, values)
    this.#process.record(copyEnded, { ...values, fate, reason })
  }

  #receive(desk: QueueDesk, client: Client, limit: number): Verdict {
    desk.waiting.set(client, limit)
    this.#handOut(desk)
    return taken
  }

  #stopReceiving(desk: QueueDesk, client: Client): Verdict {
    desk.waiting.delete(client)
    return taken
  }

  #handOut(desk: QueueDesk): void {
    while (desk.queue.readyCount > 0 && desk.waiting.size > 0) {
      const [next] = desk.waiting
      if (next === undefined) return
      const [client, limit] = next
      desk.waiting.delete(client)
      const count = Math.min(limit, desk.queue.readyCount)
      const messages = Array.from({ length: count }, () => this.#deliver(desk, client)).flat()
      this.#reply(client, { type: 'messages', messages })
    }
  }

  #deliver(desk: QueueDesk, client: Client): readonly HandedMessage[] {
    const receipt = this.#nextReceipt++
    const copy = desk.queue.take(receipt)
    if (copy === undefined) return []
    const { number, envelope, attempts } = copy
    this.#process.record(processingBegan, {
      copy: number,
      message: envelope.message,
      place: desk.place,
      attempt: attempts,
      consumer: client.peerName,
    })
    const { visibilityTimeout } = desk.plan
    if (visibilityTimeout !== undefined) this.#lease(desk, receipt, visibilityTimeout, client.peerName)
    return [{ envelope, receipt, attempt: attempts }]
  }

  #acknowledge(desk: QueueDesk, receipts: readonly number[]): Verdict {
    let refused = 0
    for (const receipt of receipts) {
      this.#endLease(receipt)
      const copy = desk.queue.remove(receipt)
      if (copy === undefined) refused++
      else this.#end(desk, copy, 'acknowledged', '')
    }
    return refused === 0 ? taken : notTheirs
  }

  #reject(desk: QueueDesk, receipt: number, how: 'again' | 'discard'): Verdict {
    if (!desk.queue.holds(receipt)) return notTheirs
    this.#endLease(receipt)
    if (how === 'again') this.#giveBack(desk, receipt, 'rejected')
    else {
      const copy = desk.queue.remove(receipt)
      if (copy !== undefined) this.#giveUp(desk, copy, 'discarded')
    }
    return taken
  }

  #extend(desk: QueueDesk, receipt: number, duration: number): Verdict {
    if (!desk.queue.holds(receipt)) return notTheirs
    if (desk.plan.visibilityTimeout !== undefined) this.#lease(desk, receipt, duration)
    return taken
  }

  #lease(desk: QueueDesk, receipt: number, duration: number, consumer?: string): void {
    this.#endLease(receipt)
    const expire = (): void => {
      this.#leases.delete(receipt)
      this.#giveBack(desk, receipt, 'visibility timeout')
    }
    this.#leases.set(receipt, this.#process.setTimer(duration, expire, consumer))
  }

  #endLease(receipt: number): void {
    this.#leases.get(receipt)?.clear()
    this.#leases.delete(receipt)
  }

  #giveBack(desk: QueueDesk, receipt: number, reason: string): void {
    const back = desk.queue.giveBack(receipt)
    if (back === undefined) return
    const { copy, became } = back
    if (became === 'given-up') {
      this.#giveUp(desk, copy, `${copy.attempts} attempts`)
      return
    }
    const { number, envelope, attempts } = copy
    const values = { copy: number, message: envelope.message, place: desk.place, attempt: attempts, reason }
    this.#process.record(putBack, values)
    this.#handOut(desk)
  }

  /** Out of its queue: into the dead-letter queue, if there is one with room. */
  #giveUp(desk: QueueDesk, copy: Copy, reason: string): void {
    const { deadLetterQueue } = desk.plan
    const target = deadLetterQueue === undefined ? undefined : this.#queues.get(deadLetterQueue)
    if (target === undefined) this.#end(desk, copy, 'dropped', reason)
    else if (target.queue.full) this.#end(desk, copy, 'dropped', `${reason}; the dead-letter queue is full`)
    else {
      this.#end(desk, copy, 'dead-lettered', reason)
      this.#store(target, copy.envelope, desk.plan.name)
    }
  }

  #redrive(desk: QueueDesk): void {
    desk.redriven = true
    const source = this.#queues.get(desk.plan.deadLetterQueue ?? '')
    for (const copy of source?.queue.takeDeadLettersOf(desk.plan.name) ?? []) {
      if (source !== undefined) this.#end(source, copy, 'moved', 'redriven')
      this.#store(desk, copy.envelope)
    }
  }

  #end(desk: QueueDesk, copy: Copy, fate: string, reason: string): void {
    const { number, envelope } = copy
    this.#process.record(copyEnded, { copy: number, message: envelope.message, place: desk.place, fate, reason })
  }

  /** A connection is gone, and what waited at it; what was handed out over it stays in processing, for nobody watches consumers. */
  #forget(client: Client): void {
    for (const desk of this.#queues.values()) desk.waiting.delete(client)
    for (const desk of this.#topics.values()) desk.topic.unsubscribe(client)
  }

  #reply(client: Client, reply: Reply): void {
    client.send(reply, { bytes: replyBytes(reply), about: reply.type })
  }
}

const notTheirs: Verdict = { taken: false, reason: 'the delivery is over' }
