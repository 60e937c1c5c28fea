import { catalogue } from '../../pipeline/catalogue.ts'
import type { MatrixCellView, MatrixView } from '../../report/matrix-text.ts'
import { stringifyScenario } from '../../scenario/document.ts'
import type { FailurePoint } from './failure-point.ts'
import type { Cell } from './matrix.ts'
import { worstFirst } from './matrix.ts'
import type { StrategyRow } from './strategy-row.ts'

/** Cells as reports get them; those of a row in the order of the points. */
export function matrixView(
  rows: readonly StrategyRow[],
  points: readonly FailurePoint[],
  cells: readonly Cell[],
): MatrixView {
  const cellAt = (row: StrategyRow, point: FailurePoint): MatrixCellView => {
    const cell = cells.find(({ strategy, failurePoint }) => strategy === row.name && failurePoint === point.name)
    return cell === undefined ? { outcomes: [], example: undefined } : viewOf(cell)
  }
  return {
    points: points.map(({ name, title }) => ({ name, title })),
    rows: rows.map((row) => ({
      strategy: row.name,
      why: row.strategy.why,
      cells: points.map((point) => cellAt(row, point)),
    })),
  }
}

function viewOf({ outcomes, example }: Cell): MatrixCellView {
  const counted = worstFirst.map((outcome) => ({ outcome, count: outcomes[outcome] })).filter(({ count }) => count > 0)
  const shown =
    example === undefined
      ? undefined
      : { where: example.where, scenario: stringifyScenario(example.scenario, catalogue) }
  return { outcomes: counted, example: shown }
}
