import type { Builder } from 'junit-report-builder'
import type { Run } from '../../run.ts'
import { printable } from '../paint.ts'
import { replayCommand, type RunSource } from '../replay-command.ts'
import { storyLines } from '../story/story-text.ts'
import { storiesTold } from '../story/saved.ts'
import type { Story } from '../story/story.ts'
import { judgedThings, type JudgedThing, runName, storyOf } from './judged-things.ts'

/** A run and where it came from. */
export interface SourcedRun {
  readonly run: Run
  readonly source: RunSource
  /** Others of the same scenario, in which what would have prevented a violation may be found. */
  readonly variants?: readonly Run['scenario'][]
}

/**
 * JUnit's XML: a test suite for each run, a test case for each guarantee and threshold. What came out as the scenario expects passes, also when
 * that is a violation; what nobody could judge is skipped. Times are virtual: the same run gives the same bytes.
 */
export async function junitXml(runs: readonly SourcedRun[]): Promise<string> {
  const { default: library } = await import('junit-report-builder')
  const report = builderOf(library).newBuilder().name('onceproof')
  for (const { run, source, variants } of runs) {
    const stories = storiesTold(run, variants)
    const things = judgedThings(run)
    const suite = report
      .testSuite()
      .name(clean(runName(run)))
      .time(run.simulatedMicros / 1_000_000)
    suite.property('seed', clean(run.scenario.seed))
    suite.property('fingerprint', run.fingerprint)
    suite.property('again', clean(replayCommand(run, source)))
    for (const thing of things) {
      const test = suite
        .testCase()
        .className(clean(runName(run)))
        .name(clean(thing.name))
        .file(clean(source.file))
      if (thing.outcome === 'undecided') test.skipped()
      if (thing.outcome === 'not-met')
        test
          .failure(clean(thing.text), thing.standing)
          .stacktrace(clean(detailsOf(stories, thing, replayCommand(run, source))))
    }
  }
  return `${report.build()}\n`
}

/** The library is of the older kind of modules, whose default export a loader may or may not unwrap. */
function builderOf(library: Builder | { readonly default: Builder }): Builder {
  return 'newBuilder' in library ? library : library.default
}

/** What broke and how to see it again. */
function detailsOf(stories: readonly Story[], thing: JudgedThing, again: string): string {
  const story = storyOf(stories, thing)
  const told = story === undefined ? [] : [story.outcome, ...storyLines(story, 200)]
  return [...told, `again: ${again}`].join('\n')
}

/** Without what XML has no place for, line breaks excepted. */
function clean(text: string): string {
  return text.split('\n').map(printable).join('\n')
}
