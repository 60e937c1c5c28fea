import type { Answer, ClientFrame, Method, ServerFrame } from '../protocol.ts'
import type { AmqpConnection } from './connection.ts'

/** What somebody does about their channel. Every call is a step of the process. */
export interface ChannelListener {
  /** It is open, for the first time or again: nothing is set up on it. `recovered` when the client itself restored its connection. */
  opened(recovered: boolean): void
  /** What came without being asked for: deliveries, returns, confirms, cancellations. */
  heard(answer: Answer): void
  /** It is gone, and all that was unanswered on it. */
  closed(reason: string): void
  /** Publishing may go on that was held back. */
  resumed(): void
}

type ChannelFrame = Extract<ServerFrame, { readonly channel: number }>

/** Kinds of answers that nobody asked for. */
const unasked: ReadonlySet<Answer['kind']> = new Set(['deliver', 'return', 'confirm', 'consumer-cancelled'])

/** One channel of a client's connection: methods go out in order, and those that are answered are answered in order. */
export class Channel {
  readonly number: number
  readonly #connection: AmqpConnection
  readonly #listener: ChannelListener
  #open = false
  #opening = false
  #lostWithConnection = false
  #calls: ((answer: Answer) => void)[] = []
  #saidGoodbye: (() => void) | undefined

  constructor(connection: AmqpConnection, number: number, listener: ChannelListener) {
    this.#connection = connection
    this.number = number
    this.#listener = listener
  }

  /** Not from its goodbye on: both clients throw at whoever uses it then. */
  get isOpen(): boolean {
    return this.#open && this.#saidGoodbye === undefined && this.#connection.isOpen
  }

  get connection(): AmqpConnection {
    return this.#connection
  }

  /** Asks the broker for it. */
  open(): void {
    if (this.#open || this.#opening || !this.#connection.isOpen) return
    this.#opening = true
    this.#connection.write({ type: 'open-channel', channel: this.number })
  }

  /** Sends a method that has an answer. */
  call(method: Method, answered: (answer: Answer) => void): void {
    this.#calls.push(answered)
    this.post(method)
  }

  /** Sends a method that has none. */
  post(method: Method): void {
    const frame: ClientFrame = { type: 'method', channel: this.number, method }
    this.#connection.write(frame)
  }

  /** Closes it; `done` when the broker has agreed, or cannot any more. */
  sayGoodbye(done: () => void): void {
    this.#saidGoodbye = done
    this.#connection.write({ type: 'close-channel', channel: this.number })
  }

  // What follows is for the connection.

  receive(frame: ChannelFrame): void {
    switch (frame.type) {
      case 'channel-opened':
        return this.#opened()
      case 'close-channel':
        this.#connection.write({ type: 'channel-close-ok', channel: this.number })
        return this.lose(`${frame.code} ${frame.text}`)
      case 'channel-close-ok':
        return this.#leave()
      case 'method':
        return this.#heard(frame.answer)
    }
  }

  lose(reason: string): void {
    const wasUsed = this.#open || this.#opening
    this.#open = false
    this.#opening = false
    this.#calls = []
    this.#lostWithConnection = !this.#connection.isOpen
    if (this.#saidGoodbye !== undefined) return this.#leave()
    if (wasUsed) this.#listener.closed(reason)
    // The connection's own end is somebody else's to deal with.
    if (this.#connection.isOpen) this.#connection.reopenLater(() => this.open())
  }

  resume(): void {
    this.#listener.resumed()
  }

  #opened(): void {
    const recovered = this.#lostWithConnection && this.#connection.settings.recoverAfter !== undefined
    this.#open = true
    this.#opening = false
    this.#lostWithConnection = false
    this.#listener.opened(recovered)
  }

  #heard(answer: Answer): void {
    if (unasked.has(answer.kind)) {
      this.#listener.heard(answer)
      return
    }
    this.#calls.shift()?.(answer)
  }

  #leave(): void {
    const done = this.#saidGoodbye
    this.#saidGoodbye = undefined
    this.#open = false
    done?.()
  }
}
