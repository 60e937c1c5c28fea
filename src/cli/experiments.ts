import Table from 'cli-table3'
import { Presets, SingleBar } from 'cli-progress'
import type { Crew } from '../exploration/crew.ts'
import type { Experiment, Observation } from '../exploration/statistics/experiment.ts'
import { tally, type ExperimentTally } from '../exploration/statistics/tally.ts'
import { cautions, conclusions, counterpartLines, figureLines, rateText } from '../exploration/statistics/verdicts.ts'
import { nemesisNames } from '../pipeline/draw-nemesis.ts'
import { durationText } from '../report/quantities.ts'
import type { OptionsByName } from './command.ts'
import { isTerminal } from './output.ts'
import { PlainProgress } from './plain-progress.ts'
import { workerOptions } from './search-options.ts'

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
  json: { type: 'boolean', default: false, describe: 'Print one JSON object on standard output, and nothing else' },
} as const satisfies OptionsByName

/** Makes all the runs; there is no result before the last one, since a rate that stops when it pleases is none. */
export async function measure(experiment: Experiment, crew: Crew): Promise<ExperimentTally> {
  const observations: (readonly Observation[])[] = []
  const bar = isTerminal(process.stderr)
    ? new SingleBar(
        { format: 'measuring {bar} {value}/{total} runs', stream: process.stderr, clearOnComplete: true },
        Presets.shades_grey,
      )
    : undefined
  bar?.start(experiment.runs, 0)
  const plain = new PlainProgress()
  let made = 0
  const open = Array.from({ length: experiment.runs }, (_, index) => index)
  const work = async (): Promise<void> => {
    for (let index = open.shift(); index !== undefined; index = open.shift()) {
      observations[index] = await crew.observe(experiment, index)
      bar?.increment()
      made++
      if (bar === undefined) plain.look(() => `measuring: ${made} of ${experiment.runs} runs of each design`)
    }
  }
  await Promise.all(Array.from({ length: crew.width }, work))
  bar?.stop()
  return tally(experiment, observations)
}

/** The result for a terminal: a table, what may be concluded, and what to know before believing it. */
export function experimentText(experiment: Experiment, result: ExperimentTally): string {
  const { designs, runs } = result
  const guarantees = [...new Set(designs.flatMap(({ rates }) => Object.keys(rates)))].sort()
  const table = new Table({ head: ['', ...designs.map(({ name }) => name)], style: { head: [], border: [] } })
  for (const guarantee of guarantees) {
    table.push([
      guarantee,
      ...designs.map(({ rates }) => {
        const rate = rates[guarantee]
        return rate === undefined ? 'not judged' : rateText(rate)
      }),
    ])
  }
  for (const { title, cells } of figureLines(designs)) table.push([title, ...cells])
  const { profile, duration, seed } = experiment
  return [
    `${runs} runs of each design, faults from ${profile} for ${durationText(duration)}, seed ${seed}; bounds at 95 % confidence`,
    table.toString(),
    ...conclusions(result),
    '',
    ...(designs.length > 1 ? [`Who is struck by the same faults: ${counterpartLines(designs).join('; ')}.`] : []),
    ...designs.flatMap((design) => cautions(design, runs)),
  ].join('\n')
}

export function experimentJson(experiment: Experiment, result: ExperimentTally): string {
  const { profile, duration, seed } = experiment
  const said = { schemaVersion: 1, profile, durationMicros: duration, seed, confidence: 0.95 }
  return JSON.stringify({ ...said, ...result, conclusions: conclusions(result) }, undefined, 2)
}
