import type {
  ContrastSide,
  ContrastView,
  ExperimentView,
  MeasuredRate,
  ShownCaseView,
  SweptOption,
} from '../../report/experiment-view.ts'
import { counted, durationText } from '../../report/quantities.ts'
import { commandText } from '../../report/replay-command.ts'
import type { Story } from '../../report/story/story.ts'
import { contrastText, type Contrast } from './contrasts.ts'
import type { Experiment } from './experiment.ts'
import type { CostName, Frontier } from './frontier.ts'
import type { KeptRun } from './shown-case.ts'
import type { DesignTally, ExperimentTally, Rate } from './tally.ts'
import { telling } from './telling.ts'
import { cautions, conclusions, counterpartRows, figureLines } from './verdicts.ts'

/** A measurement as reports get it. `again` is the command that makes it once more, `kept` are the runs that it names. */
export function experimentView(
  experiment: Experiment,
  result: ExperimentTally,
  again: string,
  kept: readonly KeptRun[],
): ExperimentView {
  const { designs, runs, frontiers } = result
  const { profile, duration, seed } = experiment
  const names = guaranteesOf(designs)
  const each = designs.length > 1 ? ' of each design' : ''
  return {
    title:
      designs.length > 1
        ? `${designs.length} designs under the same faults`
        : `How often ${designs[0]?.name ?? ''} breaks`,
    about: `${counted(runs, 'run')}${each}, faults from ${profile} for ${durationText(duration)}, seed ${seed}; bounds at 95 % confidence`,
    again,
    designs: designs.map(({ name }) => name),
    guarantees: names.map((name) => ({ name, rates: designs.map(({ rates }, place) => measured(rates[name], place)) })),
    figures: figureLines(designs),
    cases: kept.filter(({ breaks }) => breaks.length > 0).map(caseView),
    contrasts: result.contrasts.map((contrast) => contrastView(contrast, designs, kept)),
    conclusions: conclusions(result),
    frontiers: worthALook(frontiers).map(({ guarantee, cost, points }) => ({
      guarantee,
      cost: costWords[cost],
      points: points.map(({ name, ...point }) => ({ design: name, ...point })),
    })),
    swept: sweptOptions(designs, names),
    counterparts: designs.length > 1 ? counterpartRows(designs) : [],
    cautions: cautions(designs, runs),
  }
}

/** Of the guarantees that say the most, that in which designs differ the most first. Costs that hardly differ are no choice. */
function worthALook(frontiers: readonly Frontier[]): readonly Frontier[] {
  const guarantees = telling([...new Set(frontiers.map(({ guarantee }) => guarantee))])
  return frontiers
    .filter(({ guarantee, points }) => guarantees.includes(guarantee) && differs(points.map(({ cost }) => cost)))
    .toSorted(
      (one, other) => rangeOf(other.points.map(({ rate }) => rate)) - rangeOf(one.points.map(({ rate }) => rate)),
    )
}

function differs(values: readonly number[]): boolean {
  return rangeOf(values) > 0.05 * Math.max(...values)
}

function rangeOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}

const costWords: Readonly<Record<CostName, string>> = {
  roundTrips: 'round trips a message',
  packets: 'packets a message',
  fsyncs: 'fsyncs a message',
  copies: 'copies a message',
  storeWrites: 'store writes a message',
  stalledSeconds: 'seconds a message is stalled',
}

function guaranteesOf(designs: readonly DesignTally[]): readonly string[] {
  return [...new Set(designs.flatMap(({ rates }) => Object.keys(rates)))].sort()
}

function measured(rate: Rate | undefined, design: number): MeasuredRate | undefined {
  if (rate === undefined) return undefined
  const { plainest: run } = rate
  const shown = run === undefined ? undefined : { run, id: caseId({ design, run }) }
  return { ...rate, shown }
}

function caseId({ design, run }: Pick<KeptRun, 'design' | 'run'>): string {
  return `design-${design + 1}-run-${run}`
}

/** How something broke; that something else held is told beside the design that broke it. */
function caseView(kept: KeptRun): ShownCaseView {
  const { title, text, file, stories, diagram } = kept
  const broken = stories.map(({ story }) => story).filter((story) => story.of === 'broken')
  return { id: caseId(kept), title, command: commandText(['run', file]), text, stories: [...new Set(broken)], diagram }
}

function contrastView(contrast: Contrast, designs: readonly DesignTally[], kept: readonly KeptRun[]): ContrastView {
  const side = (design: number, of: Story['of']): readonly ContrastSide[] => {
    const shown = kept.find((one) => one.design === design && one.run === contrast.run)
    if (shown === undefined) return []
    const told = shown.stories.find(({ guarantee, story }) => guarantee === contrast.guarantee && story.of === of)
    const command = commandText(['run', shown.file])
    return [{ design: designs[design]?.name ?? '', broke: of === 'broken', story: told?.story, command }]
  }
  return {
    text: contrastText(contrast, designs),
    sides: [...side(contrast.broken, 'broken'), ...side(contrast.kept, 'held')],
  }
}

/** An option is told by itself where its value is all in which the designs differ. */
function sweptOptions(designs: readonly DesignTally[], names: readonly string[]): readonly SweptOption[] {
  const [option, ...others] = [...new Set(designs.flatMap(({ swept }) => swept.map(({ path }) => path)))]
  const values = designs.map(({ swept }) => swept[0]?.value ?? '')
  const isWhole = designs.every(({ swept }) => swept.length === 1) && new Set(values).size === designs.length
  if (option === undefined || others.length > 0 || !isWhole || designs.length < 2) return []
  const lines = names.map((guarantee) => ({
    guarantee,
    rates: designs.map(({ rates }, place) => measured(rates[guarantee], place)),
  }))
  return [{ path: option, values, lines }]
}
