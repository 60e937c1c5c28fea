import type { JudgedRow, Run } from '../../run.ts'
import { type Change, changesBetween } from './changes.ts'

type Scenario = Run['scenario']

/** What would have prevented it: a variant of the scenario in which the guarantee is to hold under the same faults; else what is documented. */
export type Remedy =
  | { readonly kind: 'variant'; readonly variant: string; readonly title: string; readonly changes: readonly Change[] }
  | { readonly kind: 'promise'; readonly statement: string; readonly page: string }

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
  if (best === undefined) return promiseFor(run, rows)
  return { kind: 'variant', variant: best.variant.variant, title: best.variant.title, changes: best.changes }
}

/** The remedy as a sentence: `With services.shop.producer.acks: all (here 1) it holds: --variant acks-all`. */
export function remedyText(remedy: Remedy): string {
  if (remedy.kind === 'promise') return `No promise was broken: ${remedy.statement.replace(/\.$/, '')}`
  const changes = remedy.changes.slice(0, changeLimit).map(({ path, from, to }) => `${path}: ${to} (here ${from})`)
  const left = remedy.changes.length - changeLimit
  const more = left > 0 ? ` and ${left} more` : ''
  return `With ${changes.join(', ')}${more} it holds: --variant ${remedy.variant}`
}

/** Where the remedy is documented. */
export function remedyPages(remedy: Remedy): readonly string[] {
  const pages =
    remedy.kind === 'promise' ? [remedy.page] : remedy.changes.slice(0, changeLimit).map(({ page }) => page ?? '')
  return [...new Set(pages)].filter((page) => /^https?:\/\//.test(page))
}

const changeLimit = 3

/** A variant without the faults, or with others, shows nothing. */
function hasTheSameFaults(scenario: Scenario, variant: Scenario): boolean {
  return JSON.stringify(scenario.faults) === JSON.stringify(variant.faults)
}

function mends({ expectations }: Scenario, { service, guarantee, level }: JudgedRow): boolean {
  return expectations.some(
    (expected) =>
      expected.service === service &&
      expected.guarantee === guarantee &&
      (expected.level === undefined || expected.level === level) &&
      expected.verdict === 'holds',
  )
}

/** What the documentation says of a configuration that promises nothing better. */
function promiseFor({ systems }: Run, rows: readonly JudgedRow[]): Remedy | undefined {
  const services = new Set(rows.flatMap(({ service }) => service.split('→')))
  const guarantees = new Set(rows.map(({ guarantee }) => guarantee))
  const claims = systems
    .flatMap((system) => system.claims)
    .filter(({ holds, guarantee }) => !holds && guarantees.has(guarantee))
  const claim = claims.find(({ service }) => services.has(service)) ?? claims[0]
  return claim && { kind: 'promise', statement: claim.statement, page: claim.page }
}
