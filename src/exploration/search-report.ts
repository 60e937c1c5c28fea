import { counted, countText } from '../report/quantities.ts'
import type { ChunkResult } from './chunk.ts'
import type { CaseSize, Counterexample } from './shrink/shrink.ts'

/** What a search came to, in sentences: how much was tried, how often faults really struck. A search says nothing about how often. */
export function searchSummary(sum: ChunkResult): readonly string[] {
  const kinds = Object.entries(sum.struck)
  const struck = kinds.map(([kind, count]) => `${kind} ${countText(count)}`).join(', ')
  return [
    `${counted(sum.runs, 'run')}, ${counted(sum.behaviours.length, 'distinct behaviour')}, ${countText(sum.failing)} with a violation that nobody expects.`,
    kinds.length === 0
      ? 'No fault struck: these runs show only what happens when nothing breaks.'
      : `Faults that struck: ${struck}. ${countText(sum.missed)} never did.`,
  ]
}

/** A counterexample in a few lines: what it shows, how small it is, what does not matter. */
export function counterexampleLines(one: Counterexample): readonly string[] {
  const { before, after } = one
  const needed = after.faults > 0 && one.everyFaultIsNeeded ? ', each fault proved necessary' : ''
  return [
    one.title,
    `  ${size(after)}${needed} (from ${size(before)}, in ${counted(one.runs, 'run')})`,
    ...one.remarks.map((remark) => `  ${remark}`),
  ]
}

function size({ faults, messages }: CaseSize): string {
  return `${counted(faults, 'fault')}, ${counted(messages, 'message')}`
}
