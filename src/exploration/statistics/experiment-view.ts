import type { ExperimentView, MeasuredRate, SweptOption } from '../../report/experiment-view.ts'
import { counted, durationText } from '../../report/quantities.ts'
import type { Experiment } from './experiment.ts'
import type { CostName, Frontier } from './frontier.ts'
import type { Proportion } from './proportion.ts'
import type { DesignTally, ExperimentTally } from './tally.ts'
import { cautions, conclusions, counterpartLines, figureLines, rateText } from './verdicts.ts'

/** A measurement as reports get it. `again` is the command that makes it once more. */
export function experimentView(experiment: Experiment, result: ExperimentTally, again: string): ExperimentView {
  const { designs, runs, frontiers } = result
  const { profile, duration, seed } = experiment
  const names = guaranteesOf(designs)
  const each = designs.length > 1 ? ' of each design' : ''
  const struck =
    designs.length > 1 ? [`Who is struck by the same faults: ${counterpartLines(designs).join('; ')}.`] : []
  return {
    title:
      designs.length > 1
        ? `${designs.length} designs under the same faults`
        : `How often ${designs[0]?.name ?? ''} breaks`,
    about: `${counted(runs, 'run')}${each}, faults from ${profile} for ${durationText(duration)}, seed ${seed}; bounds at 95 % confidence`,
    again,
    designs: designs.map(({ name }) => name),
    guarantees: names.map((name) => ({ name, rates: designs.map(({ rates }) => measured(rates[name])) })),
    figures: figureLines(designs),
    conclusions: conclusions(result),
    frontiers: frontiers.filter(isWorthALook).map(({ guarantee, cost, points }) => ({
      guarantee,
      cost: costWords[cost],
      points: points.map(({ name, ...point }) => ({ design: name, ...point })),
    })),
    swept: sweptOptions(designs, names),
    cautions: [...struck, ...cautions(designs, runs)],
  }
}

/** Costs that hardly differ are no choice. */
function isWorthALook({ points }: Frontier): boolean {
  const costs = points.map(({ cost }) => cost)
  return Math.max(...costs) - Math.min(...costs) > 0.05 * Math.max(...costs)
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

function measured(rate: Proportion | undefined): MeasuredRate | undefined {
  return rate && { ...rate, text: rateText(rate) }
}

/** An option is told by itself where its value is all in which the designs differ. */
function sweptOptions(designs: readonly DesignTally[], names: readonly string[]): readonly SweptOption[] {
  const [option, ...others] = [...new Set(designs.flatMap(({ swept }) => swept.map(({ path }) => path)))]
  const values = designs.map(({ swept }) => swept[0]?.value ?? '')
  const isWhole = designs.every(({ swept }) => swept.length === 1) && new Set(values).size === designs.length
  if (option === undefined || others.length > 0 || !isWhole || designs.length < 2) return []
  const lines = names.map((guarantee) => ({ guarantee, rates: designs.map(({ rates }) => measured(rates[guarantee])) }))
  return [{ path: option, values, lines }]
}
