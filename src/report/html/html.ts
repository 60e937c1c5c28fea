import type { DrawnChart } from '../charts/render.ts'
import { casesPart } from './cases-part.ts'
import { chartsPart } from './charts-part.ts'
import { configurationPart, omissionsPart } from './configuration-part.ts'
import { partsWithContents } from './contents.ts'
import { faultsPart } from './faults-part.ts'
import { figuresPart } from './figures-part.ts'
import { diagramPart, type DiagramViews, type Pack } from './diagram-part.ts'
import { diagramScript, diagramScriptDigest } from './diagram-script.ts'
import { type Content, html } from './markup.ts'
import { logViews } from '../log-view/log-view.ts'
import { logsPart } from './logs-part.ts'
import { page } from './page.ts'
import { behindPrediction } from './prediction.ts'
import { promisesPart } from './promises-part.ts'
import { storiesPart } from './stories-part.ts'
import { guaranteesPart, verdictSection } from './verdict.ts'
import { durationText, countText } from '../quantities.ts'
import type { RunSource } from '../replay-command.ts'
import type { Run } from '../../run.ts'
import { storiesTold } from '../story/saved.ts'
import type { Story } from '../story/story.ts'
import { trailsOf, violationsOf } from '../violations.ts'

/**
 * A run as one page that opens without a network and is readable without programs. The charts are drawn before, by those who want to have them
 * as files too. The same run gives the same bytes.
 */
export function htmlReport(
  run: Run,
  charts: readonly DrawnChart[],
  source: RunSource,
  { diagrams, stories = storiesTold(run), history, pack }: Told = {},
): string {
  const trails = trailsOf(run)
  const results = [
    verdictSection(run, violationsOf(run, trails), source),
    partsWithContents([
      { id: 'diagram', heading: 'Space and time', body: diagrams && diagramPart(diagrams, pack) },
      { id: 'story', heading: 'What happened, and why', body: storiesPart(stories) },
      { id: 'logs', heading: 'Logs and queues', body: logsPart(logViews(run.history, storied(stories), logLimit)) },
      { id: 'guarantees', heading: 'Guarantees', body: guaranteesPart(run) },
      { id: 'charts', heading: 'Over time', body: chartsPart(charts) },
      { id: 'figures', heading: 'Figures', body: figuresPart(run) },
      { id: 'configuration', heading: 'Configuration, as resolved', body: configurationPart(run) },
      { id: 'faults', heading: 'Faults as they struck', body: faultsPart(run) },
      { id: 'promises', heading: 'Promises, and whether they were kept', body: promisesPart(run) },
      { id: 'omissions', heading: 'What the model leaves out', body: omissionsPart(run) },
      { id: 'cases', heading: 'The raw history, case by case', body: [casesPart(run, trails), historyPart(history)] },
    ]),
  ]
  const script = diagrams === undefined ? undefined : { text: diagramScript, digest: diagramScriptDigest }
  return page(run.scenario.title, header(run), behindPrediction(run, results), script)
}

/** So many logs and queues are shown. */
const logLimit = 4

/** What the stories are about: where something broke, that; else what was saved. */
function storied(stories: readonly Story[]): readonly string[] {
  const broken = stories.filter(({ of }) => of === 'broken')
  return (broken.length > 0 ? broken : stories).map(({ item }) => item)
}

/** What was told and drawn before, by those who want it as files too or know more than the run does. */
export interface Told {
  readonly diagrams?: DiagramViews
  readonly stories?: readonly Story[]
  /** Where the whole history is to be had. */
  readonly history?: HistorySource
  readonly pack?: Pack
}

/** A file with every fact of a run: inside of the page, or beside it. */
export interface HistorySource {
  readonly name: string
  /** An address relative to the page, or the file itself as a `data:` address. */
  readonly href: string
}

function historyPart(history: HistorySource | undefined): Content {
  if (history === undefined) return undefined
  const { name, href } = history
  return html`<p>
    Every fact:
    <a href="${href}" download="${name}">${name}</a
    >${href.startsWith('data:') ? ', which is in this page' : ', beside this page'}.
  </p>`
}

function header({
  scenario: { name, title, question, seed, variant },
  fingerprint,
  events,
  simulatedMicros,
}: Run): Content {
  const parts = [name, ...(variant === '' ? [] : [`variant ${variant}`]), `seed ${seed}`]
  const size = `${countText(events)} events in ${durationText(simulatedMicros)} of virtual time`
  return html`<p class="origin">${parts.join(' · ')}</p>
    <h1>${title}</h1>
    ${question === '' ? undefined : html`<p class="question">${question}</p>`}
    <p class="origin">${size} · fingerprint <code>${fingerprint}</code></p>`
}
