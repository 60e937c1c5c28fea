import { columns, hanging } from '../lines.ts'
import { plainStyle, printable, type Style } from '../paint.ts'
import { momentText, unbreakable } from '../quantities.ts'
import { remedyPages, remedyText } from './remedy.ts'
import { evidenceWords, type StoryRule } from './rule.ts'
import type { Story } from './story.ts'

/**
 * A story for a terminal: a line for each step behind its time, below it the rule that it rests on, each rule once, and last what would have
 * prevented it.
 */
export function storyLines(story: Story, width: number, style: Style = plainStyle): readonly string[] {
  const times = columns(story.steps.map(({ fact }) => [momentText(fact.time).replaceAll(unbreakable, ' '), '']))
  const said = new Set<string>()
  const steps = story.steps.flatMap(({ text, rule }, place) => {
    const time = printable(times[place]?.[0] ?? '')
    const step = hanging(`    ${time}  `, printable(text), width)
    if (rule === undefined || said.has(rule.statement)) return [step]
    said.add(rule.statement)
    return [step, hanging(`    ${' '.repeat(time.length)}  · `, printable(ruleText(rule)), width, style.faint)]
  })
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

/** A rule with how well it is evidenced: `A classic queue … (documented)`. */
function ruleText({ statement, evidence }: StoryRule): string {
  return `${statement.replace(/\.$/, '')} (${evidenceWords[evidence]})`
}
