import path from 'node:path'
import type { Crew } from '../exploration/crew.ts'
import { foundCase } from '../exploration/found-cases.ts'
import { counterexampleLines } from '../exploration/search-report.ts'
import { onePerKind, type Shrunk } from '../exploration/search.ts'
import type { Counterexample } from '../exploration/shrink/shrink.ts'
import { stepsOf } from '../exploration/sweep/steps.ts'
import { writtenDown } from '../exploration/sweep/sweep-chunk.ts'
import { coverageLines } from '../exploration/sweep/sweep-report.ts'
import { sweep, type SweepFailure, type SweepResult } from '../exploration/sweep/sweep.ts'
import { withDrawnFaults } from '../pipeline/draw-nemesis.ts'
import type { ExplorationView } from '../report/exploration-view.ts'
import { explorationPage } from '../report/html/exploration-page.ts'
import { fitted } from '../report/lines.ts'
import { counted } from '../report/quantities.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { keepCases } from './case-files.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { loadScenarios } from './load-scenarios.ts'
import { isTerminal, print, say, styleOf, widthOf } from './output.ts'
import { outputOptions, resultFor } from './output-options.ts'
import { overlayOf, overlayOptions, single } from './overlay.ts'
import { InputError, problemWith } from './problems.ts'
import { PlainProgress } from './plain-progress.ts'
import { checkSymptom, countOf, wantedOf, wantedOptions, workerOptions, workersOf } from './search-options.ts'
import { pageFolder, pageOption, writePage } from './result-page.ts'
import { terminalBar } from './terminal-bar.ts'
import { hireCrew } from './worker-crew.ts'

export const sweepCommand = defineCommand({
  words: 'sweep <file>',
  summary: 'Try every single fault at every point of a small scenario, then pairs of them',
  details:
    'Each node crashes, loses power and freezes before each event, each message is lost and comes late, each pair of nodes has its connections cut and is parted. Best with few messages: --set services.shop.sends.messages=3.',
  positionals: { file: { type: 'string', demandOption: true, describe: 'A scenario file' } },
  options: {
    ...overlayOptions,
    ...wantedOptions,
    ...workerOptions,
    pairs: { type: 'string', requiresArg: true, describe: 'Runs with two faults. Default: none' },
    merge: {
      type: 'boolean',
      default: true,
      describe: 'Points that cannot be told apart are one; --no-merge tries all',
    },
    most: { type: 'string', requiresArg: true, describe: 'Failures to shrink. Default: 12' },
    corpus: { type: 'string', requiresArg: true, describe: 'Folder of kept cases. Default: reports/sweep/<scenario>' },
    ...pageOption('beside the cases'),
    ...outputOptions,
  },
  examples: [
    ['sweep orders.yaml --variant no-faults --set services.shop.sends.messages=3', 'Every single fault'],
    ['sweep orders.yaml --pairs 5000 --guarantee no-loss', 'And five thousand pairs'],
  ],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const overlay = overlayOf(args, problems)
    const wanted = wantedOf(args, problems)
    const pairs = countOf('pairs', args.pairs, problems) ?? 0
    const workers = workersOf(args.workers, problems)
    const most = countOf('most', args.most, problems) ?? 12
    const corpus = single('corpus', args.corpus, problems)
    const [loaded, ...more] = loadScenarios([args.file], overlay, problems)
    if (loaded === undefined || more.length > 0)
      throw new InputError([problemWith(args.file, 'expected one scenario', 'Name one file and one variant.')])
    const scenario = withDrawnFaults(loaded.scenario)
    checkSymptom(wanted, scenario, problems)
    const folder = corpus ?? path.join('reports/sweep', scenario.name)
    const pages = pageFolder(args.report, folder, problems)
    if (problems.length > 0) throw new InputError(problems)
    const hired = hireCrew(workers)
    try {
      const bar = sweepBar(args)
      const result = await sweep(scenario, { wanted, merging: args.merge, pairs }, hired.crew, bar)
      const shrunk = await shrinkAll(scenario, result.failures.slice(0, most), hired.crew)
      bar.end()
      const files = await keepCases(folder, shrunk.counterexamples)
      print(
        resultFor(args, {
          json: () => jsonOf(scenario, result, shrunk, files),
          quiet: () => quietText(scenario, result, folder),
          text: () => fitted(textOf(scenario, result, shrunk, files, args.color), widthOf(process.stdout)),
        }),
      )
      await writePage(pages, () => explorationPage(viewOf(scenario, result, shrunk, files)), args)
      for (const sentence of result.errors) say(`The program itself fails, please report it: ${sentence}`)
      if (result.errors.length > 0) return exitCodes.internalError
      return result.failures.length > 0 ? exitCodes.notAsExpected : exitCodes.asExpected
    } finally {
      await hired.dismiss()
    }
  },
})

const silent = { begin: () => {}, made: () => {}, end: () => {} }

function sweepBar({ quiet }: { readonly quiet: boolean }): {
  begin(runs: number): void
  made(runs: number): void
  end(): void
} {
  if (quiet) return silent
  if (!isTerminal(process.stderr)) {
    const plain = new PlainProgress()
    let [total, done] = [0, 0]
    return {
      begin: (runs) => (total = runs),
      made: (runs) => {
        done += runs
        plain.look(() => `sweeping: ${done} of ${total} runs`)
      },
      end: () => {},
    }
  }
  const bar = terminalBar('sweeping {bar} {value}/{total} runs, {duration_formatted}')
  return { begin: (runs) => bar.start(runs, 0), made: (runs) => bar.increment(runs), end: () => bar.stop() }
}

/** Faults at events are written down first, as times or facts; a failure for which that cannot be done is told without a case. */
async function shrinkAll(scenario: Scenario, failures: readonly SweepFailure[], crew: Crew): Promise<Shrunk> {
  const { times } = stepsOf(scenario)
  const shrunk = await Promise.all(
    failures.map(async ({ placements, failure }): Promise<readonly Counterexample[]> => {
      const target = { ...failure, symptom: undefined }
      const written = writtenDown(scenario, placements, times, target)
      return written === undefined ? [] : [await crew.shrink(written, target)]
    }),
  )
  return { counterexamples: onePerKind(shrunk.flat()), unshrunk: [] }
}

/** The whole sweep in a line. */
function quietText({ name, variant, seed }: Scenario, { covered, failures }: SweepResult, folder: string): string {
  const which = `${name}${variant === '' ? '' : ` [${variant}]`} (seed ${seed})`
  const runs = covered.reduce((sum, one) => sum + one.runs, 0)
  const came =
    failures.length === 0 ? 'nothing found' : `${counted(failures.length, 'kind')} of failure, kept in ${folder}`
  return `${which}: ${counted(runs, 'run')} with a single fault: ${came}`
}

function textOf(
  scenario: Scenario,
  result: SweepResult,
  { counterexamples }: Shrunk,
  files: readonly string[],
  color: boolean | undefined,
): string {
  const style = styleOf(process.stdout, color)
  const told = counterexamples.flatMap((one, place) => {
    const [title = '', ...rest] = counterexampleLines(one)
    const again = `    again: npx onceproof run ${files[place] ?? ''}`
    return ['', `  ${style.broken(title)}`, ...rest.map((line) => `  ${line}`), again]
  })
  const kinds = result.failures.map(({ failure }) => `  ${failure.kind}`)
  return [
    style.strong(scenario.name),
    ...coverageLines(result).map((line) => `  ${line}`),
    ...(kinds.length === 0 ? [] : ['', `${kinds.length} kinds of failure`, ...kinds]),
    ...told,
  ].join('\n')
}

function viewOf(
  { name, variant, seed }: Scenario,
  result: SweepResult,
  { counterexamples }: Shrunk,
  files: readonly string[],
): ExplorationView {
  const shown = new Set(counterexamples.map(({ kind }) => kind))
  const [sum = '', ...rest] = coverageLines(result)
  return {
    title: `Every single fault of ${name}`,
    about: [...(variant === '' ? [] : [`variant ${variant}`]), `seed ${seed}`].join(' · '),
    summary: [`${sum}.`, ...rest.slice(result.covered.length).map((line) => `${line.trim()}.`)],
    coverage: result.covered,
    struck: [],
    kept: [],
    cases: counterexamples.map((one, place) => foundCase(one, files[place], undefined)),
    others: result.failures.map(({ failure }) => failure.kind).filter((kind) => !shown.has(kind)),
  }
}

function jsonOf(
  scenario: Scenario,
  result: SweepResult,
  { counterexamples }: Shrunk,
  files: readonly string[],
): string {
  const { failures, ...covered } = result
  const said = { schemaVersion: 1, scenario: scenario.name, variant: scenario.variant, seed: scenario.seed, ...covered }
  const kinds = failures.map(({ failure }) => failure)
  const cases = counterexamples.map((one, place) => ({ ...one, file: files[place] ?? null }))
  return JSON.stringify({ ...said, failures: kinds, counterexamples: cases }, undefined, 2)
}
