import type { JudgedRow, Run } from '../../run.ts'
import { countText } from '../quantities.ts'
import { replayCommand, type RunSource } from '../replay-command.ts'
import { notesOf } from '../text.ts'
import { thresholdText } from '../threshold-text.ts'
import {
  conclusionStanding,
  conclusionText,
  standingOf,
  thresholdStanding,
  verdictCounts,
  verdictText,
  type Standing,
} from '../verdict-words.ts'
import type { Violation } from '../violations.ts'
import { type Content, html, type Markup, table } from './markup.ts'

/** What a reader must get in five seconds: how it came out, why, and how to see it again. */
export function verdictSection(run: Run, violations: readonly Violation[], source: RunSource): Markup {
  const summary = `${capital(conclusionText(run))}: ${verdictCounts(run)}`
  return html`<section aria-label="Verdict">
    <div class="verdict ${conclusionStanding(run)}">
      <p>${summary}.</p>
      ${
        violations.length === 0
          ? undefined
          : html`<ul>
              ${violations.map(violationItem)}
            </ul>`
      }
      ${notesOf(run).map((note) => html`<p class="small">Note: ${note}</p>`)}
    </div>
    <p class="small soft" id="again">See it again, to the same byte:</p>
    <pre aria-labelledby="again" tabindex="0">${replayCommand(run, source)}</pre>
  </section>`
}

/** Every guarantee that was judged, with the thresholds before. */
export function guaranteesPart(run: Run): Markup {
  const thresholds = run.thresholds.map(
    (threshold) => html`<li>${marked(thresholdStanding(threshold), thresholdText(threshold))}</li>`,
  )
  const heads = ['Service', 'Guarantee', 'Level', 'Verdict', 'Judged', 'Violations']
  return html`${
    thresholds.length === 0
      ? undefined
      : html`<ul class="plain">
          ${thresholds}
        </ul>`
  }
  ${table(
    'The verdict on each guarantee',
    heads,
    run.rows.map((row) => verdictCells(row, run)),
  )}`
}

export function marked(standing: Standing, text: string): Markup {
  return html`<span class="mark ${standing}">${text}</span>`
}

function violationItem({ heading, sentence }: Violation): Markup {
  return html`<li><strong>${heading}</strong>: ${sentence}</li>`
}

function verdictCells(row: JudgedRow, run: Run): readonly Content[] {
  const { service, guarantee, level, judged, violations } = row
  const verdict = marked(standingOf(row), verdictText(row, run))
  return [
    html`<span class="name">${service}</span>`,
    guarantee,
    level,
    verdict,
    rightAligned(judged),
    rightAligned(violations),
  ]
}

function rightAligned(count: number): Content {
  return count < 1000 ? count : countText(count)
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
