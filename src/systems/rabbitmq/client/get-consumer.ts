import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Answer } from '../protocol.ts'
import { Acknowledgements } from './acknowledgements.ts'
import type { Channel } from './channel.ts'
import type { AmqpConnection } from './connection.ts'
import { RabbitDelivery } from './delivery.ts'
import type { Subscription } from './push-consumer.ts'

/** Asks its queue for one message at a time (`basic.get`), and again after a while when there was none. No prefetch limits it. */
export class GetConsumer implements Consumer {
  readonly #process: Process
  readonly #channel: Channel
  readonly #subscription: Subscription
  readonly #acknowledgements: Acknowledgements
  #ready: ((deliveries: readonly Delivery[]) => void) | undefined
  #asking = false
  #isSetUp = false
  #timer: Timer | undefined
  #closing = false

  constructor(process: Process, connection: AmqpConnection, subscription: Subscription) {
    this.#process = process
    this.#subscription = subscription
    this.#channel = connection.channel({
      opened: (recovered) => this.#opened(recovered),
      heard: () => {},
      closed: () => {
        this.#asking = false
        this.#isSetUp = false
      },
      resumed: () => {},
    })
    const { noAck, 'ack-every': every } = subscription.values
    this.#acknowledgements = new Acknowledgements(process, this.#channel, {
      noAck: () => noAck,
      every,
      isIdle: () => false,
    })
  }

  get alive(): boolean {
    return this.#process.alive
  }

  /** It never has more than it was asked for. */
  readonly held = 0

  receive(_limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#ready !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#closing) return
    this.#ready = ready
    this.#ask()
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    this.#acknowledgements.acknowledge(deliveries, done)
  }

  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    const settle = (confirmed: boolean): void => {
      if (confirmed) this.acknowledge([delivery], done)
      else this.#acknowledgements.reject(delivery, 'again', done)
    }
    if (how === 'discard' && this.#subscription.retries?.take(delivery, settle) === true) return
    this.#acknowledgements.reject(delivery, how, done)
  }

  extend(delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#acknowledgements.extend(delivery, done)
  }

  close(done: () => void): void {
    if (this.#closing) return
    this.#closing = true
    this.#timer?.clear()
    this.#process.setTimer(0, () => {
      this.#acknowledgements.flush()
      const ready = this.#ready
      this.#ready = undefined
      ready?.([])
      this.#channel.connection.closeChannel(this.#channel, done)
    })
  }

  #opened(recovered: boolean): void {
    this.#acknowledgements.begin()
    if (!recovered || this.#channel.connection.settings.recoversTopology) this.#declare()
    this.#isSetUp = true
    this.#ask()
  }

  #declare(): void {
    for (const method of this.#subscription.declarations) this.#channel.call(method, () => {})
  }

  #ask(): void {
    if (this.#ready === undefined || this.#asking || !this.#isSetUp || this.#closing) return
    this.#asking = true
    this.#timer?.clear()
    const { queue, values } = this.#subscription
    this.#channel.call({ kind: 'get', queue, noAck: values.noAck }, (answer) => this.#answered(answer))
  }

  #answered(answer: Answer): void {
    this.#asking = false
    const ready = this.#ready
    if (answer.kind === 'got' && ready !== undefined) {
      this.#ready = undefined
      this.#acknowledgements.delivered(answer.tag)
      ready([new RabbitDelivery(answer, this.#subscription.contents, this.#acknowledgements.opening)])
    } else if (answer.kind === 'got-nothing') {
      this.#acknowledgements.flush()
      this.#timer = this.#process.setTimer(this.#subscription.values['get-interval'], () => this.#ask())
    }
  }
}
