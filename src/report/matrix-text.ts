import { columns, hanging } from './lines.ts'
import type { Style } from './paint.ts'
import { unbreakable } from './quantities.ts'

/** The matrix of strategies and failure points, as reports get it. */
export interface MatrixView {
  readonly points: readonly { readonly name: string; readonly title: string }[]
  readonly rows: readonly MatrixRowView[]
}

export interface MatrixRowView {
  readonly strategy: string
  readonly why: string
  /** A cell for each point, in their order. */
  readonly cells: readonly MatrixCellView[]
}

export interface MatrixCellView {
  /** How many placements came to each outcome, the worst first; empty where the point does not exist for the strategy. */
  readonly outcomes: readonly { readonly outcome: string; readonly count: number }[]
  /** The scenario that shows the worst of it, as YAML. */
  readonly example: { readonly where: string; readonly scenario: string } | undefined
}

const letters: Readonly<Record<string, string>> = { safe: 'S', duplicate: 'D', lost: 'L', stale: 'W', blocked: 'B' }

/** `D!`: always; `D?`: for some placements; `S`: nothing broke; `-`: the point does not exist. */
export function matrixMark({ outcomes }: MatrixCellView): string {
  const [worst] = outcomes
  if (worst === undefined) return '-'
  const letter = letters[worst.outcome] ?? '?'
  if (worst.outcome === 'safe') return letter
  return `${letter}${outcomes.length === 1 ? '!' : '?'}`
}

export const matrixLegend =
  'S safe · D duplicate effect · L lost effect · W stale state · B blocked · ! for every placement · ? for some · - the point does not exist'

/** The matrix for terminals, with what the columns and marks mean: as a table, or strategy by strategy where the lines are too short for one. */
export function matrixText({ points, rows }: MatrixView, style: Style, width = 120): string {
  const marked = rows.map(({ strategy, cells }) => [strategy, ...cells.map(matrixMark)])
  const [head = [], ...body] = columns([['strategy', ...points.map(({ name }) => name)], ...marked])
  const heading = head.join('  ')
  const lines = body.map((cells) => cells.map((cell, place) => (place === 0 ? cell : painted(cell, style))).join('  '))
  const table = heading.length > width ? byStrategy({ points, rows }, style, width) : [style.strong(heading), ...lines]
  const legend = columns(points.map(({ name, title }) => [name, title]))
  const meanings = legend.map(([name = '', title = '']) => hanging(`${name}  `, title, width))
  return [...table, '', hanging('', matrixLegend, width), ...meanings].join('\n')
}

/** A line for each strategy, with the mark of each point. */
export function quietMatrix({ points, rows }: MatrixView): string {
  return rows
    .map(({ strategy, cells }) => {
      const marks = cells.map((cell, place) => `${points[place]?.name ?? ''} ${matrixMark(cell)}`)
      return `${strategy}: ${marks.join(', ')}`
    })
    .join('\n')
}

function byStrategy({ points, rows }: MatrixView, style: Style, width: number): readonly string[] {
  return rows.flatMap(({ strategy, cells }) => {
    const marks = cells.map((cell, place) => `${points[place]?.name ?? ''}${unbreakable}${matrixMark(cell)}`)
    return [hanging('', style.strong(strategy), width), hanging('  ', marks.join(' · '), width)]
  })
}

function painted(cell: string, style: Style): string {
  const mark = cell.trim()
  if (mark === 'S' || mark === '-') return mark === 'S' ? style.holds(cell) : style.faint(cell)
  return mark.startsWith('B') ? style.unknown(cell) : style.broken(cell)
}
