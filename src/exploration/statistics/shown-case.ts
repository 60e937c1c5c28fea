import type { Witness } from '../../checks/check.ts'
import { catalogue } from '../../pipeline/catalogue.ts'
import { simulate } from '../../pipeline/simulate.ts'
import type { Diagram } from '../../report/diagram/diagram.ts'
import { diagramViews } from '../../report/diagram/views.ts'
import { storiesOf, type Story } from '../../report/story/story.ts'
import { whatBecameOf } from '../../report/story/what-became-of.ts'
import { trailsOf, violationsOf } from '../../report/violations.ts'
import { run, type Run } from '../../run.ts'
import { stringifyScenario } from '../../scenario/document.ts'
import type { Expectation } from '../../scenario/scenario.ts'
import { withoutIntentions } from '../intentions.ts'
import { parsed } from '../shrink/shorter-file.ts'
import { ratedRows, scenarioInRun, type Design, type Experiment } from './experiment.ts'
import type { ShownRun } from './shown-runs.ts'
import { telling } from './telling.ts'

/** A run that a result names, as a scenario that does the same by itself, and its story. */
export interface ShownCase extends ShownRun {
  /** What it shows, in a sentence without a full stop. */
  readonly title: string
  /** A file. It expects what ought to hold, so it is red as long as that is broken. */
  readonly text: string
  /** By guarantee: how it broke, or what became here of the message for which another design breaks it. */
  readonly stories: readonly { readonly guarantee: string; readonly story: Story }[]
  /** The picture of the first story. */
  readonly diagram: Diagram | undefined
}

/** The same once it is kept in a file. */
export interface KeptRun extends ShownCase {
  readonly file: string
}

/** Writes a run of an experiment as a scenario, and tells its story. The file is read back and must come to the same fingerprint. */
export function shownCase(experiment: Experiment, shown: ShownRun): ShownCase {
  const design = designAt(experiment, shown.design)
  const title = titleOf(experiment, shown)
  const planned = { ...withoutIntentions(scenarioInRun(experiment, design, shown.run)), variant: '', title }
  const first = run(planned)
  const why = whyText(experiment, shown, first)
  const expectations = expectationsFor(shown, first)
  const text = stringifyScenario({ ...planned, why, expectations }, catalogue)
  const scenario = parsed(text, planned.name)
  const again = scenario && run(scenario)
  if (scenario === undefined || again?.fingerprint !== first.fingerprint)
    throw new Error(`The file of run ${shown.run} of ${design.name} does not do what that run did:\n${text}`)
  const stories = [...brokenStories(shown, again), ...keptStories(experiment, shown, again)]
  const packets = simulate(scenario, { observeNetwork: true }).history
  const told = stories.slice(0, 1).map(({ story }) => story)
  const diagram = told.length === 0 ? undefined : diagramViews(again, told, packets).stories[0]
  return { ...shown, title, text, stories, diagram }
}

function designAt({ designs }: Experiment, place: number): Design {
  const design = designs[place]
  if (design === undefined) throw new Error(`There is no design number ${place} in this experiment.`)
  return design
}

/** `plain breaks no-duplicates/effect: run 23 under production-day`. */
function titleOf(experiment: Experiment, { design, run: index, breaks, keeps }: ShownRun): string {
  const kept = keeps.map(
    ({ guarantee, broken }) => `keeps ${guarantee}, which ${designAt(experiment, broken).name} breaks`,
  )
  const broken = breaks.length === 0 ? [] : [`breaks ${telling(breaks).join(', ')}`]
  const what = [...broken, ...kept].join(', and ')
  return `${designAt(experiment, design).name} ${what}: run ${index} under ${experiment.profile}`
}

function whyText({ profile, seed }: Experiment, { run: index }: ShownRun, { faults }: Run): string {
  const struck = faults.filter(({ state }) => state === 'over' || state === 'active').length
  return `Beside its own faults it has those of run ${index}, drawn from ${profile} with the seed ${seed}. Of all ${faults.length} faults ${struck} struck.`
}

/** Of whatever can be judged of the guarantees that the run is named for, that it holds. */
function expectationsFor({ breaks, keeps }: ShownRun, outcome: Run): readonly Expectation[] {
  const named = new Set([...breaks, ...keeps.map(({ guarantee }) => guarantee)])
  return ratedRows(outcome)
    .filter(({ key, row }) => named.has(key) && row.verdict !== 'unknown')
    .map(({ row: { service, guarantee, level } }) => {
      return { service, guarantee, level: level === 'run' ? undefined : level, verdict: 'holds' as const }
    })
}

type ToldStory = ShownCase['stories'][number]

/** Guarantees that are broken by the same thing share a story; those that say the most come first. */
function brokenStories({ breaks }: ShownRun, outcome: Run): readonly ToldStory[] {
  const trails = trailsOf(outcome)
  const told = violationsOf(outcome, trails).map((violation) => {
    const [story] = storiesOf(outcome, [violation], trails)
    return { keys: violation.rows.map(({ guarantee, level }) => `${guarantee}/${level}`), story }
  })
  return [...new Set([...telling(breaks), ...breaks])].flatMap((guarantee) => {
    const story = told.find(({ keys }) => keys.includes(guarantee))?.story
    return story === undefined ? [] : [{ guarantee, story }]
  })
}

/** What becomes here of the messages for which the other design breaks it. */
function keptStories(experiment: Experiment, { keeps, run: index }: ShownRun, outcome: Run): readonly ToldStory[] {
  return keeps.flatMap(({ guarantee, broken }) => {
    const other = run(scenarioInRun(experiment, designAt(experiment, broken), index))
    const row = ratedRows(other).find(({ key, row: { verdict } }) => key === guarantee && verdict === 'violated')?.row
    const [witness] = row?.witnesses ?? []
    if (row === undefined || witness === undefined) return []
    const heading = `${row.service} ${row.guarantee} (${row.level})`
    const story = whatBecameOf(outcome, messagesOf(witness, other), { service: row.service, heading })
    return story === undefined ? [] : [{ guarantee, story }]
  })
}

/** What a witness is about, and the other messages that show it: that which came too early, for one that came late. */
function messagesOf({ item, evidence }: Witness, { history }: Run): readonly string[] {
  const shown = evidence.flatMap(({ message }) => (typeof message === 'number' ? [history.names.text(message)] : []))
  return [...new Set([item, ...shown])]
}
