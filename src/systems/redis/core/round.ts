import type { Call } from './call.ts'
import type { Command } from './command.ts'
import type { Event } from './event.ts'
import type { Answer, Execution, Propagation } from './execution.ts'
import type { Reply } from './reply.ts'
import { wireBytes } from './wire-command.ts'

/** An execution while it comes about: of the command itself, and then of the clients that it serves. */
export class Round {
  #answers: Answer[] = []
  readonly #following: Answer[] = []
  readonly #propagations: Propagation[] = []
  readonly #events: Event[] = []
  /** Keys that somebody who waits may want to look at. */
  ready = new Set<string>()
  waits: number | undefined

  answer(client: number, reply: Reply): void {
    this.#answers.push({ client, reply })
  }

  deliver(answers: readonly Answer[]): void {
    this.#answers.push(...answers)
  }

  /** Takes back what a client has been sent so far. */
  withdraw(client: number): readonly Reply[] {
    const own = this.#answers.filter((answer) => answer.client === client)
    if (own.length > 0) this.#answers = this.#answers.filter((answer) => answer.client !== client)
    return own.map(({ reply }) => reply)
  }

  /** Sends a client something after the answer to its command. */
  follow(client: number, replies: readonly Reply[]): void {
    this.#following.push(...replies.map((reply) => ({ client, reply })))
  }

  /** The command has been answered. */
  catchUp(): void {
    this.#answers.push(...this.#following.splice(0))
  }

  emit(event: Event): void {
    this.#events.push(event)
  }

  /** Takes over what a call has left behind; its commands belong together. */
  take(call: Call): void {
    this.#propagate(call.propagated, 'file-and-replicas')
    for (const command of call.published) this.#propagate([command], 'replicas')
    this.#events.push(...call.events)
    for (const key of call.ready) this.ready.add(key)
  }

  /** The keys that have become ready since it was last asked. */
  takeReady(): readonly string[] {
    const keys = [...this.ready]
    this.ready = new Set()
    return keys
  }

  end(): Execution {
    const { waits } = this
    return { answers: this.#answers, propagations: this.#propagations, events: this.#events, waits }
  }

  #propagate(commands: readonly Command[], to: Propagation['to']): void {
    if (commands.length > 0) this.#propagations.push({ commands, to, bytes: wireBytes(commands) })
  }
}
