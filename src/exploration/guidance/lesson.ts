import type { FactKind } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'
import { isAnchor, Ordinals, pointAt, type AnchorPoint } from '../anchors.ts'
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
  const canStrike = history.kinds.map(isStrikeable)
  const strikeable = facts.filter((place) => canStrike[history.kindNumberAt(place)] === true)
  const step = Math.max(1, strikeable.length / mostPoints)
  const chosen = new Set(
    Array.from({ length: Math.min(mostPoints, strikeable.length) }).flatMap(
      (_, place) => strikeable[Math.floor(place * step)] ?? [],
    ),
  )
  const kinds = new Set([...chosen].map((place) => history.kindNumberAt(place)))
  const ordinals = new Ordinals(history)
  const points: AnchorPoint[] = []
  for (let place = 0; points.length < chosen.size && place < history.length; place++) {
    if (!kinds.has(history.kindNumberAt(place))) continue
    const nth = ordinals.count(place)
    if (chosen.has(place)) points.push(pointAt(history, place, nth))
  }
  return points
}

/** What clients, stores and brokers did, and nodes: a fault may strike whoever has just come back. */
function isStrikeable(kind: FactKind): boolean {
  return isAnchor(kind) || kind.scope === 'node'
}
