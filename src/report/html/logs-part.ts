import { signs } from '../diagram/signs.ts'
import { drawLog, outcomeNames, outcomeShapes } from '../log-view/draw-log.ts'
import type { LogView, Outcome, Pass } from '../log-view/log-view.ts'
import { countText, momentText } from '../quantities.ts'
import { type Content, html, madeHere, type Markup, table } from './markup.ts'

/** Who stored and read which position of each log or queue, and when. */
export function logsPart(views: readonly LogView[]): Content {
  if (views.length === 0) return undefined
  return html`${views.map(logFigure)} ${legend()}`
}

function logFigure(view: LogView, place: number): Markup {
  const { positions, passes } = view.leftOut
  const left = [
    ...(positions > 0 ? [`${countText(positions)} positions`] : []),
    ...(passes > 0 ? [`${countText(passes)} passes`] : []),
  ]
  return html`<figure>
    <figcaption>
      <span class="name">${view.place}</span
      ><span
        >Positions across; down, the replicas that stored, copied and dropped them, then the passes of those who read
        them, in the order in which they began.${left.length > 0 ? ` Not shown: ${left.join(' and ')}.` : ''}</span
      >
    </figcaption>
    <div class="scene" tabindex="0" role="region" aria-label="Log of ${view.place}">
      ${madeHere(drawLog(view, `log-${place + 1}`))}
    </div>
    <details>
      <summary>The same as a table</summary>
      ${table(`Passes through ${view.place}`, ['From', 'To', 'Who', 'Did', 'Positions'], view.passes.map(passCells))}
    </details>
  </figure>`
}

function passCells({ actor, action, from, to, cells }: Pass): readonly Content[] {
  const outcomes = [...new Set(cells.map(({ outcome }) => outcome))]
  const said = outcomes.map((outcome) => {
    const positions = cells.filter((cell) => cell.outcome === outcome).map(({ position }) => position)
    return outcome === action ? rangesText(positions) : `${outcomeNames[outcome]}: ${rangesText(positions)}`
  })
  return [momentText(from), momentText(to), actor, action, said.join('; ')]
}

/** `0–59, 61`. */
function rangesText(positions: readonly number[]): string {
  const ranges: [first: number, last: number][] = []
  for (const position of positions) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] + 1 === position) last[1] = position
    else ranges.push([position, position])
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}–${last}`)).join(', ')
}

const outcomes: readonly Outcome[] = ['stored', 'copied', 'dropped', 'handled', 'failed', 'left-out', 'unfinished']

function legend(): Markup {
  return html`<ul class="legend">
    ${outcomes.map(
      (outcome) =>
        html`<li>
          <svg class="diagram" viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">
            ${madeHere(signs[outcomeShapes[outcome]])}
          </svg>
          ${outcomeNames[outcome]}
        </li> `,
    )}
  </ul>`
}
