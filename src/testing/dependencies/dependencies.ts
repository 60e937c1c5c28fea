import type { DatabaseClient } from '../../application/stores/database/database-client.ts'
import { isDatabaseClient } from '../../application/stores/database/database-client.ts'
import type { Effect, StoreClient } from '../../application/stores/store.ts'
import type { Inside } from '../bridge/inside.ts'
import type { RowEffects } from './pg/effect-rules.ts'
import { effectRules } from './pg/effect-rules.ts'
import type { FinalDatabase } from './pg/final-database.ts'
import { finalDatabase } from './pg/final-database.ts'
import type { PoolOptions } from './pg/pool.ts'
import { simulatedPool } from './pg/pool.ts'
import type { PreparedSchema } from './pg/prepared-schema.ts'
import { applySchema, prepareSchema } from './pg/prepared-schema.ts'
import { Translations } from './pg/translations.ts'
import { sqlParserReady } from './sql/parse.ts'
import type { UnsupportedSql } from './sql/unsupported-sql.ts'
import type { DatabaseTools, DependencyTools } from './tools.ts'

/** What a check declares of a database. */
export interface DeclaredDatabase {
  /** SQL that is executed before the run: tables, keys, and rows that are there from the start. */
  readonly schema?: string
  /** Which rows are effects, by table. */
  readonly effects?: Readonly<Record<string, RowEffects>>
  /** Options of the pools that processes get. */
  readonly pool?: PoolOptions
}

/** What a check declares of the stores that its code uses, by the names that the stores have in the scenario. */
export interface DeclaredStores {
  readonly databases: Readonly<Record<string, DeclaredDatabase>>
}

/** The declarations, read; the same for every run of a check. */
export interface PreparedStores {
  readonly databases: ReadonlyMap<string, DeclaredDatabase & { readonly prepared: PreparedSchema }>
}

/** Reads what is declared and loads what it takes. An error in a schema, and what of it is not supported, is thrown. */
export async function prepareStores({ databases }: DeclaredStores): Promise<PreparedStores> {
  await sqlParserReady()
  const prepared = Object.entries(databases).map(
    ([name, declared]) => [name, { ...declared, prepared: prepareSchema(declared.schema ?? '') }] as const,
  )
  return { databases: new Map(prepared) }
}

/** What the stores hold when the run is over. */
export interface FinalStores {
  readonly databases: Readonly<Record<string, FinalDatabase>>
}

/** The dependencies of the code under test in one run: what each process is given, and what is left in the end. */
export class Dependencies {
  readonly #stores: PreparedStores
  readonly #unsupported = new Map<string, UnsupportedSql>()
  readonly #databases = new Map<string, DatabaseClient>()

  constructor(stores: PreparedStores) {
    this.#stores = stores
  }

  /** SQL that was met and cannot be simulated, each once: a run with any says nothing, and the check fails. */
  get unsupported(): readonly UnsupportedSql[] {
    return [...this.#unsupported.values()]
  }

  /** What the code of one process uses. To be called once for each start of a process, before its code runs. */
  toolsFor(inside: Inside): DependencyTools {
    const dbs = Object.fromEntries(
      [...this.#stores.databases].map(([name, declared]) => [name, this.#databaseTools(inside, name, declared)]),
    )
    return { dbs, db: firstOf(dbs, 'database') }
  }

  /** To be called when the run is over. */
  finalState(): FinalStores {
    const databases = [...this.#databases].map(([name, client]) => [name, finalDatabase(client)] as const)
    return { databases: Object.fromEntries(databases) }
  }

  #databaseTools(
    inside: Inside,
    name: string,
    { prepared, effects = {}, pool = {} }: DeclaredDatabase & { readonly prepared: PreparedSchema },
  ): DatabaseTools {
    const { context } = inside
    const client: StoreClient = context.client(name)
    if (!isDatabaseClient(client))
      throw new Error(`The store ${name} is no database; the check should have been refused.`)
    const names = { intern: (text: string) => context.intern(text), text: (each: number) => context.text(each) }
    applySchema(client, prepared, effectRules(effects, client.schema, names))
    this.#databases.set(name, client)
    const place = {
      ...{ inside, database: client, translations: translationsFor(client) },
      by: () => handlingEffect(inside),
      unsupported: (error: UnsupportedSql) => void this.#unsupported.set(error.message, error),
    }
    return { pool: simulatedPool(place, pool) }
  }
}

const translations = new WeakMap<object, Translations>()

/** One for each database of a run, whichever process executes a text. */
function translationsFor({ schema }: DatabaseClient): Translations {
  const found = translations.get(schema) ?? new Translations(schema)
  translations.set(schema, found)
  return found
}

/** Of which message what is done now is an effect. */
export function handlingEffect({ handling, context, process }: Inside): Effect | undefined {
  if (handling === undefined) return undefined
  const { message, operation, key, version } = handling.delivery.envelope
  const { service } = context
  return {
    message,
    operation,
    effect: '',
    service,
    consumer: process.name,
    attempt: handling.attempt,
    key,
    version,
    value: 1,
  }
}

/** The first of them; where there is none, something that tells so as soon as it is used. */
function firstOf<T extends object>(all: Readonly<Record<string, T>>, what: string): T {
  const [first] = Object.values(all)
  if (first !== undefined) return first
  return new Proxy<T>(Object.create(null), {
    get: () => {
      throw new Error(`the check declares no ${what}`)
    },
  })
}
