import type { RowEffects } from '../../dependencies/pg/effect-rules.ts'
import { placeOfTable } from '../../dependencies/store-trace.ts'
import type { ReadCheck } from '../read-check.ts'
import { storesOfCheck } from '../stores-of-check.ts'
import type { Difference } from './compare-places.ts'

/** How the tables are not as without faults, beside the effects that are declared. */
export interface BesideEffects {
  /** A row of a table whose new rows are effects has other values, and nobody has said what it means that one changes. */
  readonly changed: Difference | undefined
  /** One for each table of which nothing is declared. */
  readonly undeclared: readonly Difference[]
}

/** `found` is how the stores are not as without faults, `effects` what is declared, by table. */
export function besideEffects(found: readonly Difference[], effects: ReadonlyMap<string, RowEffects>): BesideEffects {
  const rules = new Map([...effects].map(([table, rule]) => [placeOfTable(table), rule]))
  const ofTables = found.filter(({ of }) => of === 'rows')
  const undeclared = ofTables.filter(({ place }) => !rules.has(place))
  return {
    changed: ofTables.find(({ place, isChange }) => isChange && saysOnlyOfNewRows(rules.get(place))),
    undeclared: undeclared.filter(({ place }, n) => undeclared.findIndex((each) => each.place === place) === n),
  }
}

/** What the check says of tables, in whichever of its databases they are. */
export function declaredEffects(check: ReadCheck): ReadonlyMap<string, RowEffects> {
  const { databases = {} } = storesOfCheck(check).declared
  const ofDatabases = Object.values(databases).flatMap(({ effects = {} }) => Object.entries(effects))
  return new Map([...Object.entries(check.effects), ...ofDatabases])
}

function saysOnlyOfNewRows(rule: RowEffects | undefined): boolean {
  return rule !== undefined && (typeof rule === 'function' || rule.updated === undefined)
}
