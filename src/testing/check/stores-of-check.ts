import { storeKinds } from '../../application/stores/registry.ts'
import type { DeclaredDatabase, DeclaredStores, PreparedStores } from '../dependencies/dependencies.ts'
import { prepareStores } from '../dependencies/dependencies.ts'
import { CheckError } from './check-error.ts'
import type { ReadCheck } from './read-check.ts'

/** The stores of a check: as a scenario file has them, and what is declared of them besides. */
export interface StoresOfCheck {
  readonly document: Readonly<Record<string, unknown>>
  /** Where the effects of `effect()` go; to the process itself where no store takes any. */
  readonly forEffects: string | undefined
  readonly declared: DeclaredStores
}

/** What a check says of a database besides the options of the store. */
const declarations: ReadonlySet<string> = new Set(['schema', 'effects', 'pool'])

export function storesOfCheck({ stores, effects }: Pick<ReadCheck, 'stores' | 'effects'>): StoresOfCheck {
  const entries = Object.entries(stores)
  const named = (kind: string): readonly string[] =>
    entries.filter(([, store]) => kindOf(store) === kind).map(([name]) => name)
  const takers = storeKinds.filter(({ takesEffects }) => takesEffects !== false).map(({ name }) => name)
  const [firstDatabase] = named('database')
  const databases = entries
    .filter(([name]) => named('database').includes(name))
    .map(([name, store]) => [name, declaredDatabase(store, name === firstDatabase ? effects : {})] as const)
  return {
    document: Object.fromEntries(entries.map(([name, store]) => [name, withoutDeclarations(store)])),
    forEffects: entries.find(([, store]) => takers.includes(kindOf(store) ?? ''))?.[0],
    declared: { databases: Object.fromEntries(databases) },
  }
}

function kindOf(store: unknown): string | undefined {
  if (typeof store === 'string') return store
  const names = typeof store === 'object' && store !== null ? Object.keys(store) : []
  return names.find((name) => storeKinds.some((kind) => kind.name === name))
}

/** Reads what is declared; throws a {@link CheckError} for SQL that is wrong or not supported. */
export async function preparedStores(check: ReadCheck): Promise<PreparedStores> {
  try {
    return await prepareStores(storesOfCheck(check).declared)
  } catch (error) {
    throw new CheckError(check.name, [
      `the schema is not usable: ${error instanceof Error ? error.message : String(error)}`,
    ])
  }
}

function declaredDatabase(store: unknown, effects: NonNullable<DeclaredDatabase['effects']>): DeclaredDatabase {
  const own: DeclaredDatabase = typeof store === 'object' && store !== null ? store : {}
  const { schema, pool } = own
  return {
    ...(schema === undefined ? {} : { schema }),
    ...(pool === undefined ? {} : { pool }),
    effects: { ...effects, ...own.effects },
  }
}

function withoutDeclarations(store: unknown): unknown {
  if (typeof store !== 'object' || store === null) return store
  return Object.fromEntries(Object.entries(store).filter(([name]) => !declarations.has(name)))
}
