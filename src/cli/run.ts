import { verdictsCsv } from '../report/formats/csv.ts'
import { exportFormats } from '../report/formats/formats.ts'
import { githubAnnotations } from '../report/formats/github-annotations.ts'
import { junitXml } from '../report/formats/junit.ts'
import { jsonText } from '../report/json.ts'
import { lessonAnswer, lessonQuestion } from '../report/lesson.ts'
import type { Style } from '../report/paint.ts'
import { quietReport, textReport } from '../report/text.ts'
import { run } from '../run.ts'
import { problemText, type ScenarioProblem } from '../scenario/problem.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { defineCommand } from './command.ts'
import { type ExitCode, exitCodeOf } from './exit-code.ts'
import { loadScenarios, type LoadedScenario } from './load-scenarios.ts'
import { print, say, styleOf, widthOf } from './output.ts'
import { outputOptions } from './output-options.ts'
import { fileToWrite, overlayOf, overlayOptions, single } from './overlay.ts'
import { InputError, problemWith } from './problems.ts'
import { showProgress } from './progress.ts'
import { remediesOf, othersOf, withVariants } from './variants-of.ts'
import { watchFiles } from './watch.ts'
import { ReportFolders, type Finished } from './report-folder.ts'

export const runCommand = defineCommand({
  words: 'run <files..>',
  summary: 'Run scenarios, say which guarantees held, and write a report',
  details:
    'A folder stands for all of its scenarios. Each is run as it stands; with --variant all, also each of its variants.\nProblems, times and progress go to standard error.',
  positionals: {
    files: { type: 'string', array: true, demandOption: true, describe: 'Scenario files, folders or globs' },
  },
  options: {
    ...overlayOptions,
    report: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder of the report. Default: reports/<scenario>. --no-report writes none',
    },
    ...outputOptions,
    junit: { type: 'string', requiresArg: true, describe: 'Write a JUnit XML report of all runs to this file' },
    csv: { type: 'string', requiresArg: true, describe: 'Write the verdicts of all runs to this file, as CSV' },
    export: {
      choices: exportFormats.map(({ name }) => name),
      array: true,
      requiresArg: true,
      describe: 'Put the run into its report in another form too. May be given several times',
    },
    png: { type: 'boolean', default: false, describe: 'Put the pictures of a report there as PNG too' },
    watch: { type: 'boolean', default: false, describe: 'Run again whenever a scenario file changes, until Ctrl-C' },
    reveal: {
      choices: ['yes', 'no'],
      default: 'yes',
      requiresArg: true,
      describe: 'no keeps what a lesson teaches for its report, behind the question',
    },
  },
  examples: [
    ['run scenarios/01-delivery/exactly-once.yaml', 'Run one scenario'],
    ['run scenarios --variant all --quiet', 'Run the whole course, a line a run'],
    ['run lesson.yaml --set services.shop.sends.rate=500/s --seed 7', 'The same with another rate and seed'],
    ["run 'scenarios/**/*order*.yaml' --json --no-report | jq .asExpected", 'For scripts'],
  ],
  async perform(args) {
    if (args.watch && args.json)
      throw new InputError([problemWith('--watch', 'prints runs one after another, and --json one object')])
    const { code, files } = await runAll(args)
    if (!args.watch) return code
    await watchFiles(files, async () => {
      try {
        await runAll(args)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        for (const problem of error.problems) say(problemText(problem))
      }
    })
    return code
  },
})

/** Runs everything once and says what came of it. */
async function runAll(args: RunArguments): Promise<{ readonly code: ExitCode; readonly files: readonly string[] }> {
  const problems: ScenarioProblem[] = []
  const overlay = overlayOf(args, problems)
  const folders = foldersOf(args, problems)
  const files = { junit: fileToWrite('junit', args.junit, problems), csv: fileToWrite('csv', args.csv, problems) }
  const loaded = loadScenarios(args.files, overlay, problems, args)
  const style = styleOf(process.stdout, args.color)
  const finished: Finished[] = []
  for (const one of loaded) {
    const done = { ...one, run: runOne(one, { quiet: args.quiet }) }
    finished.push(done)
    if (!args.json)
      print(reportOf(done, { style, many: loaded.length > 1, quiet: args.quiet, reveal: args.reveal !== 'no' }))
  }
  if (args.json)
    print(
      jsonText(
        finished.map((one) => one.run),
        remediesOf(finished),
      ),
    )
  await writeSummaries(files, finished)
  if (process.env['GITHUB_ACTIONS'] === 'true') for (const line of githubAnnotations(withVariants(finished))) say(line)
  const report = await folders?.write(finished)
  if (report !== undefined && !args.quiet) say(`report: ${report}`)
  const code = exitCodeOf(finished.map((one) => one.run.conclusion))
  return { code, files: [...new Set(loaded.map(({ file }) => file))] }
}

/** Where reports go, and what is to be in them; nothing with `--no-report`. */
function foldersOf(args: ReportArguments, problems: ScenarioProblem[]): ReportFolders | undefined {
  const wanted = args.export ?? []
  if (args.report === false) {
    const useless = [...(wanted.length > 0 ? ['--export'] : []), ...(args.png ? ['--png'] : [])]
    for (const option of useless)
      problems.push(problemWith(option, 'goes into the report, and --no-report writes none'))
    return undefined
  }
  const exports = exportFormats.filter(({ name }) => wanted.includes(name))
  const folders = new ReportFolders(single('report', args.report, problems), { exports, png: args.png })
  if (folders.problem !== undefined) problems.push(folders.problem)
  return folders
}

type RunArguments = Parameters<typeof overlayOf>[0] &
  ReportArguments & {
    readonly files: readonly string[]
    readonly json: boolean
    readonly quiet: boolean
    readonly junit?: unknown
    readonly csv?: unknown
    readonly reveal: string
    readonly color?: boolean | undefined
  }

interface ReportArguments {
  /** As the parser leaves it: `--no-report` is false, and a repeated option is a list. */
  readonly report?: unknown
  readonly export?: readonly string[] | undefined
  readonly png: boolean
}

/** What is said of all runs together, for other programs. */
async function writeSummaries(
  { junit, csv }: { readonly junit: string | undefined; readonly csv: string | undefined },
  finished: readonly Finished[],
): Promise<void> {
  if (junit !== undefined) await writeFileAtomically(junit, await junitXml(withVariants(finished)))
  if (csv !== undefined) await writeFileAtomically(csv, verdictsCsv(finished.map((one) => one.run)))
}

/** Wall-clock time goes to standard error: it is never the same twice, so it is no result. */
function runOne({ scenario }: LoadedScenario, { quiet }: { readonly quiet: boolean }): Finished['run'] {
  const progress = showProgress(scenario, !quiet)
  const started = performance.now()
  const outcome = run(scenario, progress.options)
  progress.end()
  if (!quiet) say(`${scenario.name}: ${outcome.events} events in ${Math.round(performance.now() - started)} ms`)
  return outcome
}

interface Layout {
  readonly style: Style
  readonly many: boolean
  readonly quiet: boolean
  readonly reveal: boolean
}

function reportOf(finished: Finished, { style, many, quiet, reveal }: Layout): string {
  const { run: outcome, source, scenario: drawnFor } = finished
  const { scenario } = outcome
  const width = widthOf(process.stdout)
  if (!reveal && scenario.predict !== undefined) return lessonQuestion(scenario, style, width)
  if (quiet) return quietReport(outcome, style)
  const which = `${scenario.name}${scenario.variant === '' ? '' : ` [${scenario.variant}]`}`
  return [
    ...(many ? [`${style.strong(which)}  ${scenario.title}\n`] : []),
    textReport(outcome, { source, style, width, drawnFor, variants: othersOf(finished) }),
    ...(scenario.predict === undefined && scenario.why === '' ? [] : [lessonAnswer(scenario, undefined, style, width)]),
  ].join('\n')
}
