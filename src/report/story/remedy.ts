import type { JudgedRow, Run } from '../../run.ts'
import { type Change, changesBetween } from './changes.ts'

type Scenario = Run['scenario']

/**
 * What would have prevented it: a variant of the scenario in which the guarantee is to hold under the same faults; else what is documented; else
 * what keeps such a guarantee anywhere.
 */
export type Remedy =
  | { readonly kind: 'variant'; readonly variant: string; readonly title: string; readonly changes: readonly Change[] }
  | { readonly kind: 'promise' | 'advice'; readonly statement: string; readonly page: string }

/** The smallest change of the scenario that mends all of these broken guarantees, or most of them. */
export function remedyFor(run: Run, rows: readonly JudgedRow[], variants: readonly Scenario[]): Remedy | undefined {
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
  if (best === undefined) return promiseFor(run, rows) ?? adviceFor(rows)
  return { kind: 'variant', variant: best.variant.variant, title: best.variant.title, changes: best.changes }
}

/** The remedy as a sentence: `With services.shop.producer.acks: all (here 1) it holds: --variant acks-all`. */
export function remedyText(remedy: Remedy): string {
  if (remedy.kind !== 'variant') {
    const statement = remedy.statement.replace(/\.$/, '')
    return remedy.kind === 'promise'
      ? `No promise was broken: ${statement}`
      : `No variant here prevents it. ${statement}: ${remedy.page}`
  }
  const changes = remedy.changes.slice(0, changeLimit).map(({ path, from, to }) => `${path}: ${to} (here ${from})`)
  const left = remedy.changes.length - changeLimit
  const more = left > 0 ? ` and ${left} more` : ''
  return `With ${changes.join(', ')}${more} it holds: --variant ${remedy.variant}`
}

/** Where the remedy is documented. */
export function remedyPages(remedy: Remedy): readonly string[] {
  const pages =
    remedy.kind !== 'variant' ? [remedy.page] : remedy.changes.slice(0, changeLimit).map(({ page }) => page ?? '')
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

/** What keeps a guarantee, whatever the products. */
function adviceFor(rows: readonly JudgedRow[]): Remedy | undefined {
  const statement = rows.flatMap(({ guarantee }) => advice.get(guarantee) ?? []).at(0)
  return statement === undefined ? undefined : { kind: 'advice', statement, page: 'docs/idempotency.md' }
}

const inOrder =
  'One consumer with one message at a time keeps the order, or a store that compares versions leaves out what comes late'

const advice: ReadonlyMap<string, string> = new Map([
  ['no-loss', 'What is stored on several disks, and acknowledged when its effect is there, is not lost'],
  ['no-duplicates', 'A store that knows what it has already, or an inbox beside the effect, has it once'],
  ['exactly-once', 'A store that knows what it has already, or an inbox beside the effect, has it once'],
  ['ordered-per-key', inOrder],
  ['ordered-per-partition', inOrder],
  ['ordered-per-producer', inOrder],
  ['total-order', inOrder],
  ['no-stale-writes', inOrder],
  ['all-settled', 'A time-out, or a cap on the attempts, gets out of the way what nobody finishes'],
])

/** What the documentation says of a configuration that promises nothing better. */
function promiseFor({ systems }: Run, rows: readonly JudgedRow[]): Remedy | undefined {
  // Of a chain nobody can tell which of its parts did not keep what.
  const services = new Set(rows.map(({ service }) => service))
  const isChain = rows.some(({ service }) => service.includes('→'))
  const guarantees = new Set(rows.map(({ guarantee }) => guarantee))
  const claims = systems
    .flatMap((system) => system.claims)
    .filter(({ holds, guarantee }) => !holds && guarantees.has(guarantee))
  const claim = claims.find(({ service }) => services.has(service)) ?? (isChain ? undefined : claims[0])
  return claim && { kind: 'promise', statement: claim.statement, page: claim.page }
}
