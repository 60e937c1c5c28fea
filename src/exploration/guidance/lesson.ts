import type { History } from '../../history/history.ts'
import { Ordinals, type AnchorPoint } from '../anchors.ts'
import type { Coverage } from '../coverage.ts'
import type { Outcome } from '../needs-runs.ts'
import type { Recipe } from '../recipe.ts'
import { isCommon, type Guide } from './guide.ts'

/** What is to be learned from one run. */
export interface Lesson {
  readonly index: number
  readonly recipe: Recipe
  /** Features that were not common when the run was drawn. */
  readonly rare: readonly number[]
  /** Facts at which it had them first. */
  readonly points: readonly AnchorPoint[]
  /** A run that broke something is no example to others: what it shows is found. */
  readonly broke: boolean
}

/** How many facts of a run are kept for faults to strike at. */
const mostPoints = 20

/** A run as others may learn from it. */
export function lessonOf(
  made: Pick<Lesson, 'index' | 'recipe' | 'broke'> & { readonly outcome: Outcome; readonly coverage: Coverage },
  { common }: Guide,
): Lesson {
  const { index, recipe, broke, outcome, coverage } = made
  const rare = [...coverage.features].filter(([feature]) => !isCommon(common, feature))
  const facts = [...new Set(rare.map(([, fact]) => fact))].sort((one, other) => one - other)
  const isExample = !broke && typeof outcome !== 'string' && rare.length > 0
  const points = isExample ? pointsAt(outcome.history, facts) : []
  return { index, recipe, rare: rare.map(([feature]) => feature), points, broke }
}

/** Anchors for these facts, evenly where there are too many. `facts` ascend. */
function pointsAt(history: History, facts: readonly number[]): readonly AnchorPoint[] {
  const strikeable = facts.filter((place) => isStrikeable(history, history.at(place).kind))
  const step = Math.max(1, strikeable.length / mostPoints)
  const chosen = new Set(
    Array.from({ length: Math.min(mostPoints, strikeable.length) }, (_, place) => strikeable[Math.floor(place * step)]),
  )
  const kinds = new Set([...chosen].flatMap((place) => (place === undefined ? [] : history.at(place).kind)))
  const ordinals = new Ordinals(history)
  const points: AnchorPoint[] = []
  for (let place = 0; points.length < chosen.size && place < history.length; place++) {
    const fact = history.at(place)
    if (!kinds.has(fact.kind)) continue
    const anchor = ordinals.anchorOf(fact)
    if (chosen.has(place)) points.push({ anchor, node: history.names.text(fact.node), time: fact.time })
  }
  return points
}

/** What clients, stores and brokers did, and nodes: a fault may strike whoever has just come back. */
function isStrikeable(history: History, kind: string): boolean {
  const scope = history.kindOf(kind)?.scope
  return kind !== 'copy-remained' && (scope === 'client' || scope === 'store' || scope === 'broker' || scope === 'node')
}
