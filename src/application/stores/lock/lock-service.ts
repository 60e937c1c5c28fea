import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { LogFile } from '../../../simulation/log-file.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { World } from '../../../simulation/world.ts'
import { valuesOf } from '../../../systems/option.ts'
import type { Numbered } from '../request-client.ts'
import { RequestClient } from '../request-client.ts'
import type { Store, StoreKind } from '../store.ts'
import { leaseExpired, lockFacts, lockGranted } from './facts.ts'
import type { Lease } from './lease-table.ts'
import { LeaseTable } from './lease-table.ts'
import { LockClient } from './lock-client.ts'
import type { LockValues } from './options.ts'
import { lockOptions } from './options.ts'
import type { LockReply, LockRequest } from './protocol.ts'

/*
 * A service that gives locks for a time, each time with a higher token. Left out: the members behind it and their elections (a service with
 * consensus is one node with a disk here), and sessions: each lock has a lease of its own.
 */
export const lockService: StoreKind = {
  name: 'lock',
  summary: 'A service that gives locks for a time, with fencing tokens.',
  options: lockOptions,
  facts: lockFacts,
  takesEffects: false,
  build: (world, name, settings) => new LockService(world, name, valuesOf(lockOptions, settings)),
}

class LockService implements Store {
  readonly name: string
  readonly patience: Micros
  readonly #values: LockValues

  constructor(world: World, name: string, values: LockValues) {
    this.name = name
    this.#values = values
    this.patience = values.timeout
    world.addNode({ name, start: (process) => new LockServer(process, values.keeps === 'everything').listen() })
  }

  client(process: Process): LockClient {
    return new LockClient(process.name, new RequestClient(process, this.name, 'lock', this.#values.timeout))
  }
}

/** A line of the log: a grant, or the end of one. */
interface Change {
  readonly lock: string
  readonly lease: Lease | undefined
}

/** Somebody who waits for a lock. */
interface Waiting {
  readonly connection: Connection<Numbered<LockReply>>
  readonly number: number
  readonly request: Extract<LockRequest, { readonly kind: 'acquire' }>
}

class LockServer {
  readonly #process: Process
  readonly #durable: boolean
  readonly #changes: LogFile<Change>
  readonly #table = new LeaseTable()
  readonly #lines = new Map<string, Waiting[]>()
  readonly #expiries = new Map<string, Timer>()

  constructor(process: Process, durable: boolean) {
    this.#process = process
    this.#durable = durable
    this.#changes = process.disk.log<Change>('changes')
    if (durable) this.#restore()
  }

  listen(): void {
    this.#process.listen<Numbered<LockReply>, Numbered<LockRequest>>('lock', (connection) => ({
      received: ({ number, body }) => this.#serve(connection, number, body),
      closed: () => this.#forget(connection),
    }))
  }

  #serve(connection: Connection<Numbered<LockReply>>, number: number, request: LockRequest): void {
    const { now } = this.#process
    switch (request.kind) {
      case 'acquire':
        this.#lineOf(request.lock).push({ connection, number, request })
        return this.#grantNext(request.lock)
      case 'renew': {
        const lease = this.#table.renew(request.lock, request.token, now)
        if (lease !== undefined) this.#watch(lease)
        return answer({ connection, number }, { kind: lease === undefined ? 'lost' : 'renewed' })
      }
      case 'release': {
        const released = this.#table.release(request.lock, request.token, now)
        answer({ connection, number }, { kind: released ? 'released' : 'lost' })
        if (released) this.#free(request.lock)
        break
      }
    }
  }

  #grantNext(lock: string): void {
    const line = this.#lineOf(lock)
    const [next] = line
    if (next === undefined) return
    const { owner, lease: duration } = next.request
    const lease = this.#table.grant(lock, owner, duration, this.#process.now)
    if (lease === undefined) return
    line.shift()
    this.#watch(lease)
    this.#keep(lease, () => {
      const { token } = lease
      this.#process.record(lockGranted, { lock, token, to: owner, lease: duration })
      answer(next, { kind: 'granted', token })
    })
  }

  /** The grant is answered once it is durable, so that no later start gives its token again. */
  #keep(lease: Lease, kept: () => void): void {
    if (!this.#durable) return kept()
    this.#changes.append({ lock: lease.lock, lease }, 64)
    this.#changes.fsync((outcome) => {
      if (outcome === 'written') kept()
    })
  }

  #watch({ lock, token, owner, duration }: Lease): void {
    this.#expiries.get(lock)?.clear()
    const expire = (): void => {
      this.#process.record(leaseExpired, { lock, token, of: owner })
      this.#free(lock)
    }
    this.#expiries.set(lock, this.#process.setTimer(duration, expire))
  }

  #free(lock: string): void {
    this.#expiries.get(lock)?.clear()
    this.#expiries.delete(lock)
    if (this.#durable) this.#changes.append({ lock, lease: undefined }, 32)
    this.#grantNext(lock)
  }

  /** After a start a lease lasts its full time again: nobody knows how long the service was away. */
  #restore(): void {
    const held = new Map<string, Lease>()
    for (let place = 0; place < this.#changes.length; place++) {
      const change = this.#changes.read(place)?.value
      if (change?.lease !== undefined) {
        this.#table.countFrom(change.lease.token)
        held.set(change.lock, change.lease)
      } else if (change !== undefined) held.delete(change.lock)
    }
    for (const lease of held.values()) this.#watch(this.#table.restore(lease, this.#process.now))
  }

  /** Who is gone waits no more. */
  #forget(connection: Connection<Numbered<LockReply>>): void {
    for (const [lock, line] of this.#lines) {
      const staying = line.filter((waiting) => waiting.connection !== connection)
      if (staying.length < line.length) this.#lines.set(lock, staying)
    }
  }

  #lineOf(lock: string): Waiting[] {
    const line = this.#lines.get(lock) ?? []
    this.#lines.set(lock, line)
    return line
  }
}

function answer({ connection, number }: Pick<Waiting, 'connection' | 'number'>, body: LockReply): void {
  connection.send({ number, body }, { bytes: 64, about: body.kind })
}
