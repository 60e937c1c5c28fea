import { second } from '../../../simulation/duration.ts'
import type { BrokerLifecycle } from './broker-lifecycle.ts'
import type { InitProducerIdResponse } from '../protocol.ts'

/** How long a client waits for the controller to give the broker more ids. */
const patience = 5 * second

/** Gives out producer ids, which the broker gets from the controller a block at a time, so that no two producers ever have the same. */
export class ProducerIds {
  readonly #lifecycle: BrokerLifecycle
  readonly #brokerId: number
  #next = 0
  #end = 0
  #waiting: ((response: InitProducerIdResponse) => void)[] = []

  constructor(lifecycle: BrokerLifecycle, brokerId: number) {
    this.#lifecycle = lifecycle
    this.#brokerId = brokerId
  }

  give(reply: (response: InitProducerIdResponse) => void): void {
    this.#waiting.push(reply)
    if (this.#next < this.#end) this.#serve()
    else if (this.#waiting.length === 1) this.#fetchBlock()
  }

  #fetchBlock(): void {
    const request = { type: 'allocate-producer-ids', brokerId: this.#brokerId } as const
    this.#lifecycle.channel.request(request, patience, (response) => {
      if (response?.type === 'allocate-producer-ids') {
        this.#next = response.first
        this.#end = response.first + response.count
      }
      this.#serve()
    })
  }

  #serve(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const reply of waiting) {
      const hasOne = this.#next < this.#end
      const error = hasOne ? 'NONE' : 'COORDINATOR_LOAD_IN_PROGRESS'
      reply({ type: 'init-producer-id', error, producerId: hasOne ? this.#next++ : -1, producerEpoch: hasOne ? 0 : -1 })
    }
  }
}
