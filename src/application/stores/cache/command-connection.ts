import type { CloseReason, Connection } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Program } from '../../program.ts'
import { perform } from '../../program.ts'
import type { BatchReply, CommandBatch } from './protocol.ts'
import type { Reply } from './reply.ts'

/** Replies in the order of the commands; or how the connection ended before they came. */
export type CommandsAnswer =
  | { readonly kind: 'replies'; readonly replies: readonly Reply[] }
  | { readonly kind: 'lost'; readonly reason: CloseReason }

/** A connection to whichever server of a cache is the primary. It lives until one side ends it; who wants to go on opens another one. */
export class CommandConnection {
  readonly #process: Process
  readonly #nodes: readonly string[]
  #connection: Connection<CommandBatch> | undefined
  #isOpen = false
  #over: CloseReason | undefined
  #opened: (reason: CloseReason | undefined) => void = () => {}
  #ended: (reason: CloseReason) => void = () => {}
  readonly #waiting = new Map<number, (answer: CommandsAnswer) => void>()
  #batches = 0

  constructor(process: Process, nodes: readonly string[]) {
    this.#process = process
    this.#nodes = nodes
  }

  /** Comes back when a server takes commands; or with the reason why none does. */
  opened(): Program<CloseReason | undefined> {
    return perform('connect', (resume) => {
      this.#opened = resume
      this.#open(0, 'refused')
    })
  }

  /** Calls back when an open connection is over, and not by this side. */
  onEnd(ended: (reason: CloseReason) => void): void {
    this.#ended = ended
  }

  /** Sends commands; further ones need not wait for the answer. */
  ask(commands: readonly (readonly string[])[]): Program<CommandsAnswer> {
    const name = commands.length === 1 ? (commands[0]?.[0] ?? '') : `${commands[0]?.[0] ?? ''} ...`
    return perform(name.toLowerCase(), (resume) => {
      if (this.#over !== undefined) {
        resume({ kind: 'lost', reason: this.#over })
        return
      }
      const number = ++this.#batches
      this.#waiting.set(number, resume)
      const bytes = commands.flat().reduce((sum, { length }) => sum + length + 8, 16)
      this.#connection?.send({ number, commands }, { bytes, about: name.toLowerCase() })
    })
  }

  close(): void {
    this.#ended = () => {}
    this.#connection?.close()
    this.#end('closed')
  }

  #open(index: number, reason: CloseReason): void {
    const node = this.#nodes[index]
    if (node === undefined) {
      this.#over = reason
      this.#opened(reason)
      return
    }
    let isAway = false
    this.#connection = this.#process.connect<CommandBatch, BatchReply>(node, 'commands', {
      received: (message) => {
        if (message.kind === 'ready') {
          this.#isOpen = true
          this.#opened(undefined)
        } else if (message.kind === 'replies')
          this.#answer(message.number, { kind: 'replies', replies: message.replies })
        else isAway = true
      },
      closed: (why) => {
        if (this.#isOpen) this.#end(why)
        else this.#open(index + 1, isAway ? reason : why)
      },
    })
  }

  #end(reason: CloseReason): void {
    if (this.#over !== undefined) return
    this.#over = reason
    for (const number of [...this.#waiting.keys()]) this.#answer(number, { kind: 'lost', reason })
    this.#ended(reason)
  }

  #answer(number: number, answer: CommandsAnswer): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    waiting?.(answer)
  }
}
