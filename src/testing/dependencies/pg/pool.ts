import { AsyncResource } from 'node:async_hooks'
import type { ClientConfig, PoolClient, PoolConfig } from 'pg'
import { Client, Pool } from 'pg'
import type { ConnectionPlace } from './simulated-connection.ts'
import { SimulatedConnection } from './simulated-connection.ts'
import { utcParsers } from './utc-parsers.ts'

/** How many connections a pool has, and how long it waits; the options of `pg`. */
export type PoolOptions = Pick<PoolConfig, 'max' | 'connectionTimeoutMillis' | 'idleTimeoutMillis' | 'query_timeout'>

/**
 * The pool of `pg` and its clients, over simulated connections. An idle connection is kept, unless `idleTimeoutMillis` says how long: the default
 * of the driver, 10 s, would only add events to every run.
 */
export function simulatedPool(place: ConnectionPlace, options: PoolOptions): Pool {
  const config: PoolConfig & Placed = { idleTimeoutMillis: 0, ...options, Client: SimulatedClient, place }
  return new BoundPool(config)
}

interface Placed {
  readonly place: ConnectionPlace
}

/** One class for all pools: a class for each would make the engine learn anew what its clients look like, in every run. */
class SimulatedClient extends Client {
  constructor({ place, ...config }: ClientConfig & Partial<Placed> = {}) {
    if (place === undefined) throw new Error('A client is made by its pool, which knows where it is.')
    // The client takes a connection that it is given instead of a socket.
    const connection = new SimulatedConnection(place)
    const given = { ...config, user: 'simulated', database: 'simulated', connection, types: utcParsers }
    super(given)
  }
}

/** Who waits for a connection goes on in his own name, and not in that of whoever gave it back. */
class BoundPool extends Pool {
  override connect(): Promise<PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    if (callback === undefined) return super.connect()
    const home = new AsyncResource('WaitingForConnection')
    super.connect((error, client, done) => home.runInAsyncScope(callback, undefined, error, client, done))
  }
}

type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void
