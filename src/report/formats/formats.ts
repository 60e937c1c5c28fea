import type { Run } from '../../run.ts'
import type { Diagram } from '../diagram/diagram.ts'
import { chromeTrace } from './chrome-trace.ts'
import { ednHistory } from './edn.ts'
import { mermaidSequence } from './mermaid.ts'
import { shivizLog } from './shiviz.ts'

/** A form of a run for another program. */
export interface ExportFormat {
  /** The word for it on a command line. */
  readonly name: string
  /** The file in the folder of a report. */
  readonly file: string
  readonly summary: string
  /** The text in parts; nothing where the run has nothing of the kind. `picture` is the diagram that the report begins with. */
  write(run: Run, picture: Diagram | undefined): Iterable<string> | undefined
}

/** The one list of them. */
export const exportFormats: readonly ExportFormat[] = [
  { name: 'trace', file: 'trace.json', summary: 'Perfetto and the trace viewer of Chrome', write: chromeTrace },
  { name: 'shiviz', file: 'shiviz.log', summary: 'ShiViz: a log with vector clocks', write: shivizLog },
  {
    name: 'mermaid',
    file: 'diagram.mmd',
    summary: 'Mermaid: a sequence diagram',
    write: (_, picture) => (picture === undefined ? undefined : [mermaidSequence(picture)]),
  },
  { name: 'edn', file: 'history.edn', summary: 'what clients saw, in the form of Jepsen', write: ednHistory },
]
