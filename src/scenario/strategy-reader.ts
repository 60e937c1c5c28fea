import type { HandlingSpec, StrategyUse } from '../application/service.ts'
import type { StoreRole } from '../application/strategies/strategy.ts'
import type { StoreChoice, StrategyChoice } from './catalogue.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent } from './reading.ts'
import type { StoreUse } from './scenario.ts'
import { readSettings, settingsOf } from './settings.ts'
import { readKind } from './system-reader.ts'

/** The stores of a document by name; nothing for those that are wrong. */
export type KnownStores = ReadonlyMap<string, StoreUse | undefined>

/** What a strategy wants of the store that plays a role. */
const purposes: Readonly<Record<StoreRole, string>> = {
  store: 'for its effects',
  dedup: 'to remember what was done',
  lock: 'for its leases',
}

/** The strategy of a handling with all the stores that it needs: those that are named, else the only one that fits. */
export function readStrategy(
  reading: Reading,
  stores: KnownStores,
  handling: Spot,
): Pick<HandlingSpec, 'strategy' | 'store'> | undefined {
  const spot = below(handling, 'strategy')
  const named = below(handling, 'store')
  const store = storeNameAt(reading, stores, named)
  if (isAbsent(spot)) return { strategy: plainStrategy, store: effectStore(reading, stores, named, store) }
  const known = reading.catalogue.strategies.map(({ name }) => name)
  const chosen = readKind(reading, spot, { what: 'strategy', known, planned: [] })
  const strategy = reading.catalogue.strategies.find(({ name }) => name === chosen?.name)
  if (chosen === undefined || strategy === undefined) return undefined
  const settings = readSettings(reading, strategy.options, chosen.spot)
  if (settings === undefined) return undefined
  const casting = new Casting(reading, stores, strategy, chosen.spot)
  const wanted = strategy.stores.store !== undefined
  const forEffects = wanted ? casting.fill('store', named, store) : effectStore(reading, stores, named, store)
  const others = (['dedup', 'lock'] as const).flatMap((role) => {
    if (strategy.stores[role] === undefined) return []
    const written = below(chosen.spot, role)
    const name = casting.fill(role, written, storeNameAt(reading, stores, written), forEffects)
    return name === undefined ? [] : [[role, name] as const]
  })
  return { strategy: { name: strategy.name, settings, stores: Object.fromEntries(others) }, store: forEffects }
}

/** The strategy of a service that says nothing of one. */
export const plainStrategy: StrategyUse = { name: 'none', settings: settingsOf({}, {}), stores: {} }

function storeNameAt(reading: Reading, stores: KnownStores, { node, path }: Spot): string | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined
  const name = String(node.value)
  return reading.knows({ node, path }, 'store', name, [...stores.keys()]) ? name : undefined
}

/** The store that a strategy without special wishes writes its effects to. */
function effectStore(reading: Reading, stores: KnownStores, spot: Spot, name: string | undefined): string | undefined {
  const use = name === undefined ? undefined : stores.get(name)
  const kind = reading.catalogue.stores.find((choice) => choice.name === use?.kind)
  if (kind?.takesEffects === false)
    reading.refuse(
      spot,
      `expected a store that takes effects, found ${String(name)}, which is ${withArticle(kind.name)}`,
      asAlternatives(reading.catalogue.stores.filter(({ takesEffects }) => takesEffects !== false)),
    )
  return name
}

function asAlternatives(kinds: readonly StoreChoice[]): string {
  return `Effects go to ${kinds.map(({ name }) => withArticle(name)).join(' or ')}.`
}

/** Gives the roles of one strategy to the stores of the document. */
class Casting {
  readonly #reading: Reading
  readonly #stores: KnownStores
  readonly #strategy: StrategyChoice
  readonly #spot: Spot

  constructor(reading: Reading, stores: KnownStores, strategy: StrategyChoice, spot: Spot) {
    this.#reading = reading
    this.#stores = stores
    this.#strategy = strategy
    this.#spot = spot
  }

  /** The store for a role: the one that is `written`, or the only one of a fitting kind besides the one that is `taken`. */
  fill(role: StoreRole, spot: Spot, written: string | undefined, taken?: string): string | undefined {
    const kinds = this.#strategy.stores[role] ?? []
    // A name that is not there has been refused already.
    if (!isAbsent(spot)) return this.#fits(spot, written, kinds) ? written : undefined
    const fitting = [...this.#stores].filter(([, use]) => use !== undefined && kinds.includes(use.kind))
    const free = fitting.length > 1 ? fitting.filter(([name]) => name !== taken) : fitting
    const [only] = free
    if (only !== undefined && free.length === 1) return only[0]
    this.#refuse(
      role,
      kinds,
      free.map(([name]) => name),
    )
    return undefined
  }

  #fits(spot: Spot, name: string | undefined, kinds: readonly string[]): boolean {
    const use = name === undefined ? undefined : this.#stores.get(name)
    if (use === undefined || kinds.includes(use.kind)) return true
    const wants = `the strategy ${this.#strategy.name} wants ${oneOf(kinds)} here`
    this.#reading.refuse(spot, `${wants}, and ${String(name)} is ${withArticle(use.kind)}`)
    return false
  }

  #refuse(role: StoreRole, kinds: readonly string[], found: readonly string[]): void {
    // Where a store could not be read, it may have been meant.
    if ([...this.#stores.values()].includes(undefined)) return
    const wants = `the strategy ${this.#strategy.name} needs ${oneOf(kinds)} ${purposes[role]}`
    const [first = ''] = kinds
    if (found.length === 0)
      this.#reading.refuse(
        this.#spot,
        `${wants}, and there is none`,
        `Say stores: { ${role === 'store' ? 'records' : role}: ${first} }.`,
      )
    else
      this.#reading.refuse(
        this.#spot,
        `${wants}, and there are ${found.join(' and ')}`,
        `Say which: ${role}: ${String(found[0])}.`,
      )
  }
}

function oneOf(kinds: readonly string[]): string {
  return kinds.map(withArticle).join(' or ')
}

function withArticle(kind: string): string {
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`
}
