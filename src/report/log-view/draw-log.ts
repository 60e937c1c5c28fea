import type { Shape } from '../diagram/diagram.ts'
import { signs } from '../diagram/signs.ts'
import { printable } from '../paint.ts'
import { momentText } from '../quantities.ts'
import type { LogView, Outcome, Pass } from './log-view.ts'

const left = 250
const cell = 15
const row = 20
const top = 34

/** The sign of each outcome: forms as well as colours. */
export const outcomeShapes: Readonly<Record<Outcome, Shape>> = {
  stored: 'stored',
  copied: 'other',
  dropped: 'gone',
  handled: 'confirmed',
  failed: 'failed',
  'left-out': 'left-out',
  unfinished: 'sent',
}

/** A log as an SVG element whose colours are those of diagrams: positions across, passes down. */
export function drawLog(view: LogView, id: string): string {
  const { place, from, to, marked, passes } = view
  const x = (position: number): number => left + (position - from + 0.5) * cell
  const width = left + (to - from + 1) * cell + 12
  const height = top + passes.length * row + 10
  const columns = marked.map(
    (position) =>
      `<rect x="${x(position) - cell / 2}" y="${top - 12}" width="${cell}" height="${height - top + 6}" class="bb"/><text x="${x(position)}" y="12" class="mid">${position}</text>`,
  )
  const ticks = Array.from({ length: to - from + 1 }, (_, offset) => from + offset)
    .filter((position) => position % 10 === 0 && !marked.some((one) => Math.abs(one - position) < 3))
    .map((position) => `<text x="${x(position)}" y="12" class="tick mid">${position}</text>`)
  const title = `${printable(place)}: who stored and read what`
  return `<svg xmlns="http://www.w3.org/2000/svg" class="diagram log" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="${id}-t"><title id="${id}-t">${escaped(title)}</title>${columns.join('')}${ticks.join('')}${passes.map((pass, order) => passMarkup(pass, top + (order + 0.5) * row, x)).join('')}</svg>`
}

function passMarkup(pass: Pass, y: number, x: (position: number) => number): string {
  const { actor, action, cells } = pass
  const [first, last] = [cells[0]?.position ?? 0, cells.at(-1)?.position ?? 0]
  const line = `<path d="M${x(first)} ${y}H${x(last)}" class="lane"/>`
  const drawn = cells.map(
    ({ position, message, outcome }) =>
      `<g transform="translate(${x(position)} ${y}) scale(.8)"><title>${escaped(`${position}: ${message === '' ? '' : `${message}, `}${outcomeNames[outcome]}`)}</title>${signs[outcomeShapes[outcome]]}</g>`,
  )
  return `<text x="${left - 14}" y="${y + 3.5}" class="tick">${escaped(`${momentText(pass.from)}  ${printable(actor)} ${action}`)}</text>${line}${drawn.join('')}`
}

export const outcomeNames: Readonly<Record<Outcome, string>> = {
  stored: 'stored',
  copied: 'copied',
  dropped: 'dropped',
  handled: 'read and handled',
  failed: 'read, and the handler failed',
  'left-out': 'read and left out',
  unfinished: 'read and not finished',
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}&<>"]/gu, (character) => entities[character] ?? ' ')
}
