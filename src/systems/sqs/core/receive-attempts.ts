import type { Micros } from '../../../simulation/duration.ts'
import type { FifoMessage } from './fifo-message.ts'
import { deduplicationInterval } from './queue-core.ts'

interface Attempt {
  readonly at: Micros
  readonly handed: readonly { readonly message: FifoMessage; readonly receive: number }[]
}

/** What was handed out for each ReceiveRequestAttemptId of the last five minutes. */
export class ReceiveAttempts {
  /** In the order of their times. */
  readonly #attempts = new Map<string, Attempt>()

  /** What the attempt got, if all of it is still in flight under the same handles. */
  find(id: string, now: Micros): readonly FifoMessage[] | undefined {
    this.#forget(now)
    const attempt = this.#attempts.get(id)
    const isUnchanged = attempt?.handed.every(
      ({ message, receive }) => !message.isGone && message.receive === receive && message.hiddenUntil > now,
    )
    return isUnchanged === true ? attempt?.handed.map(({ message }) => message) : undefined
  }

  remember(id: string, messages: readonly FifoMessage[], now: Micros): void {
    this.#attempts.delete(id)
    this.#attempts.set(id, { at: now, handed: messages.map((message) => ({ message, receive: message.receive })) })
  }

  /** A message was deleted or its visibility changed: whoever repeats the attempt gets others. */
  changed(message: FifoMessage): void {
    for (const [id, { handed }] of this.#attempts)
      if (handed.some((each) => each.message === message)) this.#attempts.delete(id)
  }

  #forget(now: Micros): void {
    for (const [id, { at }] of this.#attempts) {
      if (at + deduplicationInterval > now) return
      this.#attempts.delete(id)
    }
  }
}
