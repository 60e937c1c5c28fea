import type { JudgedThreshold, Run } from '../run.ts'
import { figuresOf } from './figures.ts'
import { columns, hanging } from './lines.ts'
import { plainStyle, printable, type Style } from './paint.ts'
import { replayCommand, type RunSource } from './replay-command.ts'
import { scheduleLines } from './schedule-text.ts'
import { thresholdText } from './threshold-text.ts'
import {
  conclusionStanding,
  conclusionText,
  standingOf,
  thresholdStanding,
  verdictCounts,
  verdictText,
} from './verdict-words.ts'
import { savedStories } from './story/saved.ts'
import { savedLine, storyLines } from './story/story-text.ts'
import { storiesOf } from './story/story.ts'
import { trailsOf, violationsOf } from './violations.ts'

/** How a report is laid out for a terminal. */
export interface TextOptions {
  readonly source: RunSource
  readonly style?: Style
  /** Columns of the terminal; 80 when nobody knows. */
  readonly width?: number
  /** The scenario before faults were drawn from its profile: those that it does not have are printed as a schedule. */
  readonly drawnFor?: Run['scenario']
  /** Other variants of the scenario, in which what would have prevented a violation may be found. */
  readonly variants?: readonly Run['scenario'][]
}

/** So many violations are told step by step; of the others there is the cause. */
const storyLimit = 3

/** The report of a run for a terminal: verdicts, why, the figures that matter, what to be careful about, and how to see it again. */
export function textReport(
  run: Run,
  { source, style = plainStyle, width = 80, drawnFor, variants = [] }: TextOptions,
): string {
  const sections = [
    [...run.thresholds.map((threshold) => thresholdLine(threshold, style, width)), ...verdictLines(run, style, width)],
    ...violationSections(run, variants, style, width),
    savedStories(run).map((story) => savedLine(story, width)),
    figureLines(run, style, width),
    drawnLines(run, drawnFor),
    notesOf(run).map((note) => hanging('  note: ', printable(note), width)),
    [`  again: ${style.strong(printable(replayCommand(run, source)))}`],
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** The whole run in one line: how it came out, which run it was, and what was judged. */
export function quietReport(run: Run, style: Style = plainStyle): string {
  const { name, variant, seed } = run.scenario
  const paint = style[conclusionStanding(run)]
  const which = printable(`${name}${variant === '' ? '' : ` [${variant}]`} (seed ${seed})`)
  return `${paint(conclusionText(run))}: ${which}: ${verdictCounts(run)}\n`
}

/** What the run says of itself that a reader must know before trusting it. */
export function notesOf(run: Run): readonly string[] {
  const waiting = run.waitingFor === '' ? '' : `, waiting for ${run.waitingFor}`
  switch (run.ending) {
    case 'settled':
      return run.notes
    case 'stuck':
      return [...run.notes, `the run got stuck${waiting}`]
    case 'bound':
      return [...run.notes, `the run reached its bound before everything had settled${waiting}`]
  }
}

/** What broke and why, and below it what happened, step by step. */
function violationSections(
  run: Run,
  variants: readonly Run['scenario'][],
  style: Style,
  width: number,
): readonly (readonly string[])[] {
  const trails = trailsOf(run)
  const violations = violationsOf(run, trails)
  const stories = storiesOf(run, violations, trails, variants).slice(0, storyLimit)
  return violations.map(({ heading, sentence }) => {
    const story = stories.find((one) => one.heading === heading)
    const head = hanging('  ', printable(`${heading}: ${sentence}`), width)
    return story === undefined ? [head] : [head, ...storyLines(story, width, style)]
  })
}

function drawnLines(run: Run, drawnFor: Run['scenario'] | undefined): readonly string[] {
  if (drawnFor?.nemesis === undefined) return []
  const drawn = run.faults.slice(drawnFor.faults.length)
  return scheduleLines(drawnFor.nemesis, drawn).map((line) => `  ${printable(line)}`)
}

function thresholdLine(threshold: JudgedThreshold, style: Style, width: number): string {
  return hanging('  ', printable(thresholdText(threshold)), width, style[thresholdStanding(threshold)])
}

function figureLines(run: Run, style: Style, width: number): readonly string[] {
  const cells = columns(figuresOf(run).map((figures) => figures.map(printable)))
  return cells.map(([service = '', figures = '']) => hanging(`  ${service}  `, figures, width, style.faint))
}

/** A line for each guarantee; a verdict that is too long for its column goes on below it. */
function verdictLines(run: Run, style: Style, width: number): readonly string[] {
  const cells = columns(
    run.rows.map((row) => [row.service, row.guarantee, row.level, verdictText(row, run)].map(printable)),
  )
  return run.rows.map((row, place) => {
    const [service = '', guarantee = '', level = '', verdict = ''] = cells[place] ?? []
    return hanging(`  ${service}  ${guarantee}  ${level}  `, verdict, width, style[standingOf(row)])
  })
}
