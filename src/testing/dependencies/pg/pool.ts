import { AsyncResource } from 'node:async_hooks'
import type { ClientConfig, PoolClient, PoolConfig } from 'pg'
import { Client, Pool } from 'pg'
import type { Inside, Leftover } from '../../bridge/inside.ts'
import type { ConnectionPlace, Taken } from './simulated-connection.ts'
import { SimulatedConnection } from './simulated-connection.ts'
import { utcParsers } from './utc-parsers.ts'

/** How many connections a pool has, and how long it waits; the options of `pg`. */
export type PoolOptions = Pick<PoolConfig, 'max' | 'connectionTimeoutMillis' | 'idleTimeoutMillis' | 'query_timeout'>

/**
 * The pool of `pg` and its clients, over simulated connections. An idle connection is kept, unless `idleTimeoutMillis` says how long: the default
 * of the driver, 10 s, would only add events to every run.
 */
export function simulatedPool(place: PoolPlace, options: PoolOptions): Pool {
  const config: PoolConfig & Placed = { idleTimeoutMillis: 0, ...options, Client: SimulatedClient, place }
  return new BoundPool(config)
}

interface PoolPlace extends ConnectionPlace {
  readonly inside: ConnectionPlace['inside'] & Pick<Inside, 'handling' | 'whenOver'>
}

interface Placed {
  readonly place: PoolPlace
}

/** One class for all pools: a class for each would make the engine learn anew what its clients look like, in every run. */
class SimulatedClient extends Client {
  readonly simulated: SimulatedConnection

  constructor({ place, ...config }: ClientConfig & Partial<Placed> = {}) {
    if (place === undefined) throw new Error('A client is made by its pool, which knows where it is.')
    // The client takes a connection that it is given instead of a socket.
    const connection = new SimulatedConnection(place)
    const given = { ...config, user: 'simulated', database: 'simulated', connection, types: utcParsers }
    super(given)
    this.simulated = connection
  }
}

/** Who waits for a connection goes on in his own name, and not in that of whoever gave it back; and he is told what becomes of it. */
class BoundPool extends Pool {
  readonly #place: PoolPlace

  readonly #taken = new Set<SimulatedConnection>()

  constructor(config: PoolConfig & Placed) {
    super(config)
    this.#place = config.place
    this.on('release', (_, client) => this.#giveBack(client))
    config.place.inside.whenOver(() => this.#neverGivenBack())
  }

  override connect(): Promise<PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    if (callback === undefined)
      return new Promise((resolve, reject) =>
        this.connect((error, client) => (client === undefined ? reject(error) : resolve(client))),
      )
    const { handling } = this.#place.inside
    const taken: Taken = { where: new Error('taken here'), home: new AsyncResource('WaitingForConnection'), handling }
    super.connect((error, client, done) => {
      if (client instanceof SimulatedClient) this.#take(client.simulated, taken)
      taken.home.runInAsyncScope(callback, undefined, error, client, done)
    })
  }

  #take(connection: SimulatedConnection, taken: Taken): void {
    connection.taken = taken
    this.#taken.add(connection)
  }

  #giveBack(client: PoolClient): void {
    if (!(client instanceof SimulatedClient)) return
    client.simulated.taken = undefined
    this.#taken.delete(client.simulated)
  }

  /** What is taken outside of any handling may be meant to be kept. */
  #neverGivenBack(): readonly Leftover[] {
    const kept = [...this.#taken].flatMap(({ taken }) => (taken?.handling === undefined ? [] : [taken]))
    const message = `never gave back the client that it took from the pool of ${this.#place.name} (${kept.length} in all)`
    return kept.map(({ where, handling }) => ({ message, where, handling }))
  }
}

type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void
