import type { Program } from '../../../../src/application/program.ts'
import { start } from '../../../../src/application/program.ts'
import { database } from '../../../../src/application/stores/database/database.ts'
import type { DatabaseClient } from '../../../../src/application/stores/database/database-client.ts'
import { isDatabaseClient } from '../../../../src/application/stores/database/database-client.ts'
import type { Insert, StatementResult, TableDefinition } from '../../../../src/application/stores/database/statement.ts'
import type { Effect } from '../../../../src/application/stores/store.ts'
import type { Fault } from '../../../../src/simulation/fault.ts'
import { faultKinds } from '../../../../src/simulation/faults/registry.ts'
import { linkProfiles } from '../../../../src/simulation/link-profile.ts'
import { settlingDefaults } from '../../../../src/simulation/settling.ts'
import { World } from '../../../../src/simulation/world.ts'
import { defaultSettings } from '../../../../src/systems/option.ts'

export const second = 1_000_000

/** A table of payments, by number. */
const payments: TableDefinition = {
  name: 'payments',
  columns: [
    { name: 'id', type: 'integer' },
    { name: 'amount', type: 'integer' },
  ],
  primaryKey: ['id'],
  uniqueKeys: [],
}

/** What a program is given: the database, the effect number n, and a way to note what it saw. */
export interface Bench {
  readonly database: DatabaseClient
  /** Inserts payment `id`, which is the effect of order-`id`. */
  pay(id: number): Insert
  note(text: string): void
}

export interface Told {
  /** What programs noted, each with the second in which they did. */
  readonly notes: readonly string[]
  /** Facts about effects and servers, in order: `effect-applied order-1`. */
  readonly facts: readonly string[]
}

interface Setting {
  readonly options?: Readonly<Record<string, unknown>>
  readonly faults?: readonly Fault[]
  /** By the name of the node that runs it. */
  readonly programs: Readonly<Record<string, (bench: Bench) => Program>>
}

export function strike(
  action: string,
  target: string,
  at: number,
  duration: number,
  parameters: Fault['parameters'] = {},
): Fault {
  return { action, targets: [[target]], parameters, strikes: { at }, duration }
}

/** Runs programs against the database `records` for two minutes of virtual time. */
export function runDatabase({ options = {}, faults = [], programs }: Setting): Told {
  const world = new World({
    seed: 'database',
    linkProfileOf: () => linkProfiles.loopback,
    faults,
    faultKinds,
    settling: settlingDefaults,
    factKinds: [],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  const settings = {
    values: { ...defaultSettings(database.options).values, ...options },
    explicit: Object.keys(options),
  }
  const store = database.build(world, 'records', settings)
  const notes: string[] = []
  for (const [name, program] of Object.entries(programs)) {
    world.addNode({
      name,
      start: (process) => {
        const client = store.client(process)
        if (!isDatabaseClient(client)) throw new Error('A database has clients of its own.')
        client.migrate([payments])
        const note = (text: string): void => void notes.push(`${Math.floor(process.now / second)} ${text}`)
        start(process, program({ database: client, pay: (id) => payment(world, id), note }))
      },
    })
  }
  world.addParticipant({
    name: 'the test',
    busyWith: () => (world.engine.now < 120 * second ? 'the programs' : undefined),
    waitingFor: () => undefined,
    patience: 240 * second,
  })
  world.begin()
  world.advance()
  const { names } = world.history
  const facts = [...world.history].flatMap((fact) => {
    const message = Object.entries(fact).find(([field]) => field === 'message')?.[1]
    return fact.kind.startsWith('effect-') ? [`${fact.kind} ${names.text(Number(message))}`] : []
  })
  return { notes, facts }
}

/** A result in a word: how many rows, or the SQLSTATE, and whether the outcome is unknown. */
export function inShort(result: StatementResult): string {
  if (result.kind === 'done') return String(result.count)
  return result.outcome === 'unknown' ? `${result.sqlState} unknown` : result.sqlState
}

function payment(world: World, id: number): Insert {
  const order = world.history.names.intern(`order-${id}`)
  const effect: Effect = {
    ...{ message: order, operation: order, effect: 'paid', service: 'billing', consumer: 'billing' },
    ...{ attempt: 1, key: '', version: 1, value: 1 },
  }
  return { kind: 'insert', into: 'payments', rows: [{ id, amount: 10 }], effect }
}
