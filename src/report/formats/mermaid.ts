import type { Arrow, Diagram, Mark } from '../diagram/diagram.ts'
import { printable } from '../paint.ts'
import { momentText, unbreakable } from '../quantities.ts'

/** A diagram as a sequence diagram of Mermaid, for documents: packets as arrows, lost ones with a cross, everything else as a note. */
export function mermaidSequence({ title, lanes, arrows, marks }: Diagram): string {
  const participants = lanes.map(({ name }, place) => `  participant n${place} as ${plain(name)}`)
  const events = [
    ...arrows.map((arrow) => ({ at: arrow.sentAt, line: arrowLine(arrow) })),
    ...marks.map((mark) => ({ at: mark.at, line: noteLine(mark) })),
  ].toSorted((one, other) => one.at - other.at)
  return ['sequenceDiagram', `  title ${plain(title)}`, ...participants, ...events.map(({ line }) => line), ''].join(
    '\n',
  )
}

function arrowLine({ from, to, sentAt, lost, again, about, message }: Arrow): string {
  const line = lost === undefined ? (again ? '-->>' : '->>') : '--x'
  const what = [...new Set([about, message])].join(' ')
  const why = lost === undefined ? '' : `, lost - ${lost}`
  return `  n${from}${line}n${to}: ${plain(`${momentText(sentAt)} ${what}${why}`)}`
}

function noteLine({ lane, at, text }: Mark): string {
  return `  Note over n${lane}: ${plain(`${momentText(at)} ${text}`)}`
}

/** Without what Mermaid would take for more than text. */
function plain(text: string): string {
  return printable(text)
    .replaceAll(unbreakable, ' ')
    .replaceAll(/[;#<>]/g, ' ')
    .replaceAll(/:(?=\s)/g, ' -')
    .trim()
}
