import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Envelope, Producer, SendAnswer } from '../../system.ts'
import { replyQueue } from '../core/direct-reply.ts'
import type { FieldTable } from '../core/field-table.ts'
import { emptyTable } from '../core/field-table.ts'
import type { Answer } from '../protocol.ts'
import type { PublishAddress } from '../options/address.ts'
import type { ContentTable } from '../server/content-table.ts'
import type { Channel } from './channel.ts'
import type { ProducerValues } from './client-settings.ts'
import type { AmqpConnection } from './connection.ts'
import { closeTimeout } from './connection.ts'
import { RabbitDelivery } from './delivery.ts'
import type { DirectReplies } from './direct-replies.ts'
import { MessageProperties } from './message-properties.ts'

/** Why the broker did not take a message: a queue refused it, or there was none, which only a `mandatory` one is told. */
export const nacked = 'basic.nack'
export const unrouted = '312 NO_ROUTE'

/** First pause before a full socket is looked at again, and the longest, µs. */
const writePause = { first: 1000, longest: 100_000 }

/** A publish that is not over for the application. */
interface Sending {
  readonly content: number
  readonly envelope: Envelope
  readonly headers: FieldTable
  readonly answered: (answer: SendAnswer) => void
  /** How often the application may still publish it again. */
  again: number
  /** Whether the broker may have it from a time before, though it never said so. */
  isInDoubt: boolean
  timer: Timer | undefined
}

/**
 * Publishes to one exchange with one routing key. Without confirms a send is over when it is written. With them it is over when the broker has
 * answered for it, in whatever order that comes; what was published on a channel that is gone is unknown, and nothing publishes it again but the
 * application. A publish on a connection that is lost fails, as it does in both clients.
 */
export class RabbitProducer implements Producer {
  readonly #process: Process
  readonly #channel: Channel
  readonly #address: PublishAddress
  readonly #contents: ContentTable
  readonly #values: ProducerValues
  readonly #properties: MessageProperties
  /** Not written yet. */
  #waiting: Sending[] = []
  /** Written, by the number of the publish on its channel. */
  readonly #unanswered = new Map<number, Sending>()
  readonly #returned = new Set<number>()
  readonly #replies: DirectReplies | undefined
  /** Whether the channel takes direct replies. */
  #listens = false
  #opening = 0
  #ready = false
  #wasReady = false
  #isGivenUp = false
  /** Whether its channel is being closed by itself: both clients throw at whoever publishes from then on. */
  #isLeft = false
  #published = 0
  /** Sends that are over and whose callers have not heard of it, or that the application will publish again. */
  #ending = 0
  #writeTimer: Timer | undefined
  #writePause = writePause.first
  #closing: (() => void) | undefined
  #closeTimer: Timer | undefined

  constructor(
    process: Process,
    connection: AmqpConnection,
    address: PublishAddress,
    contents: ContentTable,
    values: ProducerValues,
    replies?: DirectReplies,
  ) {
    this.#replies = replies
    this.#process = process
    this.#address = address
    this.#contents = contents
    this.#values = values
    this.#properties = new MessageProperties(values)
    this.#channel = connection.channel({
      opened: () => this.#opened(),
      heard: (answer) => this.#heard(answer),
      closed: (reason) => this.#closed(reason),
      resumed: () => this.#publishWaiting(),
    })
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void, headers: FieldTable = emptyTable): void {
    const again = this.#values.republish
    const content = this.#contents.add(envelope)
    const sending: Sending = { content, envelope, headers, answered, again, isInDoubt: false, timer: undefined }
    const isWithoutChannel = this.#wasReady && !this.#ready && again === 0
    if (this.#isLeft || isWithoutChannel) this.#endLater(sending, 'rejected', 'the channel is closed')
    else {
      this.#waiting.push(sending)
      this.#publishWaiting()
    }
  }

  close(done: () => void): void {
    this.#closing = done
    this.#closeTimer = this.#process.setTimer(closeTimeout, () => this.#giveUp(), this.#channel.connection.broker)
    this.#process.setTimer(0, () => this.#closeIfIdle())
  }

  get #selects(): 'confirm-select' | 'tx-select' | undefined {
    if (this.#values.tx) return 'tx-select'
    return this.#values.confirms ? 'confirm-select' : undefined
  }

  #opened(): void {
    this.#published = 0
    this.#opening++
    const select = this.#selects
    if (select === undefined) this.#begin()
    else this.#channel.call({ kind: select }, () => this.#begin())
  }

  #begin(): void {
    this.#ready = true
    this.#wasReady = true
    this.#publishWaiting()
  }

  #publishWaiting(): void {
    while (this.#mayPublish) {
      const sending = this.#waiting.shift()
      if (sending === undefined) return
      this.#publish(sending)
    }
    if (this.#waiting.length > 0 && this.#ready && !this.#channel.connection.isWritable) this.#lookAgain()
  }

  /** Whether the application, the broker and the socket let one more go. */
  get #mayPublish(): boolean {
    const { connection } = this.#channel
    if (!this.#ready || connection.isBlocked || !connection.isWritable) return false
    const window = this.#values.tx ? 1 : (this.#values['outstanding-confirms'] ?? Infinity)
    return this.#unanswered.size < window
  }

  #lookAgain(): void {
    this.#writeTimer ??= this.#process.setTimer(this.#writePause, () => {
      this.#writeTimer = undefined
      this.#publishWaiting()
    })
    this.#writePause = Math.min(this.#writePause * 2, writePause.longest)
  }

  #publish(sending: Sending): void {
    this.#writePause = writePause.first
    const { exchange, routingKey } = this.#address
    if (sending.envelope.headers['reply-to'] === replyQueue) this.#listen()
    const content = this.#properties.contentOf(sending.content, sending.envelope, sending.headers)
    this.#channel.post({ kind: 'publish', exchange, routingKey, mandatory: this.#values.mandatory, content })
    const number = ++this.#published
    if (this.#selects === undefined) return this.#endLater(sending, 'assumed', '')
    this.#unanswered.set(number, sending)
    const timeout = this.#values['confirm-timeout']
    if (timeout !== null) {
      sending.timer = this.#process.setTimer(timeout, () => this.#timedOut(number), this.#channel.connection.broker)
    }
    if (this.#values.tx) this.#channel.call({ kind: 'tx-commit' }, () => this.#confirmed(number))
  }

  /** Replies come on the channel of the request, which has to consume from the queue that does not exist before it asks. */
  #listen(): void {
    if (this.#listens) return
    this.#listens = true
    const own = { tag: '', noAck: true, exclusive: false, arguments: {} }
    this.#channel.call({ kind: 'consume', queue: replyQueue, ...own }, () => {})
  }

  #heard(answer: Answer): void {
    if (answer.kind === 'deliver') this.#replies?.hear(new RabbitDelivery(answer, this.#contents, this.#opening))
    if (answer.kind === 'return') this.#returned.add(answer.message.id)
    if (answer.kind !== 'confirm') return
    const answerOne = (number: number): void =>
      answer.answer === 'ack' ? this.#confirmed(number) : this.#fail(number, 'rejected', nacked)
    const meansAllBefore = answer.multiple || this.#values['reads-confirms'] === 'in-order'
    if (!meansAllBefore) answerOne(answer.sequence)
    else {
      for (const number of this.#unanswered.keys()) {
        if (number > answer.sequence) break
        answerOne(number)
      }
    }
    this.#publishWaiting()
  }

  #timedOut(number: number): void {
    this.#fail(number, 'unknown', 'no confirm in time')
    this.#publishWaiting()
  }

  /** The broker has it, or has seen to it: what it returned first was routed nowhere. */
  #confirmed(number: number): void {
    const content = this.#unanswered.get(number)?.content
    if (content !== undefined && this.#returned.delete(content)) this.#settle(number, 'rejected', unrouted)
    else this.#settle(number, 'confirmed', '')
    if (this.#values.tx) this.#publishWaiting()
  }

  /** What was written is unknown; what was not never left. What the application publishes again goes first, in its old order. */
  #closed(reason: string): void {
    this.#ready = false
    this.#listens = false
    this.#returned.clear()
    const unanswered = [...this.#unanswered]
    const held = this.#wasReady ? this.#waiting.splice(0) : []
    for (const [number, sending] of unanswered) {
      sending.isInDoubt = true
      if (this.#takesAgain(sending)) this.#unanswered.delete(number)
      else this.#settle(number, 'unknown', reason)
    }
    for (const sending of held) {
      if (this.#values.republish > 0 && !this.#isGivenUp) this.#waiting.push(sending)
      else this.#end(sending, 'rejected', reason)
    }
  }

  /** The broker did not take it, or said nothing: the application publishes it again, behind the others, or leaves it. */
  #fail(number: number, outcome: 'rejected' | 'unknown', reason: string): void {
    const sending = this.#unanswered.get(number)
    if (outcome === 'unknown' && sending !== undefined) sending.isInDoubt = true
    if (sending === undefined || sending.again === 0) return this.#settle(number, outcome, reason)
    this.#unanswered.delete(number)
    this.#ending++
    sending.timer?.clear()
    this.#process.setTimer(this.#values['republish-after'], () => {
      this.#ending--
      if (this.#takesAgain(sending)) this.#publishWaiting()
      else this.#end(sending, outcome, reason)
    })
  }

  /** Puts it into the line once more, if the application does that. */
  #takesAgain(sending: Sending): boolean {
    if (sending.again === 0 || this.#isGivenUp) return false
    sending.timer?.clear()
    sending.again--
    this.#waiting.push(sending)
    return true
  }

  #settle(number: number, outcome: SendAnswer['outcome'], reason: string): void {
    const sending = this.#unanswered.get(number)
    if (sending === undefined) return
    this.#unanswered.delete(number)
    this.#end(sending, outcome, reason)
  }

  #endLater(sending: Sending, outcome: SendAnswer['outcome'], reason: string): void {
    this.#ending++
    this.#process.setTimer(0, () => {
      this.#ending--
      this.#end(sending, outcome, reason)
    })
  }

  #end({ answered, timer, isInDoubt }: Sending, outcome: SendAnswer['outcome'], reason: string): void {
    timer?.clear()
    answered({ outcome: outcome === 'rejected' && isInDoubt ? 'unknown' : outcome, reason })
    this.#closeIfIdle()
  }

  /** Nobody waits longer for a broker that says nothing. */
  #giveUp(): void {
    this.#wasReady = true
    this.#isGivenUp = true
    this.#closed('closed while it waited')
  }

  #closeIfIdle(): void {
    const done = this.#closing
    if (done === undefined || this.#waiting.length + this.#unanswered.size + this.#ending > 0) return
    this.#closing = undefined
    this.#isLeft = true
    this.#writeTimer?.clear()
    this.#closeTimer?.clear()
    this.#channel.connection.closeChannel(this.#channel, done)
  }
}
