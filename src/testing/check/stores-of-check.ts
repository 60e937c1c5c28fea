import { errorText } from '../bridge/error-text.ts'
import { storeKinds } from '../../application/stores/registry.ts'
import { suggestionFor } from '../../scenario/suggestion.ts'
import type { DeclaredCache, DeclaredDatabase, DeclaredStores, PreparedStores } from '../dependencies/dependencies.ts'
import { prepareStores } from '../dependencies/dependencies.ts'
import { storesOfApis } from '../dependencies/http/routes.ts'
import type { SimulatedApi } from '../dependencies/http/simulated-api.ts'
import type { RowEffects } from '../dependencies/pg/effect-rules.ts'
import { CheckError } from './check-error.ts'
import type { ReadCheck } from './read-check.ts'

/** The stores of a check: as a scenario file has them, and what is declared of them besides. */
export interface StoresOfCheck {
  readonly document: Readonly<Record<string, unknown>>
  /** Where the effects of `effect()` go; to the process itself where no store takes any. */
  readonly forEffects: string | undefined
  /** Whether a store is there for effects that nothing else says of it: one that takes any, and is no database with tables of its own. */
  readonly takesEffects: boolean
  readonly declared: DeclaredStores
}

/** What a check says of a database or a cache besides the options of the store. */
const declarations: ReadonlySet<string> = new Set(['schema', 'effects', 'pool', 'client'])

type Declaring = Pick<ReadCheck, 'stores' | 'apis' | 'effects'>

export function storesOfCheck({ stores, apis, effects }: Declaring): StoresOfCheck {
  const entries = Object.entries(stores)
  const ofKind = (kind: string): typeof entries => entries.filter(([, store]) => kindOf(store) === kind)
  const takers = storeKinds.filter(({ takesEffects }) => takesEffects !== false).map(({ name }) => name)
  const databases = ofKind('database').map(
    ([name, store], place) => [name, declaredDatabase(store, place === 0 ? effects : {})] as const,
  )
  const caches = ofKind('cache').map(([name, store]) => [name, declaredCache(store)] as const)
  const hosts = storesOfApis(apis).map((name) => [name, { 'http-api': {} }] as const)
  const written = entries.map(([name, store]) => [name, withoutDeclarations(store)] as const)
  return {
    document: Object.fromEntries([...hosts, ...written]),
    forEffects: entries.find(([, store]) => takers.includes(kindOf(store) ?? ''))?.[0],
    takesEffects: entries.some(([, store]) => takers.includes(kindOf(store) ?? '') && !hasSchema(store)),
    declared: {
      databases: Object.fromEntries(databases),
      caches: Object.fromEntries(caches),
      apis: Object.fromEntries(Object.entries(apis).map(([name, api]) => [name, withEffect(api, effects[name])])),
    },
  }
}

/** What is wrong with the stores of a check beside each other: effects of what there is not, and a host that is a store of another kind. */
function wrongStores({ stores, apis, effects }: Declaring): readonly string[] {
  const isDatabase = Object.values(stores).some((store) => kindOf(store) === 'database')
  const lost = Object.keys(effects).filter((name) => apis[name] === undefined && !isDatabase)
  const others = storesOfApis(apis).filter((name) => name in stores && kindOf(stores[name]) !== 'http-api')
  return [
    ...lost.map((name) => `\`effects\` speaks of ${name}, and there is no API of that name and no database`),
    ...others.map((name) => `the store ${name} is where its APIs are, so it must be of the kind http-api`),
  ]
}

/** What is written of a store: its kind with its options, and what is declared besides; or an object of options. */
function partsOf(store: unknown): object {
  return typeof store === 'object' && store !== null ? store : {}
}

function hasSchema(store: unknown): boolean {
  return 'schema' in partsOf(store)
}

function kindOf(store: unknown): string | undefined {
  if (typeof store === 'string') return store
  return Object.keys(partsOf(store)).find((name) => storeKinds.some((kind) => kind.name === name))
}

/** The kind of a store as a check writes it, and its options. */
export function kindAndOptions(store: unknown): readonly [kind: string | undefined, options: object] {
  const kind = kindOf(store)
  const parts: Readonly<Record<string, unknown>> = { ...partsOf(store) }
  return [kind, kind === undefined ? {} : partsOf(parts[kind])]
}

/** Reads what is declared; throws a {@link CheckError} for SQL that is wrong or not supported, and for stores that do not fit together. */
export async function preparedStores(check: ReadCheck): Promise<PreparedStores> {
  const wrong = wrongStores(check)
  if (wrong.length > 0) throw new CheckError(check.name, wrong)
  const prepared = await prepareStores(storesOfCheck(check).declared).catch((error: unknown) => {
    throw new CheckError(check.name, [`the schema is not usable: ${errorText(error)}`])
  })
  const unknown = unknownTables(check, prepared)
  if (unknown.length > 0) throw new CheckError(check.name, unknown)
  return prepared
}

/** Tables that `effects` speaks of and no schema has. Where there is no schema the code makes its tables itself. */
function unknownTables({ apis }: ReadCheck, { databases }: PreparedStores): readonly string[] {
  return [...databases].flatMap(([name, { schema, effects = {}, prepared }]) => {
    const tables = prepared.schema.tables.map((table) => table.name)
    const unknown = Object.keys(effects).filter((each) => apis[each] === undefined && !tables.includes(each))
    if (schema === undefined) return []
    return unknown.map((each) =>
      `\`effects\` speaks of ${each}, and the schema of ${name} has no such table. ${suggestionFor(each, tables) ?? ''}`.trim(),
    )
  })
}

function declaredDatabase(store: unknown, effects: NonNullable<DeclaredDatabase['effects']>): DeclaredDatabase {
  const own: DeclaredDatabase = partsOf(store)
  const { schema, pool } = own
  return {
    ...(schema === undefined ? {} : { schema }),
    ...(pool === undefined ? {} : { pool }),
    effects: { ...effects, ...own.effects },
  }
}

function declaredCache(store: unknown): DeclaredCache {
  const { client }: DeclaredCache = partsOf(store)
  return client === undefined ? {} : { client }
}

/** The API with what the check says of the operation of its calls, which counts more than what the API says itself. */
function withEffect(api: SimulatedApi, rule: RowEffects | undefined): SimulatedApi {
  if (typeof rule !== 'function') return api
  return {
    ...api,
    operation: (call, source) => {
      const operation = rule({ ...call }, source)
      if (operation === undefined || operation === null || operation === false) return undefined
      return operation === true ? source.operation : String(operation)
    },
  }
}

function withoutDeclarations(store: unknown): unknown {
  if (typeof store !== 'object' || store === null) return store
  return Object.fromEntries(Object.entries(store).filter(([name]) => !declarations.has(name)))
}
