import type { AnyFact } from '../../history/fact.ts'
import type { JudgedRow, Run } from '../../run.ts'
import { type Advice, adviceFor } from './advice.ts'
import { type Change, changesBetween } from './changes.ts'

type Scenario = Run['scenario']

/** What would have prevented it: a variant of the scenario in which the guarantee is to hold under the same faults; else what is to be done. */
export type Remedy =
  | { readonly kind: 'variant'; readonly variant: string; readonly title: string; readonly changes: readonly Change[] }
  | ({ readonly kind: 'advice' } & Advice)

/**
 * The smallest change of the scenario that mends all of these broken guarantees, or most of them; where there is none, what to do by `trail`, the
 * facts about what broke them.
 */
export function remedyFor(
  run: Run,
  rows: readonly JudgedRow[],
  variants: readonly Scenario[],
  trail: readonly AnyFact[],
): Remedy | undefined {
  const mending = variants
    .filter((variant) => variant.variant !== run.scenario.variant && hasTheSameFaults(run.scenario, variant))
    .map((variant) => ({
      variant,
      mended: rows.filter((row) => mends(variant, row)).length,
      changes: changesBetween(run, variant),
    }))
    .filter(({ mended, changes }) => mended > 0 && changes.length > 0)
    .sort((one, other) => other.mended - one.mended || one.changes.length - other.changes.length)
  const [best] = mending
  if (best === undefined) {
    const advice = adviceFor(run, rows, trail)
    return advice && { kind: 'advice', ...advice }
  }
  return { kind: 'variant', variant: best.variant.variant, title: best.variant.title, changes: best.changes }
}

/** The remedy as a sentence: `With services.shop.producer.acks: all (here 1) it holds: --variant acks-all`. */
export function remedyText(remedy: Remedy): string {
  if (remedy.kind === 'advice') return `${remedy.statement}: ${remedy.document}`
  const changes = remedy.changes.map(({ path, from, to }) => `${path}: ${to} (here ${from})`)
  const [first = ''] = changes
  const all =
    changes.length > changeLimit ? `${changes.length} changes, of which the first is ${first},` : changes.join(', ')
  return `With ${all} it holds: --variant ${remedy.variant}`
}

/** Where the remedy is documented. */
export function remedyPages(remedy: Remedy): readonly string[] {
  const pages =
    remedy.kind === 'advice' ? [remedy.page] : remedy.changes.slice(0, changeLimit).map(({ page }) => page ?? '')
  return [...new Set(pages)].filter((page) => /^https?:\/\//.test(page))
}

const changeLimit = 3

/** A variant without the faults, or with others, shows nothing. What a fault waits for may be another fact where the order of steps is another. */
function hasTheSameFaults(scenario: Scenario, variant: Scenario): boolean {
  const struck = ({ faults }: Scenario): string =>
    JSON.stringify(faults.map(({ action, targets }) => [action, targets]))
  return struck(scenario) === struck(variant)
}

/** That it holds is said, or follows: what is there exactly once is neither lost nor doubled, and what has its effect was delivered. */
function mends({ expectations }: Scenario, { service, guarantee, level }: JudgedRow): boolean {
  const implying = impliedBy.get(guarantee) ?? []
  return expectations.some(
    (expected) =>
      expected.service === service &&
      expected.verdict === 'holds' &&
      (expected.guarantee === guarantee || implying.includes(expected.guarantee)) &&
      (expected.level === undefined ||
        expected.level === level ||
        (guarantee === 'no-loss' && expected.level === 'effect')),
  )
}

const impliedBy: ReadonlyMap<string, readonly string[]> = new Map([
  ['no-loss', ['exactly-once']],
  ['no-duplicates', ['exactly-once']],
])
