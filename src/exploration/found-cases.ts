import { diagramViews } from '../report/diagram/views.ts'
import type { FoundCase } from '../report/exploration-view.ts'
import { commandText } from '../report/replay-command.ts'
import { storiesTold } from '../report/story/saved.ts'
import { run } from '../run.ts'
import { simulate } from '../pipeline/simulate.ts'
import { counterexampleLines } from './search-report.ts'
import { parsed } from './shrink/shorter-file.ts'
import type { Counterexample } from './shrink/shrink.ts'

/** A counterexample as reports get it, with its story and its picture: it is run once more. `mend` is what was found to mend it, in a sentence. */
export function foundCase(one: Counterexample, file: string | undefined, mend: string | undefined): FoundCase {
  const [title = '', size = '', ...remarks] = counterexampleLines(one).map((line) => line.trim())
  const told = toldOf(one)
  const command = commandText(['run', file ?? 'scenario.yaml'])
  return { title, kind: one.kind, size, remarks, mend, command, text: one.text, ...told }
}

/** The stories of what it shows; nothing of a case that cannot be read back. */
function toldOf({ text, title, guarantee }: Counterexample): Pick<FoundCase, 'stories' | 'diagram'> {
  const scenario = parsed(text, title)
  if (scenario === undefined) return { stories: [], diagram: undefined }
  const shown = run(scenario)
  const stories = storiesTold(shown).filter(({ of }) => of === 'broken')
  const about = stories.filter(({ heading }) => heading.includes(guarantee))
  const first = (about.length > 0 ? about : stories).slice(0, 1)
  const packets = simulate(scenario, { observeNetwork: true }).history
  return { stories: first, diagram: diagramViews(shown, first, packets).stories[0] }
}
