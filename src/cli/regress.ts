import { existsSync, statSync } from 'node:fs'
import type { CaseState } from '../exploration/corpus.ts'
import { caseCounts, casesPage } from '../report/html/cases-page.ts'
import { fitted } from '../report/lines.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { defineCommand } from './command.ts'
import { foldersWithCases, replayFolder, type KeptCase } from './case-files.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'
import { loadScenarios } from './load-scenarios.ts'
import { print, styleOf, widthOf } from './output.ts'
import { outputOptions, resultFor } from './output-options.ts'
import { noOverlay, single } from './overlay.ts'
import { InputError, problemWith } from './problems.ts'
import { pageFolder, writePage } from './result-page.ts'

export const regressCommand = defineCommand({
  words: 'regress <folder>',
  summary: 'Run kept cases again: is anything red?',
  details:
    'Cases are what explore keeps. Exits with 1 when one is red, with 2 when one is stale: a fault finds nobody, or waits for what no longer happens. With --on each case is run on that scenario as it is today: the seed, faults and amount of work of the case, the rest of today.',
  positionals: { folder: { type: 'string', demandOption: true, describe: 'A folder of cases' } },
  options: {
    on: { type: 'string', requiresArg: true, describe: 'The scenario that the cases are to be run on' },
    report: { type: 'string', requiresArg: true, describe: 'Also write a page into this folder' },
    ...outputOptions,
  },
  examples: [
    ['regress reports/explore/01-delivery/exactly-once', 'Run the cases of one scenario'],
    ['regress cases/ --on scenarios/orders.yaml', 'Do they still break the scenario of today?'],
  ],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const on = single('on', args.on, problems)
    const today = on === undefined ? undefined : loadScenarios([on], noOverlay, problems)[0]?.scenario
    const folder = pageFolder(args.report, undefined, problems)
    if (problems.length > 0) throw new InputError(problems)
    if (!existsSync(args.folder))
      throw new InputError([problemWith(args.folder, 'there is no such folder', 'onceproof explore makes one.')])
    if (!statSync(args.folder).isDirectory())
      throw new InputError([problemWith(args.folder, 'is not a folder', 'For one case: onceproof run FILE.')])
    const cases = replayFolder(args.folder, today)
    if (cases.length === 0)
      throw new InputError([problemWith(args.folder, 'holds no case', whereCasesAre(args.folder))])
    print(
      resultFor(args, {
        json: () => jsonOf(cases),
        quiet: () => caseCounts(cases),
        text: () => fitted(textOf(cases, args.color), widthOf(process.stdout)),
      }),
    )
    await writePage(folder, () => casesPage(args.folder, cases), args)
    return codeOf(cases)
  },
})

/** A folder stands for its own cases only: those of another scenario have a folder of theirs. */
function whereCasesAre(folder: string): string {
  const below = foldersWithCases(folder)
  if (below.length === 0) return 'onceproof explore makes them.'
  const some = below.slice(0, 3).join(', ')
  return `Below it there are scenarios in ${some}${below.length > 3 ? ` and ${below.length - 3} more` : ''}.`
}

function codeOf(cases: readonly KeptCase[]): ExitCode {
  const states = cases.map(({ state }) => state)
  if (states.includes('red')) return exitCodes.notAsExpected
  return states.includes('stale') ? exitCodes.undecided : exitCodes.asExpected
}

function textOf(cases: readonly KeptCase[], color: boolean | undefined): string {
  const style = styleOf(process.stdout, color)
  const paints: Readonly<Record<CaseState, (text: string) => string>> = {
    red: style.broken,
    green: style.holds,
    stale: style.unknown,
  }
  const lines = cases.map(({ state, file, title, sentence }) => {
    return `${paints[state](state)} ${file}: ${title}${sentence === '' ? '' : `\n    ${sentence}`}`
  })
  return [...lines, caseCounts(cases)].join('\n')
}

function jsonOf(cases: readonly KeptCase[]): string {
  const told = cases.map(({ file, title, state, sentence }) => ({ file, title, state, sentence }))
  return JSON.stringify({ schemaVersion: 1, cases: told }, undefined, 2)
}
