import { attemptFrom } from '../exploration/attempt.ts'
import type { ChunkResult } from '../exploration/chunk.ts'
import type { Crew } from '../exploration/crew.ts'
import type { SearchSpace } from '../exploration/search-space.ts'
import { counterexampleLines, neverSeen, searchSummary } from '../exploration/search-report.ts'
import { counterexamplesOf, errorCasesOf, summed, worthShrinking, type Shrunk } from '../exploration/search.ts'
import type { Mend } from '../exploration/shrink/mend.ts'
import type { Counterexample } from '../exploration/shrink/shrink.ts'
import { foundCase, logSigns } from '../exploration/found-cases.ts'
import type { ExplorationView } from '../report/exploration-view.ts'
import { counted, durationText } from '../report/quantities.ts'
import { explorationPage } from '../report/html/exploration-page.ts'
import { fitted } from '../report/lines.ts'
import { toDocument } from '../scenario/document.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { catalogue } from '../pipeline/catalogue.ts'
import { keepCases, keepErrors, type KeptCase } from './case-files.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'
import { print, say, styleOf, widthOf } from './output.ts'
import { resultFor } from './output-options.ts'
import { writePage } from './result-page.ts'
import type { SearchProgress } from './search-progress.ts'

/** A search that is over, and how it is to be told. */
export interface FinishedSearch {
  readonly space: SearchSpace
  readonly chunks: readonly ChunkResult[]
  /** What was kept of earlier searches, and what it shows today. */
  readonly kept: readonly KeptCase[]
  readonly folder: string
  /** Where the page goes; nothing where none is wanted. */
  readonly pages: string | undefined
  readonly crew: Crew
  readonly progress: SearchProgress
  readonly most: number
  readonly fix: boolean
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean | undefined
}

/** Shrinks what a search found, keeps what is new, and says all of it. */
export async function concludeSearch(finished: FinishedSearch): Promise<ExitCode> {
  const { space, chunks, kept, folder, crew, progress, most } = finished
  const sum = summed(chunks)
  const candidates = Math.min(most, worthShrinking(sum.findings).length)
  let shrunk = 0
  const found = await counterexamplesOf(space, sum.findings, most, crew, () => progress.shrinking(++shrunk, candidates))
  const errors = await errorCasesOf(space, sum.errors, crew)
  const known = new Set(kept.flatMap(({ state, kinds }) => (state === 'red' ? kinds : [])))
  const fresh = found.counterexamples.filter(({ kind }) => !known.has(kind))
  const mends = await Promise.all(fresh.map((one) => (finished.fix ? crew.mend(one) : undefined)))
  progress.end()
  const files = await keepCases(folder, fresh)
  const errorFiles = await keepErrors(folder, errors)
  const told = { ...finished, sum, found, fresh, files, mends }
  print(
    resultFor(finished, {
      json: () => jsonOf(told),
      quiet: () => quietText(told),
      text: () => fitted(textOf(told), widthOf(process.stdout)),
    }),
  )
  await writePage(finished.pages, () => explorationPage(viewOf(told)), finished)
  for (const [place, { sentence }] of errors.entries())
    say(`The program itself fails, please report it with ${errorFiles[place] ?? ''}: ${sentence}`)
  for (const { finding, reason } of found.unshrunk) say(`run ${finding.index} could not be shrunk: ${reason}`)
  if (sum.errors.length > 0) return exitCodes.internalError
  const isRed = found.counterexamples.length + found.unshrunk.length > 0 || kept.some(({ state }) => state === 'red')
  if (isRed) return exitCodes.notAsExpected
  return Object.keys(sum.struck).length === 0 ? exitCodes.undecided : exitCodes.asExpected
}

interface Told extends FinishedSearch {
  readonly sum: ChunkResult
  readonly found: Shrunk
  readonly fresh: Shrunk['counterexamples']
  readonly files: readonly string[]
  /** Of each fresh one; all nothing where nobody asked. */
  readonly mends: readonly (Mend | undefined)[]
}

/** The whole search in a line. */
function quietText({ space, sum, found, folder }: Told): string {
  const { name, variant } = space.scenario
  const which = `${name}${variant === '' ? '' : ` [${variant}]`} (seed ${space.seed})`
  const kinds = found.counterexamples.length + found.unshrunk.length
  const came = kinds === 0 ? 'nothing found' : `${counted(kinds, 'kind')} of failure, kept in ${folder}`
  return `${which}: ${counted(sum.runs, 'run')}, ${sum.failing} failing: ${came}`
}

function textOf({ space, sum, kept, found, fresh, files, mends, most, fix, verbose, color }: Told): string {
  const style = styleOf(process.stdout, color)
  const failing = worthShrinking(sum.findings)
  const left = failing.length - most
  const old = found.counterexamples.length - fresh.length
  const lines = [
    `${style.strong(space.scenario.name)} (seed ${space.seed})`,
    ...searchSummary(space, sum).map((line) => `  ${line}`),
    ...kept.map(
      ({ state, file, title }) => `  kept: ${state === 'red' ? style.broken(state) : state} ${file}: ${title}`,
    ),
    ...(old > 0 ? [`  ${old} of what was found is of a kind that is kept already.`] : []),
    ...(found.counterexamples.length === 0 ? [`  ${style.holds('nothing found')}`] : []),
    ...fresh.flatMap((one, place) => {
      const [title = '', ...rest] = counterexampleLines(one)
      const file = files[place] ?? ''
      const again = `    again: npx onceproof run ${file}`
      const mended = fix ? mendLines(mends[place], file) : []
      const signs = space.wanted.symptom === undefined ? [] : signLines(one)
      return ['', `  ${style.broken(title)}`, ...rest.map((line) => `  ${line}`), ...signs, ...mended, again]
    }),
    ...(failing.length > 0 ? ['', `  What failing runs had drawn${verbose ? '' : ' that were made small'}:`] : []),
    ...drawnLines(space, verbose ? sum.findings : failing.slice(0, most), verbose),
    ...(left > 0
      ? [`  ${counted(left, 'more failing run')} of other kinds could be made small: --most ${failing.length}.`]
      : []),
  ]
  return lines.join('\n')
}

function viewOf({ space, sum, kept, found, fresh, files, mends, fix }: Told): ExplorationView {
  const { name, variant } = space.scenario
  const fileOf = ({ kind }: Counterexample): string | undefined =>
    files[fresh.findIndex((one) => one.kind === kind)] ?? kept.find(({ kinds }) => kinds.includes(kind))?.file
  return {
    title: `What breaks ${name}`,
    about: [...(variant === '' ? [] : [`variant ${variant}`]), `seed ${space.seed}`].join(' · '),
    summary: searchSummary(space, sum),
    coverage: [],
    struck: Object.entries(sum.struck).map(([kind, times]) => ({ kind, times })),
    kept: kept.map(({ file, title, state }) => ({ file, title, state })),
    cases: found.counterexamples.map((one) => {
      const place = fresh.indexOf(one)
      return foundCase(one, fileOf(one), fix && place >= 0 ? mendLine(mends[place]) : undefined)
    }),
    others: found.unshrunk.map(({ finding }) => finding.kind),
  }
}

/** For somebody who saw a symptom: what else has to be in the logs if it came about like this. */
function signLines(one: Counterexample): readonly string[] {
  return [
    '    if it was this, the logs tell of one message, in this order:',
    ...logSigns(one).map((sign) => `      ${sign}`),
  ]
}

/** What was found to mend a case, and the command that shows it on its file, in which options may stand elsewhere than in the scenario. */
function mendLines(found: Mend | undefined, file: string): readonly string[] {
  const shown = found === undefined ? [] : [`    mended: npx onceproof run ${file} --set ${found.assignment}`]
  return [`    ${mendLine(found)}`, ...shown]
}

function mendLine(found: Mend | undefined): string {
  if (found === undefined) return 'No single option mends it.'
  const { assignment, proofs, fewerHandled } = found
  const price = fewerHandled === 0 ? '' : ` In ${fewerHandled} of them fewer messages are handled than without it.`
  return `Mended by --set ${assignment}: it holds in ${proofs} runs, the case itself, other seeds and other moments among them.${price}`
}

/** What failing runs had drawn, a line for each; in full with its faults. */
function drawnLines(space: SearchSpace, findings: ChunkResult['findings'], inFull: boolean): readonly string[] {
  return findings.flatMap(({ index, kind, recipe }) => {
    const { changes, scenario } = attemptFrom(space, recipe)
    const from = recipe.parents.length === 0 ? [] : [`faults of run ${recipe.parents.join(' and run ')}, changed`]
    const drawn = recipe.features.map(
      ({ kind: fault, probability, minimum }) =>
        `${fault} with probability ${probability / 100} from ${durationText(minimum)}`,
    )
    const what = [...drawn, ...from, ...changes, counted(recipe.faults.length, 'fault')].join(', ')
    const faults = inFull ? faultDocuments(scenario).map((fault) => `      ${JSON.stringify(fault)}`) : []
    return [`    run ${index}: ${what} → ${kind}`, ...faults]
  })
}

/** The faults of a scenario as its file has them. */
function faultDocuments(scenario: Scenario): readonly unknown[] {
  const faults = toDocument(scenario, catalogue)['faults']
  return Array.isArray(faults) ? faults : []
}

function jsonOf({ space, sum, kept, found, fresh, files, mends }: Told): string {
  const { scenario, seed } = space
  const drawn = sum.findings.map(({ recipe, ...finding }) => {
    const { changes, scenario: attempted } = attemptFrom(space, recipe)
    const faults = faultDocuments(attempted)
    return { ...finding, drawn: { features: recipe.features, changes, faults, parents: recipe.parents } }
  })
  const report = {
    schemaVersion: 1,
    scenario: scenario.name,
    variant: scenario.variant,
    seed,
    runs: sum.runs,
    behaviours: sum.behaviours.length,
    failing: sum.failing,
    cut: sum.cut,
    mostEvents: space.mostEvents,
    struck: sum.struck,
    missed: sum.missed,
    undecided: sum.undecided,
    neverSeen: neverSeen(space, sum),
    kept: kept.map(({ file, state, title }) => ({ file, state, title })),
    counterexamples: found.counterexamples.map((one) => {
      const place = fresh.indexOf(one)
      const signs = space.wanted.symptom === undefined ? null : logSigns(one)
      return { ...one, file: files[place] ?? null, mend: mends[place] ?? null, logSigns: signs }
    }),
    unshrunk: found.unshrunk,
    failures: drawn,
    errors: sum.errors.map(({ index, sentence }) => ({ index, sentence })),
  }
  return JSON.stringify(report, undefined, 2)
}
