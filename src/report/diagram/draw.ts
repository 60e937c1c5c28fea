import { momentText, durationText } from '../quantities.ts'
import type { Arrow, Diagram, Lane, LinkBand, Mark } from './diagram.ts'
import { signs } from './signs.ts'
import { timeScale, type TimeScale } from './time-scale.ts'

/** How a diagram is laid out. */
export interface DrawOptions {
  /** `roomy` writes labels beside the signs; `dense` leaves them to the details. */
  readonly room: 'roomy' | 'dense'
  /** Told apart from other diagrams of the page. */
  readonly id: string
}

/** Left of the first lane there is room for a moment of so many characters, and more where one is longer. */
const leastLeft = 92
const usualMoment = 11
const characterWidth = 8
const top = 46
const bottom = 26
const laneWidth = { roomy: 178, dense: 104 }

/** A diagram as an SVG element whose colours are CSS variables of the page around it. */
export function drawDiagram(diagram: Diagram, { room, id }: DrawOptions): string {
  const { lanes, arrows, marks, bands } = diagram
  const moments = [...marks.map(({ at }) => at), ...arrows.flatMap(({ sentAt, endedAt }) => [sentAt, endedAt])]
  const scale = timeScale(moments, top + 14, room === 'roomy' ? 1.3 : 0.45)
  const longest = Math.max(usualMoment, ...scale.ticks.map((time) => momentText(time).length))
  const left = leastLeft + characterWidth * (longest - usualMoment)
  const x = (lane: number): number => left + laneWidth[room] * (lane + 0.5) - (room === 'roomy' ? 50 : 0)
  const width = left + laneWidth[room] * Math.max(1, lanes.length) + (room === 'roomy' ? 40 : 0)
  const height = scale.height + bottom
  const context: Context = { scale, left, x, height, diagram, room, id }
  const pieces: readonly Piece[] = [
    ...scale.ticks.map((time) => ({ y: scale.y(time), end: scale.y(time), text: tickMarkup(time, context) })),
    ...scale.folds.map(({ y, micros }) => ({ y, end: y, text: foldMarkup(y, micros, width, left) })),
    ...arrows.map((arrow) => ({
      y: scale.y(arrow.sentAt),
      end: scale.y(arrow.endedAt),
      at: arrow.sentAt,
      text: arrowMarkup(arrow, context),
    })),
    ...stacked(marks, context).map(({ mark, shift, label }) => ({
      y: scale.y(mark.at),
      end: scale.y(mark.at),
      at: mark.at,
      text: markMarkup(mark, shift, label, context),
    })),
  ]
  const body = [
    ...bands.map((band) => bandMarkup(band, context)),
    ...lanes.map((lane, place) => laneMarkup(lane, place, context)),
    ...(pieces.length > oneLimit ? partsOf(pieces) : pieces.map(({ text }) => text)),
    headsMarkup(lanes, width, x),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" class="diagram" viewBox="0 0 ${width} ${round(height)}" width="${width}" height="${round(height)}" role="img" aria-labelledby="${id}-t ${id}-d"><title id="${id}-t">${escaped(diagram.title)}</title><desc id="${id}-d">${escaped(diagram.description)}</desc>${definitions(id)}${body.join('')}</svg>`
}

/** Something drawn, from where to where down the picture; an event has its time, µs. */
interface Piece {
  readonly y: number
  readonly end: number
  readonly at?: number
  readonly text: string
}

/**
 * A picture of more pieces is drawn in parts, so that a page need only make those that are seen. Each says where it is, how many events it has and
 * when they begin; the parts are in the order of time.
 */
const oneLimit = 4000
const partHeight = 800

function partsOf(pieces: readonly Piece[]): readonly string[] {
  const parts = new Map<number, Piece[]>()
  for (const piece of pieces) {
    const place = Math.floor(piece.y / partHeight)
    const part = parts.get(place)
    if (part === undefined) parts.set(place, [piece])
    else part.push(piece)
  }
  return [...parts]
    .toSorted(([one], [other]) => one - other)
    .map(([place, part]) => {
      const end = Math.max(...part.map((piece) => piece.end))
      const texts = part.map(({ text }) => text)
      const times = part.flatMap(({ at }) => at ?? [])
      const events = `data-n="${times.length}" data-t="${Math.min(...times, Number.MAX_SAFE_INTEGER)}"`
      return `<g class="part" data-y="${place * partHeight}" data-end="${round(end)}" ${events}>${texts.join('')}</g>`
    })
}

interface Context {
  readonly scale: TimeScale
  /** Where the lanes begin. */
  readonly left: number
  readonly x: (lane: number) => number
  readonly height: number
  readonly diagram: Diagram
  readonly room: DrawOptions['room']
  readonly id: string
}

function definitions(id: string): string {
  const head = (name: string): string =>
    `<marker id="${id}-${name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4 0 8z" class="h-${name}"/></marker>`
  return `<defs>${head('a')}${head('g')}<pattern id="${id}-p" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v6" class="hatch"/></pattern></defs>`
}

/** A node: a line while it is there, hatched while it is down, double while it is frozen. */
function laneMarkup({ name, gaps }: Lane, place: number, { x, scale, height, diagram, id }: Context): string {
  const at = x(place)
  const shown = gaps.filter(({ from, to }) => to > diagram.from && from <= diagram.to)
  const places = shown.map(({ kind, from, to }) => ({
    kind,
    from: from < diagram.from ? top : scale.y(from),
    to: to > diagram.to ? height - bottom + 14 : scale.y(to),
  }))
  const boxes = places.map(
    ({ kind, from, to }) =>
      `<g><title>${escaped(name)} was ${kind === 'down' ? 'down' : 'frozen'}</title><rect x="${at - 7}" y="${round(from)}" width="14" height="${round(to - from)}" class="${kind}"${kind === 'down' ? ` fill="url(#${id}-p)"` : ''}/></g>`,
  )
  return `<g><path d="M${at} ${top - 10}V${round(height - 8)}" class="lane"/>${boxes.join('')}</g>`
}

/** The names of the nodes, which a page keeps in sight. */
function headsMarkup(lanes: readonly Lane[], width: number, x: Context['x']): string {
  const names = lanes.map(
    ({ name }, place) => `<text x="${x(place)}" y="${top - 20}" class="name">${escaped(name)}</text>`,
  )
  return `<g class="heads"><rect width="${width}" height="${top - 10}" class="hb"/>${names.join('')}</g>`
}

/** A fault between nodes: a hatched area from the first to the last of them, with its name. */
function bandMarkup({ label, lanes, from, to }: LinkBand, { x, scale, height, diagram, id }: Context): string {
  if (from > diagram.to || to < diagram.from) return ''
  const [start, end] = [from < diagram.from ? top : scale.y(from), to > diagram.to ? height - bottom + 14 : scale.y(to)]
  const [first, last] = [x(Math.min(...lanes)) - 24, x(Math.max(...lanes)) + 24]
  const size = `x="${round(first)}" y="${round(start)}" width="${round(last - first)}" height="${round(Math.max(4, end - start))}"`
  return `<g class="band"><title>${escaped(label)} from ${momentText(from)} to ${momentText(to)}</title><rect ${size} class="bb"/><rect ${size} fill="url(#${id}-p)"/><text x="${round(last - 4)}" y="${round(start + 12)}" class="bl">${escaped(label)}</text></g>`
}

function tickMarkup(time: number, { scale, left }: Context): string {
  return `<text x="${left - 26}" y="${round(scale.y(time) + 3.5)}" class="tick">${momentText(time)}</text>`
}

/** Time in which nothing of this happened. */
function foldMarkup(y: number, micros: number, width: number, left: number): string {
  return `<g class="fold"><path d="M${left - 20} ${round(y)}H${width}"/><path d="M${left - 20} ${round(y)}q4-5 8 0t8 0 8 0"/><text x="${left - 26}" y="${round(y + 3.5)}" class="tick">${durationText(micros)}</text></g>`
}

/** A packet: an arrow; dashed and ended by a cross where it was lost, with a second stroke where the same went that way before. */
function arrowMarkup(arrow: Arrow, { x, scale, id, room }: Context): string {
  const { from, to, sentAt, endedAt, lost, again, message, text } = arrow
  const [x1, y1] = [x(from), scale.y(sentAt)]
  const side = from < to ? 1 : -1
  const [fullX, y2] = [x(to) - side * 8, scale.y(endedAt)]
  const x2 = lost === undefined ? fullX : x1 + (fullX - x1) * 0.72
  const line = `M${round(x1 + side * 8)} ${round(y1)}L${round(x2)} ${round(y2)}`
  const end =
    lost === undefined
      ? `<path d="${line}" class="arrow${again ? ' again' : ''}" marker-end="url(#${id}-${again ? 'g' : 'a'})"/>`
      : `<path d="${line}" class="arrow lost"/><path d="M${round(x2 - 5)} ${round(y2 - 5)}l10 10m0-10l-10 10" class="x"/>`
  const label = room === 'roomy' ? labelOfArrow(arrow, { x1, y1, x2, y2 }) : ''
  return `<g class="ev" data-t="${sentAt}" data-m="${escaped(message)}"${lost === undefined ? '' : ' data-k="lost"'}><title>${escaped(`${momentText(sentAt)}: ${text}`)}</title>${end}${label}</g>`
}

/** Below the middle of an arrow what it carries; of one that was lost, beside its cross, which nothing may hide, and why it was lost. */
function labelOfArrow(
  { from, to, about, lost }: Arrow,
  { x1, y1, x2, y2 }: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number },
): string {
  if (lost === undefined)
    return from === to
      ? ''
      : `<text x="${round((x1 + x2) / 2)}" y="${round((y1 + y2) / 2 + 11)}" class="al">${escaped(shortened(about, 20))}</text>`
  const side = from < to ? 1 : -1
  const words = escaped(`${shortened(about, 12)}: ${shortened(lost, 16)}`)
  return `<text x="${round(x2 - side * 9)}" y="${round(y2 + 11)}" class="al ${side < 0 ? 'from' : 'upto'}">${words}</text>`
}

interface Placed {
  readonly mark: Mark
  readonly shift: number
  readonly label: string
}

/** Signs of the same node and moment stand beside each other, and only the label of the first says how many there are. */
function stacked(marks: readonly Mark[], { room }: Context): readonly Placed[] {
  const groups = new Map<string, Mark[]>()
  for (const mark of marks) {
    const key = `${mark.lane} ${mark.at}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [mark])
    else group.push(mark)
  }
  return [...groups.values()].flatMap((group) =>
    group.map((mark, place) => ({
      mark,
      shift: place * 15,
      label:
        room === 'roomy' && place === group.length - 1
          ? shortened(group.map(({ label }) => label).join(', '), 26 - 3 * (group.length - 1))
          : '',
    })),
  )
}

function markMarkup(
  { lane, at, shape, text, message, broken }: Mark,
  shift: number,
  label: string,
  { x, scale }: Context,
): string {
  const [cx, cy] = [x(lane) + shift, scale.y(at)]
  const ring = broken ? '<circle r="10" class="ring"/>' : ''
  const words = label === '' ? '' : `<text x="11" y="-5" class="label">${escaped(label)}</text>`
  const kind = broken ? ' data-k="broken"' : shape === 'fault' ? ' data-k="fault"' : ''
  return `<g class="ev mk" transform="translate(${round(cx)} ${round(cy)})" data-t="${at}" data-m="${escaped(message)}"${kind}><title>${escaped(`${momentText(at)}: ${text}`)}</title>${ring}${signs[shape]}${words}</g>`
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}&<>"]/gu, (character) => entities[character] ?? ' ')
}
