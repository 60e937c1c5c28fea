import type { Diagram } from '../diagram/diagram.ts'
import { drawDiagram } from '../diagram/draw.ts'
import type { Story } from '../story/story.ts'
import { type Content, html, madeHere } from './markup.ts'
import { storiesPart } from './stories-part.ts'

/** A scenario that shows something, with its story, its picture and how to run it. */
interface ShownScenario {
  readonly stories: readonly Story[]
  readonly diagram: Diagram | undefined
  /** The command that runs it. */
  readonly command: string
  /** Its file. */
  readonly text: string
}

/** What unfolds below the title of a case. `id` is its name on the page, `label` says to those who cannot see it of what the picture is. */
export function caseBody(
  { stories, diagram, command, text }: ShownScenario,
  { id, label }: { readonly id: string; readonly label: string },
): Content {
  const picture =
    diagram === undefined
      ? undefined
      : html`<div class="scene" tabindex="0" role="region" aria-label="Space and time of ${label}">
          ${madeHere(drawDiagram(diagram, { room: 'roomy', id }))}
        </div>`
  return html`${storiesPart(stories, 'without-links')} ${picture}
    <p class="small soft">Run it:</p>
    <pre>${command}</pre>
    <details>
      <summary>The scenario</summary>
      <pre tabindex="0">${text}</pre>
    </details>`
}
