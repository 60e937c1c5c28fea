import type { JudgedRow } from '../../run.ts'
import { pairText, wholeRun } from '../../checks/plan.ts'
import { isAsked } from './levels.ts'
import type { ReadCheck } from './read-check.ts'
import { sender } from './scenario-of-check.ts'
import { readerOf } from './sends-of-check.ts'
import { storesOfCheck } from './stores-of-check.ts'

/** Guarantees that are asked, by the service or the pair of services of which they are. */
export type JudgedServices = ReadonlyMap<string, readonly string[]>

/**
 * Of whom a check asks what: of its code, and over the way from whoever sends the messages to whoever reads an output. Code that only sends has no
 * effects of its own, and is asked only what names a level.
 */
export function judgedServices(check: ReadCheck, service: string): JudgedServices {
  const { sends, effects, apis, guarantees } = check
  const hasEffects =
    sends.length === 0 || storesOfCheck(check).takesEffects || Object.keys({ ...effects, ...apis }).length > 0
  const own = hasEffects ? guarantees : guarantees.filter((guarantee) => guarantee.includes('/'))
  return new Map([
    [service, own],
    [wholeRun, guarantees],
    ...sends.map((output) => [pairText(sender, readerOf(output)), output.guarantees] as const),
  ])
}

/** What a run says of the guarantees that are asked. */
export function judgedRows(rows: readonly JudgedRow[], judged: JudgedServices): readonly JudgedRow[] {
  return rows.filter((row) => judged.get(row.service)?.some((asked) => isAsked(row, asked)))
}
