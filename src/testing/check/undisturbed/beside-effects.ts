import type { RowEffects } from '../../dependencies/pg/effect-rules.ts'
import type { Place } from '../../dependencies/store-trace.ts'
import { placeOfTable } from '../../dependencies/store-trace.ts'
import type { ReadCheck } from '../read-check.ts'
import type { Difference, Fickle } from './compare-places.ts'
import { differences } from './compare-places.ts'

/** How the tables are not as without faults, beside the effects that are declared. */
export interface BesideEffects {
  /** A row of a table whose new rows are effects has other values, and nobody has said what it means that one changes. */
  readonly changed: Difference | undefined
  /** One for each table of which nothing is declared. */
  readonly undeclared: readonly Difference[]
}

export function besideEffects(
  without: readonly Place[],
  run: readonly Place[],
  fickle: Fickle,
  operations: ReadonlySet<string>,
  effects: ReadonlyMap<string, RowEffects>,
): BesideEffects {
  const rules = new Map([...effects].map(([table, rule]) => [placeOfTable(table), rule]))
  const found = differences(
    without.filter(({ kind }) => kind === 'rows'),
    run,
    fickle,
    operations,
  )
  const undeclared = found.filter(({ place }) => !rules.has(place))
  return {
    changed: found.find(({ place, isChange }) => isChange && saysOnlyOfNewRows(rules.get(place))),
    undeclared: undeclared.filter(({ place }, n) => undeclared.findIndex((each) => each.place === place) === n),
  }
}

/** What the check says of tables, in whichever of its databases they are. */
export function declaredEffects({ effects, stores }: ReadCheck): ReadonlyMap<string, RowEffects> {
  const ofStores = Object.values(stores).flatMap((store) => Object.entries(effectsOf(store)))
  return new Map([...Object.entries(effects), ...ofStores])
}

function effectsOf(store: unknown): Readonly<Record<string, RowEffects>> {
  const { effects = {} }: { readonly effects?: Readonly<Record<string, RowEffects>> } =
    typeof store === 'object' && store !== null ? store : {}
  return effects
}

function saysOnlyOfNewRows(rule: RowEffects | undefined): boolean {
  return rule !== undefined && (typeof rule === 'function' || rule.updated === undefined)
}
