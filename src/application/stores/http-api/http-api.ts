import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import { second } from '../../../simulation/duration.ts'
import { valuesOf } from '../../../systems/option.ts'
import { RequestClient } from '../request-client.ts'
import type { Store, StoreKind } from '../store.ts'
import { HttpApiClient } from './http-api-client.ts'
import { ApiServer } from './api-server.ts'
import type { ExecutedCall } from './api-server.ts'
import { httpApiFacts } from './facts.ts'
import type { HttpApiValues } from './options.ts'
import { httpApiOptions } from './options.ts'
import type { HttpReply, HttpRequest } from './protocol.ts'

/*
 * Somebody else's API, as calls of HTTP reach it. What it does with a call is code that comes with the call. Left out: limits of rate
 * that calls use up (429 comes by chance, or while others overload it), bodies that come in pieces, and redirects.
 */
export const httpApi: StoreKind = {
  name: 'http-api',
  summary: 'An API of somebody else that code under test calls with fetch.',
  options: httpApiOptions,
  facts: httpApiFacts,
  takesEffects: false,
  build: (world, name, settings) => new HttpApi(world, name, valuesOf(httpApiOptions, settings)),
}

/** What the client of `fetch` waits for an answer: its own default. */
const patience = 300 * second

class HttpApi implements Store {
  readonly name: string
  readonly patience = patience
  readonly #executed: ExecutedCall[] = []

  constructor(world: World, name: string, values: HttpApiValues) {
    this.name = name
    const intern = (text: string): number => world.history.names.intern(text)
    world.addNode({
      name,
      refuses: true,
      start: (process) => new ApiServer(process, values, this.#executed, intern).start(),
    })
  }

  client(process: Process): HttpApiClient {
    const { name } = this
    const requests = (): RequestClient<HttpRequest, HttpReply> => new RequestClient(process, name, 'http', patience)
    return new HttpApiClient(process, requests, this.#executed)
  }
}
