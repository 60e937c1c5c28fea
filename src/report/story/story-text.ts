import { columns, hanging } from '../lines.ts'
import { plainStyle, printable, type Style } from '../paint.ts'
import { momentText } from '../quantities.ts'
import { remedyPages, remedyText } from './remedy.ts'
import type { Story } from './story.ts'

/** A story for a terminal: a line for each step behind its time, and last what would have prevented it. */
export function storyLines(story: Story, width: number, style: Style = plainStyle): readonly string[] {
  const times = columns(story.steps.map(({ fact }) => [momentText(fact.time), '']))
  const steps = story.steps.map(({ text }, place) =>
    hanging(`    ${printable(times[place]?.[0] ?? '')}  `, printable(text), width),
  )
  if (story.remedy === undefined) return steps
  const pages = remedyPages(story.remedy).map((page) => ` ${page}`)
  return [...steps, hanging('    → ', printable(`${remedyText(story.remedy)}${pages.join('')}`), width, style.strong)]
}

/** A story of something that held, in one line: what was in danger, and what saved it. */
export function savedLine(story: Story, width: number): string {
  const last = story.steps.at(-1)
  const when = last === undefined ? '' : ` (${momentText(last.fact.time)})`
  return hanging('  ', printable(`${story.heading} held: ${story.outcome.replace(/\.$/, '')}${when}.`), width)
}
