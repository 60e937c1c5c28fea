import path from 'node:path'
import { experimentOf } from '../exploration/statistics/experiment.ts'
import { experimentView } from '../exploration/statistics/experiment-view.ts'
import { experimentPage } from '../report/html/experiment-page.ts'
import { commandText } from '../report/replay-command.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { experimentOptions, measure, printExperiment } from './experiments.ts'
import { loadScenarios } from './load-scenarios.ts'
import { overlayOf, overlayOptions, single } from './overlay.ts'
import { InputError, problemWith } from './problems.ts'
import { countOf, timeOf, workersOf } from './search-options.ts'
import { pageFolder, pageOption, writePage } from './result-page.ts'
import { keepShownRuns, lookAtCasesFolder } from './shown-cases.ts'
import { hireCrew } from './worker-crew.ts'

export const estimateCommand = defineCommand({
  words: 'estimate <file>',
  summary: 'Measure how often each guarantee of a scenario breaks under drawn faults, with bounds',
  details:
    'Independent draws from a profile, as many as said beforehand. A rate is about runs like these, not about your production: what the profile draws is what it is true of. Every rate names a run that shows it, and each run that is named is kept as a scenario.',
  positionals: { file: { type: 'string', demandOption: true, describe: 'A scenario file' } },
  options: {
    ...experimentOptions,
    ...pageOption('reports/estimate'),
    set: overlayOptions.set,
    variant: { ...overlayOptions.variant, describe: 'A variant of the scenario' },
  },
  examples: [
    ['estimate orders.yaml --faults crashes --runs 500', 'How often do crashes break it?'],
    ['estimate orders.yaml --variant acks-all --faults production-day --json', 'For scripts'],
    ['run reports/estimate/cases/orders-run-12.yaml', 'Afterwards: a run that it named, step by step'],
  ],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const runs = countOf('runs', args.runs, problems) ?? 200
    const workers = workersOf(args.workers, problems)
    const time = timeOf('for', args.for, problems)
    const seed = single('seed', args.seed, problems) ?? 'experiment'
    const folder = pageFolder(args.report, 'reports/estimate', problems)
    lookAtCasesFolder(folder, problems)
    const overlay = { ...overlayOf({ set: args.set, variant: args.variant }, problems), seed: undefined }
    const loaded = loadScenarios([args.file], overlay, problems)
    if (loaded.length !== 1)
      throw new InputError([
        problemWith(args.file, `expected one scenario, found ${loaded.length}`, 'compare takes several.'),
      ])
    const designs = loaded.map(({ scenario }) => ({
      name: scenario.variant || path.basename(scenario.name),
      scenario,
      swept: [],
    }))
    const duration = time === undefined ? undefined : Math.round(time * 1000)
    const experiment = experimentOf(designs, args.faults, runs, { duration, seed })
    const hired = hireCrew(workers)
    try {
      const result = await measure(experiment, hired.crew, args)
      const kept = await keepShownRuns(experiment, result, folder, hired.crew)
      printExperiment({ experiment, result, kept }, args)
      const again = commandText([...whichText(args), '--runs', String(runs), '--seed', seed])
      await writePage(folder, () => experimentPage(experimentView(experiment, result, again, kept)), args)
      return exitCodes.asExpected
    } finally {
      await hired.dismiss()
    }
  },
})

/** What is measured, as it was given. */
function whichText(
  args: { readonly file: string; readonly faults: string } & Readonly<Record<string, unknown>>,
): readonly string[] {
  const given = ['variant', 'set', 'for'].flatMap((name) =>
    [args[name] ?? []].flat().flatMap((value) => [`--${name}`, String(value)]),
  )
  return ['estimate', args.file, ...given, '--faults', args.faults]
}
