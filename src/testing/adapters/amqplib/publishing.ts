import { perform, start } from '../../../application/program.ts'
import type { SendAnswer } from '../../../systems/system.ts'
import type { Inside } from '../../bridge/inside.ts'
import { outgoing } from '../sending.ts'
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

/** What a channel publishes, and what has not been confirmed of it. */
export class Publishing {
  readonly #inside: Inside
  #open = 0
  #refused: string | undefined
  #waiting: (() => void)[] = []

  constructor(inside: Inside) {
    this.#inside = inside
  }

  /** An output of the check is named after a queue, an exchange, or an exchange with a routing key. */
  publish(exchange: string, routingKey: string, content: Buffer, options: PublishOptions = {}, callback?: Confirmed) {
    const { headers = {}, type } = options
    const places = exchange === '' ? [routingKey] : [`${exchange}/${routingKey}`, exchange]
    const inside = this.#inside
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]))
    const { handling } = inside
    const message = { key: null, value: content, headers: { ...own, ...headersOf({ ...options }) }, type }
    const { outbound, envelope, parents } = outgoing(inside, places, message)
    this.#open++
    const answered = (answer: SendAnswer): void => {
      const refused = this.#note(answer)
      const error = refused === undefined ? null : new Error(refused)
      if (callback !== undefined)
        start(
          inside.process,
          inside.call(handling, () => callback(error, {})),
        )
    }
    // A channel does not wait: the call is over when the message is written.
    void inside.perform(() =>
      perform('publish', (resume) => {
        outbound.submit(envelope, parents, answered)
        resume(undefined)
      }),
    )
  }

  /** Comes back when everything is confirmed, and fails when something was refused. */
  waitForConfirms(): Promise<void> {
    const settled = perform<void>('wait for confirms', (resume) => {
      if (this.#open === 0) resume()
      else this.#waiting.push(() => resume())
    })
    const takeRefused = (): string | undefined => {
      const refused = this.#refused
      this.#refused = undefined
      return refused
    }
    return this.#inside.perform(function* () {
      yield* settled
      const refused = takeRefused()
      if (refused !== undefined) throw new Error(refused)
    })
  }

  #note({ outcome, reason }: SendAnswer): string | undefined {
    const isRefused = outcome === 'rejected' || outcome === 'unknown'
    const refused = isRefused ? `message nacked${reason === '' ? '' : `: ${reason}`}` : undefined
    this.#refused ??= refused
    this.#open--
    if (this.#open === 0) for (const go of this.#waiting.splice(0)) go()
    return refused
  }
}
