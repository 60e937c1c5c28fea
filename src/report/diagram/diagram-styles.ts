import type { Diagram } from './diagram.ts'
import { drawDiagram } from './draw.ts'

/*
 * The look of diagrams: inside a page through its variables, as a file with variables of its own. Forms differ as well as colours, so that
 * neither colour vision nor a coloured printer is needed.
 */

/** The values of the variables in light. */
export const lightDiagramColours =
  '--d-ink:#1b2028;--d-soft:#596273;--d-lane:#8a93a3;--d-paper:#fff;--d-arrow:#0072b2;--d-again:#a8558a;--d-bad:#b3261e;--d-good:#0f7b4f;--d-unsure:#8a5a00;--d-effect:#d55e00'
const dark =
  '--d-ink:#e7e9ee;--d-soft:#a2abba;--d-lane:#77808f;--d-paper:#14171d;--d-arrow:#56b4e9;--d-again:#e39cc5;--d-bad:#ff8a7a;--d-good:#5cd6a0;--d-unsure:#f2c14e;--d-effect:#e69f00'

const rules = `.diagram text{font:11.5px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--d-ink)}
.diagram .name{font-weight:600;font-size:13px;text-anchor:middle}
.diagram .hb{fill:var(--d-paper)}
.diagram .tick{text-anchor:end;fill:var(--d-soft);font-size:10.5px}
.diagram .mid{text-anchor:middle;font-size:10.5px}
.diagram .label{paint-order:stroke;stroke:var(--d-paper);stroke-width:3px;stroke-linejoin:round}
.diagram .al{text-anchor:middle;fill:var(--d-soft);font-size:10.5px;paint-order:stroke;stroke:var(--d-paper);stroke-width:3px;stroke-linejoin:round}
.diagram .from{text-anchor:start}.diagram .upto{text-anchor:end}
.diagram .bl{text-anchor:end;fill:var(--d-bad);font-size:11px;font-weight:600;paint-order:stroke;stroke:var(--d-paper);stroke-width:3px}
.diagram .lane{stroke:var(--d-lane);stroke-width:1.5;fill:none}
.diagram .down{stroke:var(--d-bad);stroke-width:1;paint-order:stroke}
.diagram .paused{fill:var(--d-paper);stroke:var(--d-unsure);stroke-width:2;stroke-dasharray:6 3}
.diagram .hatch{stroke:var(--d-bad);stroke-width:1.4;opacity:.55}
.diagram .bb{fill:var(--d-bad);opacity:.07}
.diagram .fold path{stroke:var(--d-soft);fill:none;stroke-width:1;opacity:.6}
.diagram .fold path:first-child{stroke-dasharray:2 4}
.diagram .arrow{stroke:var(--d-arrow);stroke-width:1.6;fill:none}
.diagram .again{stroke:var(--d-again);stroke-dasharray:9 2}
.diagram .lost{stroke:var(--d-bad);stroke-dasharray:4 3}
.diagram .x{stroke:var(--d-bad);stroke-width:2.4;fill:none;stroke-linecap:round}
.diagram .h-a{fill:var(--d-arrow)}.diagram .h-g{fill:var(--d-again)}
.diagram .o{fill:var(--d-paper);stroke:var(--d-ink);stroke-width:1.6}
.diagram .f{fill:var(--d-arrow);stroke:var(--d-paper);stroke-width:1}
.diagram .e{fill:var(--d-effect);stroke:var(--d-paper);stroke-width:1}
.diagram .g{fill:var(--d-good)}.diagram .u{fill:var(--d-unsure)}.diagram .b{fill:var(--d-bad);stroke:var(--d-paper);stroke-width:1}
.diagram .t{stroke:var(--d-paper);stroke-width:1.6;fill:none}
.diagram .l{stroke:var(--d-ink);stroke-width:1.8;fill:none}
.diagram .ring{fill:none;stroke:var(--d-bad);stroke-width:2;stroke-dasharray:3 2}
.follows .diagram .ev:not(.same){opacity:.18}.diagram .on>*{filter:drop-shadow(0 0 2px var(--d-ink))}
`

/** For a page: light or dark as the reader's machine says. */
export const diagramStyles = `:root{${lightDiagramColours}}@media (prefers-color-scheme:dark){:root{${dark}}}
@media print{:root{${lightDiagramColours}}}
${rules}`

/** A diagram as a file of its own, with the labels that a page has beside it. */
export function diagramFile(diagram: Diagram): string {
  const room = diagram.marks.length > 200 ? 'dense' : 'roomy'
  return standalone(drawDiagram(diagram, { room, id: 'diagram' }))
}

function standalone(svg: string): string {
  const style = `<style>svg{${lightDiagramColours};background:#fff}@media(prefers-color-scheme:dark){svg{${dark};background:#14171d}}${rules}</style>`
  return `${svg.replace('>', `>${style}`)}\n`
}
