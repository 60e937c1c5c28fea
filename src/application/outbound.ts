import type { Name } from '../history/fact.ts'
import { answered, derived, submitted } from '../history/facts.ts'
import type { Process } from '../simulation/process.ts'
import type { Envelope, Producer, SendAnswer } from '../systems/system.ts'
import type { ProcessCount } from './living-counts.ts'
import type { Program } from './program.ts'
import { perform } from './program.ts'

/** The sending side of a service on one process: records what it asks for and what it is told. */
export class Outbound {
  readonly #process: Process
  readonly #service: string
  readonly #channel: string
  readonly #producer: Producer
  readonly #unanswered: ProcessCount

  /** `unanswered` counts what is handed to the producer and not answered. */
  constructor(process: Process, service: string, channel: string, producer: Producer, unanswered: ProcessCount) {
    this.#process = process
    this.#service = service
    this.#channel = channel
    this.#producer = producer
    this.#unanswered = unanswered
  }

  /** Hands a message to the producer; `told` hears the answer, if the process lives. */
  submit(envelope: Envelope, parents: readonly Name[], told: (answer: SendAnswer) => void): void {
    const { message, operation, key, sequence, version, size } = envelope
    this.#process.record(submitted, {
      message,
      operation,
      key,
      sequence,
      version,
      service: this.#service,
      channel: this.#channel,
      size,
    })
    for (const parent of parents) this.#process.record(derived, { message, parent })
    this.#unanswered.count++
    this.#producer.send(envelope, ({ outcome, reason }) => {
      this.#unanswered.count--
      this.#process.record(answered, { message, service: this.#service, outcome, reason })
      told({ outcome, reason })
    })
  }

  send(envelope: Envelope, parents: readonly Name[] = []): Program<SendAnswer> {
    return perform('send', (resume) => this.submit(envelope, parents, resume))
  }

  close(): Program {
    return perform('close', (resume) => this.#producer.close(() => resume(undefined)))
  }
}
