import { remedyText } from '../story/remedy.ts'
import { storiesTold } from '../story/saved.ts'
import { printable } from '../paint.ts'
import { replayCommand } from '../replay-command.ts'
import { judgedThings, runName, storyOf } from './judged-things.ts'
import type { SourcedRun } from './junit.ts'

/** GitHub shows about ten of a kind for each step; the last one says how many there are besides. */
const annotationLimit = 9

/** Workflow commands for GitHub Actions: one for each run that did not come out as expected, on its scenario file, whatever broke in it. */
export function githubAnnotations(runs: readonly SourcedRun[]): readonly string[] {
  const wrong = runs.filter(({ run }) => run.conclusion !== 'as-expected')
  const shown = wrong.slice(0, annotationLimit).map(annotation)
  const left = wrong.length - annotationLimit
  return left > 0 ? [...shown, `::error title=onceproof::${left} more runs did not come out as expected`] : shown
}

function annotation({ run, source, variants }: SourcedRun): string {
  const level = run.conclusion === 'not-as-expected' ? 'error' : 'warning'
  const wrong = judgedThings(run).filter(({ outcome }) => outcome === (level === 'error' ? 'not-met' : 'undecided'))
  const stories = storiesTold(run, variants).filter(({ of }) => of === 'broken')
  const story = wrong.flatMap((thing) => storyOf(stories, thing) ?? [])[0] ?? stories[0]
  const message = [
    ...wrong.map(({ name, text }) => `${name}: ${text}`),
    ...(story === undefined ? [] : [story.outcome, ...(story.remedy === undefined ? [] : [remedyText(story.remedy)])]),
    ...run.notes,
    `again: ${replayCommand(run, source)}`,
  ]
  const title = `${runName(run)}: ${level === 'error' ? 'not as expected' : 'undecided'}`
  return `::${level} file=${property(source.file)},line=1,title=${property(title)}::${data(message.map(printable).join('\n'))}`
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(printable(text)).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
