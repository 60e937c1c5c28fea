import { perform, start } from '../../../application/program.ts'
import type { SendAnswer } from '../../../systems/system.ts'
import type { Inside } from '../../bridge/inside.ts'
import { outgoing } from '../sending.ts'
import { nacked, unrouted } from '../../../systems/rabbitmq/client/producer.ts'
import { headersOf } from './message.ts'

/** The options of `publish` that travel with the message; whether it is persistent is said where the check declares the output. */
export interface PublishOptions {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly messageId?: string
  readonly correlationId?: string
  readonly replyTo?: string
  readonly contentType?: string
  readonly contentEncoding?: string
  readonly appId?: string
  readonly userId?: string
  readonly type?: string
}

type Confirmed = (error: unknown, ok: Record<string, never>) => void

interface ReturnFields {
  readonly replyCode: 312
  readonly replyText: 'NO_ROUTE'
  readonly exchange: string
  readonly routingKey: string
}

/** What of a message came back that no queue took, as far as a listener to `return` looks at it. */
export interface ReturnedMessage {
  readonly fields: ReturnFields
  readonly content: Buffer
  readonly properties: PublishOptions
}

/** Called with what became of a publish: nothing when it is confirmed. */
type Told = (error: Error | undefined) => void

/** What a channel publishes, and what has not been confirmed of it. */
export class Publishing {
  readonly #inside: Inside
  readonly #returned: (message: ReturnedMessage) => void
  /** Who waits for each publish that has no answer. */
  readonly #open = new Set<Told[]>()
  /** Whether the channel was closed with such, and nobody has been told. */
  #closedWithUnconfirmed = false

  constructor(inside: Inside, returned: (message: ReturnedMessage) => void) {
    this.#inside = inside
    this.#returned = returned
  }

  /** An output of the check is named after a queue, an exchange, or an exchange with a routing key. */
  publish(exchange: string, routingKey: string, content: Buffer, options: PublishOptions = {}, callback?: Confirmed) {
    const { headers = {}, type } = options
    const places = exchange === '' ? [routingKey] : [`${exchange}/${routingKey}`, exchange]
    const inside = this.#inside
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    const message = { key: null, value: content, headers: { ...own, ...headersOf({ ...options }) }, type }
    const { outbound, envelope, parents } = outgoing(inside, places, message)
    const { handling } = inside
    const call = (listener: () => void): void => void start(inside.process, inside.call(handling, listener))
    const waiting: Told[] = []
    this.#open.add(waiting)
    const answered = (answer: SendAnswer): void => {
      const fields = { replyCode: 312, replyText: 'NO_ROUTE', exchange, routingKey } as const
      if (isReturned(answer)) call(() => this.#returned({ fields, content, properties: options }))
      const error = errorOf(answer)
      if (callback !== undefined) call(() => callback(error ?? null, {}))
      this.#open.delete(waiting)
      if (error instanceof ChannelClosed && waiting.length === 0) this.#closedWithUnconfirmed = true
      for (const told of waiting) told(error)
    }
    // A channel does not wait: the call is over when the message is written.
    void inside.perform(() =>
      perform('publish', (resume) => {
        outbound.submit(envelope, parents, answered)
        resume(undefined)
      }),
    )
  }

  /**
   * Comes back when everything is confirmed that is outstanding, and fails with the first of it that is not. Like amqplib it knows nothing of a
   * publish that was refused before: only its own callback was told.
   */
  waitForConfirms(): Promise<void> {
    const settled = perform<Error | undefined>('wait for confirms', (resume) => {
      let missing = this.#open.size
      let isOver = false
      const isClosed = this.#closedWithUnconfirmed
      this.#closedWithUnconfirmed = false
      if (isClosed || missing === 0) return resume(isClosed ? new ChannelClosed() : undefined)
      for (const waiting of this.#open)
        waiting.push((error) => {
          missing--
          if (isOver || (missing > 0 && error === undefined)) return
          isOver = true
          resume(error)
        })
    })
    return this.#inside.perform(function* () {
      const error = yield* settled
      if (error !== undefined) throw error
    })
  }
}

class ChannelClosed extends Error {
  constructor() {
    super('channel closed')
  }
}

/** What was returned is confirmed all the same: who did not listen to `return` takes it for sent. */
function errorOf(answer: SendAnswer): Error | undefined {
  const { outcome, reason } = answer
  if (outcome === 'confirmed' || outcome === 'assumed' || isReturned(answer)) return undefined
  return reason === nacked ? new Error('message nacked') : new ChannelClosed()
}

function isReturned({ outcome, reason }: SendAnswer): boolean {
  return outcome === 'rejected' && reason === unrouted
}
