import type { Process } from '../../simulation/process.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { Envelope, Producer, SendAnswer } from '../system.ts'
import type { RequestEnd } from './client.ts'
import { BrokerClient } from './client.ts'
import { memoryProducerOptions } from './options.ts'

/** Sends to one queue or topic, and tells what the broker said, if it is asked. */
export class MemoryProducer implements Producer {
  readonly #process: Process
  readonly #client: BrokerClient
  readonly #address: string
  readonly #confirm: boolean
  #isClosed = false

  constructor(process: Process, broker: string, address: string, settings: Settings) {
    const values = valuesOf(memoryProducerOptions, settings)
    this.#process = process
    this.#address = address
    this.#confirm = values.confirm
    this.#client = new BrokerClient(process, broker, values, { connected: () => {}, received: () => {} })
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void {
    if (this.#isClosed) {
      this.#process.setTimer(0, () => answered({ outcome: 'rejected', reason: 'the producer is closed' }))
      return
    }
    const command = { type: 'send', address: this.#address, envelope } as const
    this.#client.request(command, (end) => answered(answerOf(end)), this.#confirm)
  }

  close(done: () => void): void {
    this.#isClosed = true
    this.#client.close(done)
  }
}

const outcomes = {
  taken: 'confirmed',
  written: 'assumed',
  refused: 'rejected',
  // It never left this process, and never will.
  unsent: 'rejected',
  unknown: 'unknown',
} as const satisfies Record<RequestEnd['outcome'], SendAnswer['outcome']>

function answerOf({ outcome, reason }: RequestEnd): SendAnswer {
  return { outcome: outcomes[outcome], reason }
}
