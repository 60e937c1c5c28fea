import { diagramViews } from '../report/diagram/views.ts'
import type { FoundCase } from '../report/exploration-view.ts'
import { commandText } from '../report/replay-command.ts'
import { storiesTold } from '../report/story/saved.ts'
import type { Story } from '../report/story/story.ts'
import { run, type Run } from '../run.ts'
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

/**
 * What the logs of a system show in which this is the cause, a line for each thing that they should tell of one message, in this order: somebody
 * who saw the symptom can look whether it was this cause or another.
 */
export function logSigns(one: Counterexample): readonly string[] {
  const scenario = parsed(one.text, one.title)
  const [story] = scenario === undefined ? [] : storyOf(run(scenario), one)
  return (story?.steps ?? []).map(({ text }) => text)
}

/** The stories of what it shows; nothing of a case that cannot be read back. */
function toldOf(one: Counterexample): Pick<FoundCase, 'stories' | 'diagram'> {
  const scenario = parsed(one.text, one.title)
  if (scenario === undefined) return { stories: [], diagram: undefined }
  const shown = run(scenario)
  const first = storyOf(shown, one)
  const packets = simulate(scenario, { observeNetwork: true }).history
  return { stories: first, diagram: diagramViews(shown, first, packets).stories[0] }
}

/** The story of the guarantee that a case was made for, or of what broke besides. */
function storyOf(shown: Run, { guarantee }: Counterexample): readonly Story[] {
  const stories = storiesTold(shown).filter(({ of }) => of === 'broken')
  const about = stories.filter(({ heading }) => heading.includes(guarantee))
  return (about.length > 0 ? about : stories).slice(0, 1)
}
