import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import type { History } from '../history/history.ts'
import { catalogue } from '../pipeline/catalogue.ts'
import { simulate } from '../pipeline/simulate.ts'
import { chartsOf } from '../report/charts/charts.ts'
import { drawCharts, standaloneSvg } from '../report/charts/render.ts'
import { diagramFile } from '../report/diagram/diagram-styles.ts'
import { diagramViews } from '../report/diagram/views.ts'
import type { ExportFormat } from '../report/formats/formats.ts'
import { htmlReport } from '../report/html/html.ts'
import { storiesTold } from '../report/story/saved.ts'
import type { Run } from '../run.ts'
import { stringifyScenario } from '../scenario/document.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { linkTo, writeAtomically } from './atomic-files.ts'
import { historyFile, historySource, pack } from './history-file.ts'
import { indexPage } from './index-page.ts'
import type { LoadedScenario } from './load-scenarios.ts'
import { pngFiles } from './png.ts'
import { problemWith, reasonOf } from './problems.ts'
import { othersOf } from './variants-of.ts'

/** A run, and what it was read from. */
export interface Finished extends LoadedScenario {
  readonly run: Run
}

/** What somebody wants in a report besides what every report has. */
export interface ReportExtras {
  readonly exports: readonly ExportFormat[]
  /** Pictures also as PNG. */
  readonly png: boolean
}

const noExtras: ReportExtras = { exports: [], png: false }

/**
 * Where reports go. `given` is the folder of `--report`: of a single run it is the report's own, of several the folder above theirs, which
 * are named after the scenarios.
 */
export class ReportFolders {
  readonly #given: string | undefined
  readonly #extras: ReportExtras

  constructor(given: string | undefined, extras: ReportExtras = noExtras) {
    this.#given = given
    this.#extras = extras
  }

  /** The folder above all. */
  get base(): string {
    return this.#given ?? 'reports'
  }

  /** What keeps us from writing there, before anything has run. */
  get problem(): ScenarioProblem | undefined {
    try {
      makeFolder(path.resolve(this.base))
      accessSync(this.base, constants.W_OK)
      return statSync(this.base).isDirectory() ? undefined : this.#refused('there is a file of that name')
    } catch (error) {
      return this.#refused(reasonOf(error))
    }
  }

  #refused(reason: string): ScenarioProblem {
    const message = `reports cannot be written there: ${reason}`
    return problemWith(`--report ${this.base}`, message, 'Give another folder, or --no-report.')
  }

  /** Writes the reports and answers with the page to open first. */
  async write(finished: readonly Finished[]): Promise<string> {
    const [only] = finished
    if (only !== undefined && finished.length === 1) return await this.#writeSingle(only)
    for (const one of finished) await writeReport(path.join(this.base, folderOf(one.run)), one, this.#extras)
    const runs = finished.map(({ run }) => ({ run, folder: folderOf(run) }))
    await writeAtomically(this.base, [{ name: 'index.html', content: indexPage(runs) }])
    return path.join(this.base, 'index.html')
  }

  async #writeSingle(finished: Finished): Promise<string> {
    const folder = this.#given ?? path.join(this.base, folderOf(finished.run))
    await writeReport(folder, finished, this.#extras)
    if (this.#given === undefined) await linkTo(path.join(this.base, 'latest'), folder)
    return path.join(folder, 'index.html')
  }
}

/** Folder by folder: the recursive form of Node never comes back where the system denies that the folder above is there. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(path.dirname(folder))
  mkdirSync(folder)
}

/** The page, the pictures as files of their own, the history, the scenario as it was run, and what else is wanted. */
async function writeReport(folder: string, finished: Finished, { exports, png }: ReportExtras): Promise<void> {
  const { run, source } = finished
  const charts = await drawCharts(chartsOf(run))
  const stories = storiesTold(run, othersOf(finished))
  const diagrams = diagramViews(run, stories, packetsOf(run))
  const [first = diagrams.excerpt] = diagrams.stories
  const pictures = [
    ...(first === undefined ? [] : [{ name: 'diagram', svg: diagramFile(first) }]),
    ...charts.map((chart) => ({ name: chart.name, svg: standaloneSvg(chart) })),
  ]
  const history = historySource(run.history)
  await writeAtomically(folder, [
    { name: 'index.html', content: htmlReport(run, charts, source, { stories, diagrams, history, pack }) },
    ...pictures.map(({ name, svg }) => ({ name: `${name}.svg`, content: svg })),
    ...(png ? await pngFiles(pictures) : []),
    historyFile(run.history),
    { name: 'scenario.yaml', content: stringifyScenario(run.scenario, catalogue) },
    ...exports.flatMap(({ file, write }) => {
      const content = write(run, first)
      return content === undefined ? [] : [{ name: file, content }]
    }),
  ])
}

/** A run with more events than this is drawn without its packets: they would be too many to look at. */
const observedEvents = 100_000

/** The same run once more, with its packets written down; they are no part of its history. */
function packetsOf({ scenario, events }: Run): History | undefined {
  return events > observedEvents ? undefined : simulate(scenario, { observeNetwork: true }).history
}

/** `01-delivery/exactly-once`, and the variant below it. */
function folderOf({ scenario: { name, variant } }: Run): string {
  return [...name.split('/'), variant]
    .filter((part) => part !== '')
    .map(fileName)
    .join('/')
}

/** The name without what file systems, shells and addresses do not like. */
function fileName(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}._=+-]+/gu, '-').replace(/^\.+/, '_')
}
