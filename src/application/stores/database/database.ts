import { diskProfiles } from '../../../simulation/disk.ts'
import { second } from '../../../simulation/duration.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import { valuesOf } from '../../../systems/option.ts'
import type { Store, StoreKind } from '../store.ts'
import { PooledClient } from './client/pooled-client.ts'
import type { CommitLog } from './commit-log.ts'
import { coreDefaults, DatabaseCore } from './core/database-core.ts'
import { EffectAccount } from './effect-account.ts'
import { effectsTable } from './effects-table.ts'
import type { DatabaseValues } from './options.ts'
import { databaseOptions } from './options.ts'
import type { Role } from './protocol.ts'
import { Schema } from './schema.ts'
import { Server } from './server.ts'

/*
 * A transactional database: several versions of a row, three isolation levels, row locks, unique keys, a log on the disk, and a standby that
 * may take over. The rules of the core are held against a real server, statement by statement. Left out: what makes one of two servers that
 * cannot see each other stop (the standby decides by itself, so that a cut makes two primaries until it heals), checkpoints (the log is
 * replayed from its start), triggers, cursors, reads from a standby, and tables that are made inside of a transaction.
 */
export const database: StoreKind = {
  name: 'database',
  summary: 'Tables, transactions and isolation levels, with the rules and names of PostgreSQL 15.',
  options: databaseOptions,
  build: (world, name, settings) => new Database(world, name, valuesOf(databaseOptions, settings)),
}

/** How a server works off statements: an order of magnitude, not a measurement. */
const service = { servers: 8, perRequest: 50, perKibibyte: 2 }
/** What a client waits for without a time-out of its own: until its host gives a connection up. */
const longestSilence = 930 * second

class Database implements Store {
  readonly name: string
  readonly patience: Micros
  readonly #world: World
  readonly #values: DatabaseValues
  readonly #schema = new Schema()
  readonly #servers: readonly string[]
  /** Of the servers, by name: which part each has, and its log. */
  readonly #roles = new Map<string, Role>()
  readonly #logs = new Map<string, CommitLog>()

  constructor(world: World, name: string, values: DatabaseValues) {
    this.name = name
    this.#world = world
    this.#values = values
    this.#servers = values.standby ? [`${name}-1`, `${name}-2`] : [name]
    this.patience = (values.query_timeout || longestSilence) + (values.standby ? values['failover.after'] : 0)
    this.#schema.add(effectsTable(values.unique))
    this.#addServers()
    if (values.standby) world.targets.addToGroup(name, this.#servers)
  }

  client(process: Process): PooledClient {
    const { names } = this.#world.history
    const text = (name: number): string => names.text(name)
    return new PooledClient(process, this.#servers, this.#schema, this.#values, text, () => this.#contents())
  }

  /** Made anew of what the primary has on its disk. */
  #contents(): DatabaseCore {
    const primary = this.#servers.find((name) => this.#roles.get(name) === 'primary')
    const records = (this.#logs.get(primary ?? '')?.entries(0) ?? []).map(({ record }) => record)
    const { tables, indexes, rows } = this.#schema
    const core = new DatabaseCore(coreDefaults, tables, [...rows, ...records])
    for (const { table, key } of indexes) core.createIndex(table, key)
    return core
  }

  #addServers(): void {
    const account = new EffectAccount(this.name)
    const roles = this.#roles
    let commits = 0
    for (const [index, name] of this.#servers.entries()) {
      const role = index === 0 ? 'primary' : 'standby'
      const options = {
        ...({ values: this.#values, schema: this.#schema, account, role, nextCommit: () => ++commits } as const),
        peer: this.#servers[1 - index],
        plays: (now: Role, log: CommitLog) => {
          roles.set(name, now)
          this.#logs.set(name, log)
        },
      }
      const disk = diskProfiles[this.#values.disk]
      this.#world.addNode({ name, disk, service, start: (process) => new Server(process, options).start() })
    }
    for (const role of ['primary', 'standby'] as const)
      this.#world.targets.addRole(role, (argument) =>
        argument === this.name ? this.#servers.filter((name) => roles.get(name) === role) : [],
      )
  }
}
