import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { ControllerRequest, ControllerResponse } from './controller/controller-protocol.ts'
import { controllerBytes, controllerPort } from './controller/controller-protocol.ts'
import { RpcClient } from './rpc-client.ts'

/** A broker's way to the active controller: asks the one that it believes in, and turns to another when that is not it or says nothing. */
export class ControllerChannel {
  readonly #clients: readonly RpcClient<ControllerRequest, ControllerResponse>[]
  #target = 0

  constructor(process: Process, controllers: readonly string[]) {
    this.#clients = controllers.map(
      (node) => new RpcClient(process, { node, port: controllerPort, bytesOf: controllerBytes }),
    )
  }

  /** `answered` hears `undefined` when there is no answer from an active controller; whether the request had an effect is unknown then. */
  request(
    body: ControllerRequest,
    timeout: Micros,
    answered: (response: ControllerResponse | undefined) => void,
  ): void {
    const target = this.#target
    this.#clients[target]?.request(body, timeout, (response) => {
      if (response !== undefined && response.type !== 'not-controller') {
        answered(response)
        return
      }
      if (this.#target === target) this.#turnTo(response?.leader)
      answered(undefined)
    })
  }

  #turnTo(leader: number | undefined): void {
    this.#target = leader === undefined ? (this.#target + 1) % this.#clients.length : leader - 1
  }
}
