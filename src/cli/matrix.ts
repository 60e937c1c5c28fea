import { failurePoints } from '../exploration/matrix/failure-point.ts'
import type { Cell } from '../exploration/matrix/matrix.ts'
import { cellOf } from '../exploration/matrix/matrix.ts'
import { matrixView } from '../exploration/matrix/matrix-view.ts'
import type { StrategyRow } from '../exploration/matrix/strategy-row.ts'
import { products, strategyRows } from '../exploration/matrix/strategy-row.ts'
import { catalogue } from '../pipeline/catalogue.ts'
import { matrixPage } from '../report/html/matrix-page.ts'
import { quietMatrix, matrixText } from '../report/matrix-text.ts'
import { stringifyScenario } from '../scenario/document.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { suggestionFor } from '../scenario/suggestion.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { print, styleOf, widthOf } from './output.ts'
import { outputOptions, resultFor } from './output-options.ts'
import { InputError, problemWith } from './problems.ts'
import { pageFolder, pageOption, writePage } from './result-page.ts'

export const matrixCommand = defineCommand({
  words: 'matrix <what>',
  summary: 'Compute which strategy of idempotency survives which failure',
  details:
    'Runs every strategy with the fault at every operation of its program, and with every interleaving of two consumers. Each cell has a scenario that shows the worst of it.',
  positionals: {
    what: { type: 'string', choices: ['strategies'], demandOption: true, describe: 'What to hold against failures' },
  },
  options: {
    strategy: { type: 'string', array: true, describe: 'Only strategies of these names' },
    point: { type: 'string', array: true, describe: 'Only these failure points: F0 to F8' },
    product: { type: 'string', choices: products, describe: 'The product between producer and consumer' },
    ...pageOption('reports/matrix'),
    ...outputOptions,
  },
  examples: [
    ['matrix strategies', 'All of it'],
    ['matrix strategies --strategy inbox --point F1', 'One strategy at one failure point'],
  ],
  async perform({ strategy, point, product, report, json, quiet, color }) {
    const rows = chosen('--strategy', strategy, strategyRows(product), (row) => row.strategy.name)
    const points = chosen('--point', point, failurePoints, ({ name }) => name)
    const problems: ScenarioProblem[] = []
    const folder = pageFolder(report, 'reports/matrix', problems)
    if (problems.length > 0) throw new InputError(problems)
    const cells = rows.flatMap((row) => points.map((each) => cellOf(row, each)))
    const view = matrixView(rows, points, cells)
    print(
      resultFor(
        { json, quiet },
        {
          json: () => JSON.stringify({ schemaVersion: 1, cells: cells.map(cellDocument) }, undefined, 2),
          quiet: () => quietMatrix(view),
          text: () => matrixText(view, styleOf(process.stdout, color), widthOf(process.stdout)),
        },
      ),
    )
    await writePage(folder, () => matrixPage(view), { quiet })
    return exitCodes.asExpected
  },
})

function cellDocument({ strategy, failurePoint, outcomes, example }: Cell) {
  const scenario = example === undefined ? null : stringifyScenario(example.scenario, catalogue)
  return { strategy, failurePoint, outcomes, where: example?.where ?? null, scenario }
}

/** Those that were asked for, or all. */
function chosen<T extends StrategyRow | (typeof failurePoints)[number]>(
  option: string,
  wanted: readonly string[] | undefined,
  all: readonly T[],
  nameOf: (one: T) => string,
): readonly T[] {
  if (wanted === undefined) return all
  const names = [...new Set(all.map(nameOf))]
  const problems = wanted
    .filter((name) => !names.includes(name))
    .map((name) => problemWith(option, `there is none named ${JSON.stringify(name)}`, suggestionFor(name, names)))
  if (problems.length > 0) throw new InputError(problems)
  return all.filter((one) => wanted.includes(nameOf(one)))
}
