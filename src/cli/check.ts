import { readFileSync } from 'node:fs'
import type { History } from '../history/history.ts'
import { readHistory } from '../history/json-lines.ts'
import { jsonText } from '../report/json.ts'
import { quietReport, textReport } from '../report/text.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { defineCommand } from './command.ts'
import { exitCodeOf } from './exit-code.ts'
import { judgedHistory } from './judged-history.ts'
import { loadScenarios, onlyOne } from './load-scenarios.ts'
import { print, styleOf, widthOf } from './output.ts'
import { outputOptions } from './output-options.ts'
import { overlayOf, overlayOptions, single } from './overlay.ts'
import { problemWith, reasonOf } from './problems.ts'

const { set, variant } = overlayOptions

export const checkCommand = defineCommand({
  words: 'check <history>',
  summary: 'Judge a saved history against what a scenario promises',
  details: 'Nothing is run. The history is a file of JSON lines, as reports have one: history.jsonl.',
  positionals: { history: { type: 'string', demandOption: true, describe: 'A file of JSON lines, a fact each' } },
  options: {
    scenario: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'The scenario that says who is to get what, and what is expected',
    },
    set,
    variant,
    ...outputOptions,
  },
  examples: [
    ['check reports/latest/history.jsonl --scenario reports/latest/scenario.yaml', 'Judge the last run again'],
  ],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const file = single('scenario', args.scenario, problems)
    const history = readSaved(args.history, problems)
    const loaded = onlyOne(
      loadScenarios(file === undefined ? [] : [file], overlayOf(args, problems), problems, args),
      file ?? '',
    )
    if (history === undefined) throw new Error('What is missing here was to be refused before.')
    const judged = judgedHistory(loaded.scenario, history)
    const style = styleOf(process.stdout, args.color)
    if (args.json) print(jsonText([judged]))
    else if (args.quiet) print(quietReport(judged, style))
    else print(textReport(judged, { source: loaded.source, style, width: widthOf(process.stdout) }))
    return exitCodeOf([judged.conclusion])
  },
})

/** How many lines that cannot be read are shown: a file of the wrong kind is wrong in every line. */
const shownProblems = 20

function readSaved(file: string, problems: ScenarioProblem[]): History | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    problems.push(problemWith(file, `it cannot be read: ${reasonOf(error)}`))
    return undefined
  }
  const reading = readHistory(text)
  if (reading.ok) return reading.history
  for (const { line, message } of reading.problems.slice(0, shownProblems)) {
    problems.push({ ...problemWith(file, message), line, column: 1 })
  }
  const left = reading.problems.length - shownProblems
  if (left > 0) problems.push(problemWith(file, `${left} more lines cannot be read`))
  return undefined
}
