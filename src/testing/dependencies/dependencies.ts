import type { DatabaseClient } from '../../application/stores/database/database-client.ts'
import { isDatabaseClient } from '../../application/stores/database/database-client.ts'
import type { Effect, StoreClient } from '../../application/stores/store.ts'
import type { Redis } from 'ioredis'
import type { CacheClient } from '../../application/stores/cache/cache-client.ts'
import { isCacheClient } from '../../application/stores/cache/cache-client.ts'
import type { Inside } from '../bridge/inside.ts'
import type { ClientOptions } from './ioredis/client.ts'
import { simulatedRedis } from './ioredis/client.ts'
import type { FinalCache } from './ioredis/final-cache.ts'
import { finalCache } from './ioredis/final-cache.ts'
import type { RowEffects } from './pg/effect-rules.ts'
import { effectRules } from './pg/effect-rules.ts'
import type { FinalDatabase } from './pg/final-database.ts'
import { finalDatabase } from './pg/final-database.ts'
import type { PoolOptions } from './pg/pool.ts'
import { simulatedPool } from './pg/pool.ts'
import type { PreparedSchema } from './pg/prepared-schema.ts'
import { applySchema, prepareSchema } from './pg/prepared-schema.ts'
import { Translations } from './pg/translations.ts'
import type { DeclaredApis, Route } from './http/routes.ts'
import { routesOf } from './http/routes.ts'
import { apiTool } from './http/api-tool.ts'
import { simulatedFetch } from './http/simulated-fetch.ts'
import type { HttpApiClient } from '../../application/stores/http-api/http-api-client.ts'
import { isHttpApiClient } from '../../application/stores/http-api/http-api-client.ts'
import type { HttpCall } from '../../application/stores/http-api/http-call.ts'
import type { Place } from './store-trace.ts'
import { placeOfCache, placeOfCalls, placesOfDatabase } from './store-trace.ts'
import { sqlParserReady } from './sql/parse.ts'
import type { DatabaseTools, DependencyTools } from './tools.ts'
import type { Unsupported } from './unsupported.ts'
import { WrongCheck } from '../wrong-check.ts'

/** What a check declares of a database. */
export interface DeclaredDatabase {
  /** SQL that is executed before the run: tables, keys, and rows that are there from the start. */
  readonly schema?: string
  /** Which rows are effects, by table. */
  readonly effects?: Readonly<Record<string, RowEffects>>
  /** Options of the pools that processes get. */
  readonly pool?: PoolOptions
}

/** What a check declares of a cache. */
export interface DeclaredCache {
  /** Options of the clients that processes get. */
  readonly client?: ClientOptions
}

/** What a check declares of the stores that its code uses, by the names that the stores have in the scenario. */
export interface DeclaredStores {
  readonly databases?: Readonly<Record<string, DeclaredDatabase>>
  readonly caches?: Readonly<Record<string, DeclaredCache>>
  /** APIs by method and address; the stores that they need are named by {@link storesOfApis}, of the kind `http-api`. */
  readonly apis?: DeclaredApis
}

/** The declarations, read; the same for every run of a check. */
export interface PreparedStores {
  readonly databases: ReadonlyMap<string, DeclaredDatabase & { readonly prepared: PreparedSchema }>
  readonly caches: ReadonlyMap<string, DeclaredCache>
  readonly routes: readonly Route[]
}

/** Reads what is declared and loads what it takes. An error in a schema, and what of it is not supported, is thrown. */
export async function prepareStores({
  databases = {},
  caches = {},
  apis = {},
}: DeclaredStores): Promise<PreparedStores> {
  await sqlParserReady()
  const prepared = Object.entries(databases).map(
    ([name, declared]) => [name, { ...declared, prepared: prepareSchema(declared.schema ?? '') }] as const,
  )
  return { databases: new Map(prepared), caches: new Map(Object.entries(caches)), routes: routesOf(apis) }
}

/** What the stores hold when the run is over. */
export interface FinalStores {
  readonly databases: Readonly<Record<string, FinalDatabase>>
  readonly caches: Readonly<Record<string, FinalCache>>
  readonly apis: Readonly<Record<string, FinalApi>>
}

/** What an API has executed, by the end of the run. */
export interface FinalApi {
  readonly calls: readonly (HttpCall & { readonly status: number })[]
  /** What it keeps. */
  readonly state: Readonly<Record<string, unknown>>
}

/** What is said to code and invariants that ask for what is not there. */
export const noDatabase =
  "the check declares no database: `stores: { db: { database: {}, schema: 'create table ...' } }`"
export const noCache = 'the check declares no cache: `stores: { cache: { cache: {} } }`'

/** The dependencies of the code under test in one run: what each process is given, and what is left in the end. */
export class Dependencies {
  readonly #stores: PreparedStores
  readonly #unsupported = new Map<string, Unsupported>()
  readonly #caches = new Map<string, CacheClient>()
  readonly #apis = new Map<string, HttpApiClient>()
  readonly #databases = new Map<string, DatabaseClient>()

  constructor(stores: PreparedStores) {
    this.#stores = stores
  }

  /** What was met and cannot be simulated, each once: a run with any says nothing, and the check fails. */
  get unsupported(): readonly Unsupported[] {
    return [...this.#unsupported.values()]
  }

  /** What the code of one process uses. To be called once for each start of a process, before its code runs. */
  toolsFor(inside: Inside): DependencyTools {
    const dbs = Object.fromEntries(
      [...this.#stores.databases].map(([name, declared]) => [name, this.#databaseTools(inside, name, declared)]),
    )
    const simulated = this.#fetch(inside)
    inside.fetch = simulated
    const apis = this.#stores.routes.map((route) => [route.name, apiTool(route, simulated)] as const)
    const caches = Object.fromEntries(
      [...this.#stores.caches].map(([name, declared]) => [name, this.#cacheTools(inside, name, declared)]),
    )
    return {
      dbs,
      db: firstOf(dbs, noDatabase, inside),
      caches,
      cache: firstOf(caches, noCache, inside),
      apis: Object.fromEntries(apis),
    }
  }

  /** To be called when the run is over. */
  finalState(): FinalStores {
    const databases = [...this.#databases].map(([name, client]) => [name, finalDatabase(client)] as const)
    const caches = [...this.#caches].map(([name, client]) => [name, finalCache(client)] as const)
    return { databases: Object.fromEntries(databases), caches: Object.fromEntries(caches), apis: this.#finalApis() }
  }

  /** The same for comparison with another run. */
  places(): readonly Place[] {
    const calls = Object.entries(this.#finalApis()).map(([name, api]) => placeOfCalls(name, api.calls))
    return [
      ...[...this.#databases.values()].flatMap(placesOfDatabase),
      ...[...this.#caches].map(([name, client]) => placeOfCache(name, client)),
      ...calls,
    ]
  }

  readonly #noteUnsupported = (error: Unsupported): void => void this.#unsupported.set(error.message, error)

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
    applySchema(client, prepared, effectRules(effects, client.schema, names, context.service))
    this.#databases.set(name, client)
    const place = {
      ...{ inside, name, database: client, translations: translationsFor(client) },
      by: () => handlingEffect(inside),
      unsupported: this.#noteUnsupported,
    }
    return { pool: simulatedPool(place, pool) }
  }

  #fetch(inside: Inside): typeof fetch {
    const { routes } = this.#stores
    const clients = new Map(
      [...new Set(routes.map(({ store }) => store))].map((name) => [name, apiClient(inside, name)] as const),
    )
    for (const [name, client] of clients) this.#apis.set(name, client)
    return simulatedFetch({
      ...{ inside, routes },
      clientOf: (store) => clients.get(store) ?? apiClient(inside, store),
      by: () => handlingEffect(inside),
      unsupported: this.#noteUnsupported,
    })
  }

  #finalApis(): FinalStores['apis'] {
    const executed = [...this.#apis.values()].flatMap((client) => client.executed)
    return Object.fromEntries(
      this.#stores.routes.map(({ name }) => {
        const own = executed.filter(({ route }) => route === name)
        const calls = own.map(({ call, answer }) => ({ ...call, status: answer.status }))
        return [name, { calls, state: own.at(-1)?.state ?? {} }]
      }),
    )
  }

  #cacheTools(inside: Inside, name: string, { client: options = {} }: DeclaredCache): Redis {
    const cache: StoreClient = inside.context.client(name)
    if (!isCacheClient(cache)) throw new Error(`The store ${name} is no cache; the check should have been refused.`)
    this.#caches.set(name, cache)
    return simulatedRedis({ inside, cache, unsupported: this.#noteUnsupported }, options)
  }
}

function apiClient({ context }: Inside, name: string): HttpApiClient {
  const client: StoreClient = context.client(name)
  if (!isHttpApiClient(client)) throw new Error(`The store ${name} is no API; the check should have been refused.`)
  return client
}

const translations = new WeakMap<object, Translations>()

/** One for each database of a run, whichever process executes a text. */
function translationsFor({ schema }: DatabaseClient): Translations {
  const found = translations.get(schema) ?? new Translations(schema)
  translations.set(schema, found)
  return found
}

/** Of which message what is done now is an effect. */
function handlingEffect({ handling, context, process }: Inside): Effect | undefined {
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

/** The first of them; where there is none, something that tells so as soon as it is used, and ends the run. */
function firstOf<T extends object>(all: Readonly<Record<string, T>>, missing: string, inside: Inside): T {
  const [first] = Object.values(all)
  if (first !== undefined) return first
  return new Proxy<T>(Object.create(null), {
    get: (_, name) => {
      // Whoever only looks at it, or awaits it, asks for nothing.
      if (typeof name === 'symbol' || name === 'then') return undefined
      const error = new WrongCheck(missing)
      inside.giveUp(error)
      throw error
    },
  })
}
