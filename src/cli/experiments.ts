import path from 'node:path'
import Table from 'cli-table3'
import type { Crew } from '../exploration/crew.ts'
import type { Experiment, Observation } from '../exploration/statistics/experiment.ts'
import { contrastText } from '../exploration/statistics/contrasts.ts'
import type { KeptRun } from '../exploration/statistics/shown-case.ts'
import { shownRuns } from '../exploration/statistics/shown-runs.ts'
import { tally, type ExperimentTally } from '../exploration/statistics/tally.ts'
import {
  briefCautions,
  cautions,
  conclusions,
  counterpartLines,
  figureLines,
  shownRateText,
} from '../exploration/statistics/verdicts.ts'
import { nemesisNames } from '../pipeline/draw-nemesis.ts'
import { hanging } from '../report/lines.ts'
import { counted, durationText } from '../report/quantities.ts'
import { commandText } from '../report/replay-command.ts'
import type { OptionsByName } from './command.ts'
import { isTerminal, print, widthOf } from './output.ts'
import { type OutputArguments, outputOptions, resultFor } from './output-options.ts'
import { PlainProgress } from './plain-progress.ts'
import { workerOptions } from './search-options.ts'
import { terminalBar } from './terminal-bar.ts'

/** Options of commands that measure rates. */
export const experimentOptions = {
  ...workerOptions,
  faults: {
    choices: nemesisNames,
    requiresArg: true,
    demandOption: true,
    describe: 'The profile that faults are drawn from',
  },
  runs: { type: 'string', requiresArg: true, describe: 'Runs of each design, fixed beforehand. Default: 200' },
  for: { type: 'string', requiresArg: true, describe: 'How long faults go on. Default: as long as there is work' },
  seed: { type: 'string', requiresArg: true, describe: 'What all draws come from. Default: experiment' },
  ...outputOptions,
} as const satisfies OptionsByName

/** Makes all the runs; there is no result before the last one, since a rate that stops when it pleases is none. */
export async function measure(
  experiment: Experiment,
  crew: Crew,
  { quiet }: { readonly quiet: boolean },
): Promise<ExperimentTally> {
  const observations: (readonly Observation[])[] = []
  const isBar = isTerminal(process.stderr) && !quiet
  const bar = isBar ? terminalBar('measuring {bar} {value}/{total} runs') : undefined
  bar?.start(experiment.runs, 0)
  const plain = new PlainProgress()
  let made = 0
  const open = Array.from({ length: experiment.runs }, (_, index) => index)
  const work = async (): Promise<void> => {
    for (let index = open.shift(); index !== undefined; index = open.shift()) {
      observations[index] = await crew.observe(experiment, index)
      bar?.increment()
      made++
      if (bar === undefined && !quiet) plain.look(() => `measuring: ${made} of ${experiment.runs} runs of each design`)
    }
  }
  await Promise.all(Array.from({ length: crew.width }, work))
  bar?.stop()
  return tally(experiment, observations)
}

/** What was measured, and the runs of it that were kept. */
export interface Measured {
  readonly experiment: Experiment
  readonly result: ExperimentTally
  readonly kept: readonly KeptRun[]
}

/** Prints the result as it was asked for. */
export function printExperiment(measured: Measured, asked: OutputArguments): void {
  print(
    resultFor(asked, {
      json: () => experimentJson(measured),
      quiet: () => quietExperiment(measured.result),
      text: () => experimentText(measured, widthOf(process.stdout)),
    }),
  )
}

/** A line for each design: what broke in it, the most frequent first. */
function quietExperiment({ designs, runs }: ExperimentTally): string {
  return designs
    .map(({ name, rates }) => {
      const broke = Object.entries(rates)
        .filter(([, { count }]) => count > 0)
        .sort(([, one], [, other]) => other.count / other.of - one.count / one.of)
        .map(
          ([guarantee, { count, of, plainest }]) => `${guarantee} broke in ${count} of ${of} (run ${plainest ?? ''})`,
        )
      return `${name}: ${broke.length === 0 ? `nothing broke in ${runs} runs` : broke.join(', ')}`
    })
    .join('\n')
}

/** The result for a terminal of this width: the figures, what may be concluded, runs that show it, and what to know before believing it. */
function experimentText({ experiment, result, kept }: Measured, width: number): string {
  const { designs, runs } = result
  const guarantees = [...new Set(designs.flatMap(({ rates }) => Object.keys(rates)))].sort()
  const rates = guarantees.map((guarantee) => ({
    title: guarantee,
    cells: designs.map((design) => {
      const rate = design.rates[guarantee]
      return rate === undefined ? 'not judged' : shownRateText(rate)
    }),
  }))
  const { profile, duration, seed } = experiment
  const names = designs.map(({ name }) => name)
  const sentences = [
    ...conclusions(result),
    ...result.contrasts.map((contrast) => contrastText(contrast, designs)),
    ...keptLines(result, kept),
    '',
    ...(designs.length > fewDesigns ? manyDesignsLines(designs, runs) : fewDesignsLines(designs, runs)),
  ]
  const how = `${counted(runs, 'run')}${designs.length > 1 ? ' of each design' : ''}, faults from ${profile} for ${durationText(duration)}, seed ${seed}; bounds at 95 % confidence${result.anythingBroke ? '; with the plainest run in which it broke' : ''}`
  return [
    hanging('', how, width),
    figuresText(names, [...rates, ...figureLines(designs)], width),
    ...sentences.map((sentence) => (sentence.includes('npx onceproof') ? sentence : hanging('', sentence, width))),
  ].join('\n')
}

/** So many designs have all that there is to know of them in the terminal. */
const fewDesigns = 2

function fewDesignsLines(designs: ExperimentTally['designs'], runs: number): readonly string[] {
  const struck = `Who is struck by the same faults: ${counterpartLines(designs).join('; ')}.`
  return [...(designs.length > 1 ? [struck] : []), ...cautions(designs, runs)]
}

function manyDesignsLines(designs: ExperimentTally['designs'], runs: number): readonly string[] {
  return [
    ...briefCautions(designs, runs),
    'Who is struck by the same faults, by which, and what was never seen: on the page, and with --json.',
  ]
}

/** Where the runs that are named can be seen, with the command for the one that says the most: one of two that differ, or one that breaks something. */
function keptLines(result: ExperimentTally, kept: readonly KeptRun[]): readonly string[] {
  const [contrast] = result.contrasts
  const isFirst = ({ design, run }: KeptRun): boolean => design === contrast?.broken && run === contrast.run
  const first = kept.find(isFirst) ?? kept[0]
  if (first === undefined) return []
  return [
    `Each run that is named is a scenario in ${path.dirname(first.file)}, to be seen step by step:`,
    `    ${commandText(['run', first.file])}`,
  ]
}

type FigureLine = ReturnType<typeof figureLines>[number]

/** A table, or line below line where a terminal is too narrow for one. */
function figuresText(designs: readonly string[], lines: readonly FigureLine[], width: number): string {
  const rule = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
  const table = new Table({ head: ['', ...designs], style: { head: [], border: [] }, chars: rule })
  for (const { title, cells } of lines) table.push([title, ...cells])
  const drawn = table.toString()
  if (drawn.indexOf('\n') <= width || !isTerminal(process.stdout)) return drawn
  return lines
    .flatMap(({ title, cells }) => [
      title,
      ...cells.map((cell, place) => hanging('  ', `${designs[place] ?? ''}: ${cell}`, width)),
    ])
    .join('\n')
}

function experimentJson({ experiment, result, kept }: Measured): string {
  const { profile, duration, seed, designs } = experiment
  const said = { schemaVersion: 1, profile, durationMicros: duration, seed, confidence: 0.95 }
  const nameAt = (place: number): string => designs[place]?.name ?? ''
  const contrasts = result.contrasts.map((contrast) => {
    return { ...contrast, broken: nameAt(contrast.broken), kept: nameAt(contrast.kept) }
  })
  const cases = shownRuns(result).map(({ design, run, breaks, keeps }) => {
    const file = kept.find((one) => one.design === design && one.run === run)?.file ?? null
    return { design: nameAt(design), run, breaks, keeps: keeps.map(({ guarantee }) => guarantee), file }
  })
  return JSON.stringify({ ...said, ...result, conclusions: conclusions(result), contrasts, cases }, undefined, 2)
}
