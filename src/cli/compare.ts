import path from 'node:path'
import { experimentOf } from '../exploration/statistics/experiment.ts'
import { experimentView } from '../exploration/statistics/experiment-view.ts'
import { decisionRecord } from '../exploration/statistics/decision-record.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { writeAtomically } from './atomic-files.ts'
import { defineCommand } from './command.ts'
import { designsOf } from './designs.ts'
import { exitCodes } from './exit-code.ts'
import { experimentOptions, measure, printExperiment } from './experiments.ts'
import { say } from './output.ts'
import { fileToWrite, single } from './overlay.ts'
import { InputError, problemWith } from './problems.ts'
import { experimentPage } from '../report/html/experiment-page.ts'
import { commandText } from '../report/replay-command.ts'
import { pageFolder, pageOption, writePage } from './result-page.ts'
import { countOf, timeOf, workersOf } from './search-options.ts'
import { keepShownRuns, lookAtCasesFolder } from './shown-cases.ts'
import { hireCrew } from './worker-crew.ts'

export const compareCommand = defineCommand({
  words: 'compare <files..>',
  summary: 'Measure how often each guarantee breaks in several designs, under the same faults',
  details:
    'Designs are files, variants of them, or values of options. Each run draws faults from the profile for `broker 1`, `consumer 2`, ..., and strikes every design with the same: the differences are those of the designs and not of luck. Every rate names a run that shows it, and each run that is named is kept as a scenario.',
  positionals: {
    files: { type: 'string', array: true, demandOption: true, describe: 'Scenario files, folders or globs' },
  },
  options: {
    ...experimentOptions,
    variant: {
      type: 'string',
      requiresArg: true,
      describe: 'A variant to compare; may be given several times. as-it-stands is the scenario without any',
    },
    set: {
      type: 'string',
      requiresArg: true,
      describe: 'An option, or values of it to compare: path=a|b|c. Twice for all pairs',
    },
    ...pageOption('reports/compare'),
    adr: { type: 'string', requiresArg: true, describe: 'Also write a decision record in Markdown' },
  },
  examples: [
    ['compare orders.yaml --variant as-it-stands --variant acks-all --faults crashes', 'Two variants'],
    ['run reports/compare/cases/acks-all-run-12.yaml', 'Afterwards: a run that it named, step by step'],
    ["compare orders.yaml --set 'services.billing.members=1|2|4' --faults network --runs 500", 'Values of an option'],
  ],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const runs = countOf('runs', args.runs, problems) ?? 200
    const workers = workersOf(args.workers, problems)
    const time = timeOf('for', args.for, problems)
    const seed = single('seed', args.seed, problems) ?? 'experiment'
    const adr = fileToWrite('adr', args.adr, problems)
    const folder = pageFolder(args.report, 'reports/compare', problems)
    lookAtCasesFolder(folder, problems)
    const designs = designsOf(args.files, args, problems)
    if (designs.length < 2)
      throw new InputError([problemWith('onceproof compare', 'there is one design only', 'estimate measures one.')])
    const duration = time === undefined ? undefined : Math.round(time * 1000)
    const experiment = experimentOf(designs, args.faults, runs, { duration, seed })
    const hired = hireCrew(workers)
    try {
      const result = await measure(experiment, hired.crew, args)
      const kept = await keepShownRuns(experiment, result, folder, hired.crew)
      printExperiment({ experiment, result, kept }, args)
      const again = againText(args, { runs, seed })
      await writePage(folder, () => experimentPage(experimentView(experiment, result, again, kept)), args)
      if (adr !== undefined) {
        const content = decisionRecord(experiment, result, again, kept)
        await writeAtomically(path.dirname(adr), [{ name: path.basename(adr), content }])
        if (!args.quiet) say(`decision record: ${adr}`)
      }
      return exitCodes.asExpected
    } finally {
      await hired.dismiss()
    }
  },
})

/** The call that makes the same comparison again. */
function againText(
  args: { readonly files: readonly string[]; readonly faults: string } & Readonly<Record<string, unknown>>,
  { runs, seed }: { readonly runs: number; readonly seed: string },
): string {
  const repeated = (name: 'variant' | 'set' | 'for'): readonly string[] =>
    [args[name] ?? []].flat().flatMap((value) => [`--${name}`, String(value)])
  const options = (['variant', 'set', 'for'] as const).flatMap(repeated)
  const fixed = ['--faults', args.faults, '--runs', String(runs), '--seed', seed]
  return commandText(['compare', ...args.files, ...options, ...fixed])
}
