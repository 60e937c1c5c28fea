import type { Run } from '../../run.ts'
import { type Content, html, type Markup } from './markup.ts'

/** Folds the results of a lesson away until the reader has made a prediction; any other scenario shows them at once. */
export function behindPrediction({ scenario: { predict, why } }: Run, results: Content): Content {
  if (predict === undefined)
    return why === ''
      ? results
      : [
          results,
          html`<section aria-labelledby="why">
            <h2 id="why">Why</h2>
            <p>${why}</p>
          </section>`,
        ]
  const choices = predict.choices.map((choice) => html`<li>${choice}</li>`)
  return html`<section aria-labelledby="prediction">
      <h2 id="prediction">Your prediction</h2>
      <p>${predict.ask}</p>
      <ol class="choices">
        ${choices}
      </ol>
    </section>
    <details class="reveal told">
      <summary>I have made up my mind: show what happened</summary>
      <div class="answer" role="note" aria-label="The answer">
        <p>${answer(predict)}</p>
        <p>${why}</p>
      </div>
      ${results}
    </details>`
}

function answer({ answer: right, usual }: NonNullable<Run['scenario']['predict']>): Markup {
  const others = usual === right ? html` Most people say so.` : html` Most people say “${usual}”.`
  return html`The answer is <strong>${right}</strong>.${others}`
}
