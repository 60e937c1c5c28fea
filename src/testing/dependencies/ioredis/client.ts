import type { RedisOptions } from 'ioredis'
import { Redis } from 'ioredis'
import type { SocketPlace } from './simulated-socket.ts'
import { SimulatedSocket } from './simulated-socket.ts'

/** Options of the client: how often it tries again, what it does while there is no connection. */
export type ClientOptions = Omit<RedisOptions, 'Connector' | 'host' | 'port' | 'path' | 'sentinels' | 'tls'>

/**
 * The client of `ioredis`, over simulated sockets. Left out of what it does when it connects: telling the server its own version, and asking
 * whether the server is still loading; that would only add commands to every run.
 */
export function simulatedRedis(place: SocketPlace, options: ClientOptions): Redis {
  /** Gives the client its sockets: a new one for each time that it connects. */
  class Connector {
    firstError: Error | undefined
    connecting = false
    #socket: SimulatedSocket | undefined

    check(): boolean {
      return true
    }

    connect(): Promise<SimulatedSocket> {
      this.connecting = true
      const socket = new SimulatedSocket(place)
      this.#socket = socket
      socket.once('error', (error) => {
        this.firstError = error
      })
      return Promise.resolve(socket)
    }

    disconnect(): void {
      this.connecting = false
      this.#socket?.end()
    }
  }
  const given: RedisOptions = { lazyConnect: true, ...options, disableClientInfo: true, enableReadyCheck: false }
  return new Redis(Object.assign(given, { Connector }))
}
