import path from 'node:path'
import { searchSpaceOf, type SearchSpace } from '../exploration/search-space.ts'
import { notBegun, search, type Searched, type SearchExtent } from '../exploration/search.ts'
import { nemesisNames } from '../pipeline/draw-nemesis.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { defineCommand } from './command.ts'
import { replayFolder } from './case-files.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'
import { concludeSearch } from './conclude-search.ts'
import { loadScenarios, onlyOne } from './load-scenarios.ts'
import { print, say } from './output.ts'
import { type OutputArguments, outputOptions, resultFor } from './output-options.ts'
import { overlayOf, overlayOptions, single } from './overlay.ts'
import { InputError, problemWith } from './problems.ts'
import { pageFolder, pageOption } from './result-page.ts'
import {
  checkSymptom,
  countOf,
  shardOf,
  timeOf,
  wantedOf,
  wantedOptions,
  workerOptions,
  workersOf,
} from './search-options.ts'
import { showSearchProgress } from './search-progress.ts'
import { saveState, savingNowAndThen, stateToResume } from './search-state.ts'
import { hireCrew } from './worker-crew.ts'

export const exploreCommand = defineCommand({
  words: 'explore <file>',
  summary: 'Look for trouble: run a scenario under many drawn faults, and make what breaks small',
  details:
    'Each run draws its own kinds of faults, their strength, and other workloads and timings. Every failing run that is found is shrunk to the smallest scenario that still breaks the same guarantee, and kept as a file. A search finds examples; it says nothing about how often.',
  positionals: { file: { type: 'string', demandOption: true, describe: 'A scenario file' } },
  options: {
    ...overlayOptions,
    ...wantedOptions,
    ...workerOptions,
    runs: { type: 'string', requiresArg: true, describe: 'Runs to make. Default: 500' },
    time: { type: 'string', requiresArg: true, describe: 'Stop looking after so long, e.g. 60s' },
    'most-events': {
      type: 'string',
      requiresArg: true,
      describe: 'End a drawn run at so many events. Default: ten times those of the scenario, 50,000 at least',
    },
    'stop-at-first': { type: 'boolean', default: false, describe: 'Stop looking when something is found' },
    guide: {
      type: 'boolean',
      default: true,
      describe: 'Draw most runs from earlier ones that did something rare; --no-guide draws each afresh',
    },
    islands: {
      type: 'string',
      requiresArg: true,
      describe: 'Parts of the search that guide themselves, each by what it found; shards are made of them. Default: 4',
    },
    nemesis: { choices: nemesisNames, requiresArg: true, describe: 'Draw the faults from this profile' },
    most: { type: 'string', requiresArg: true, describe: 'Failing runs to shrink. Default: 12' },
    corpus: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder of kept cases, replayed first. Default: reports/explore/<scenario>',
    },
    fix: { type: 'boolean', default: false, describe: 'Look for one option that mends each counterexample' },
    shard: { type: 'string', requiresArg: true, describe: 'Make one part of the runs, e.g. 1/4, for merge' },
    resume: { type: 'boolean', default: false, describe: 'Go on with a search that was interrupted' },
    ...pageOption('beside the cases'),
    ...outputOptions,
    verbose: {
      type: 'boolean',
      default: false,
      describe: 'Print what the smallest failing run of each kind had drawn, with its faults',
    },
  },
  examples: [
    ['explore scenarios/01-delivery/exactly-once.yaml --variant no-faults', 'What breaks it, from no faults at all'],
    ['explore orders.yaml --guarantee no-loss --time 60s', 'Look for lost messages for a minute'],
    ["explore orders.yaml --symptom 'effects(op)=2, gap 30s..40s'", 'Find what was seen in production'],
  ],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const overlay = overlayOf(args, problems)
    const wanted = wantedOf(args, problems)
    const islands = args.guide ? (countOf('islands', args.islands, problems) ?? 4) : 0
    const extent = extentOf(args, islands, problems)
    const time = timeOf('time', args.time, problems)
    const workers = workersOf(args.workers, problems)
    const most = countOf('most', args.most, problems) ?? 12
    const mostEvents = countOf('most-events', args.mostEvents, problems)
    const corpus = single('corpus', args.corpus, problems)
    if (overlay.variant === 'all') problems.push(problemWith('--variant all', 'a search is about one variant'))
    const loaded = onlyOne(loadScenarios([args.file], overlay, problems), args.file)
    checkSymptom(wanted, loaded.scenario, problems)
    const folder = corpus ?? path.join('reports/explore', loaded.scenario.name)
    const pages = pageFolder(args.report, folder, problems)
    if (problems.length > 0) throw new InputError(problems)
    const kept = replayFolder(folder, loaded.scenario)
    const space = searchSpaceOf(loaded.scenario, {
      wanted,
      seed: loaded.scenario.seed,
      nemesis: args.nemesis,
      islands,
      ...(mostEvents === undefined ? {} : { mostEvents }),
    })
    const place = placeOf(folder, extent.shard)
    const done = args.resume ? stateToResume(place, space) : notBegun
    if (done === undefined) say(`${place}: there is no search to go on with; this one begins anew.`)
    const hired = hireCrew(workers)
    try {
      const stop = stopper(time)
      const progress = showSearchProgress(extent.runs, args)
      const keepNowAndThen = savingNowAndThen(place)
      const searched = await search(space, extent, done ?? notBegun, hired.crew, {
        stopped: () => stop.interrupted || stop.timeIsUp,
        onChunk: (result, soFar) => {
          progress.found(result)
          keepNowAndThen(() => ({ runs: extent.runs, space, searched: soFar() }))
        },
      })
      stop.forget()
      if (stop.interrupted || extent.shard.of > 1) {
        progress.end()
        return keepForLater({ place, extent, space, searched }, stop.interrupted, args)
      }
      saveState(place, { runs: extent.runs, space, searched })
      return await concludeSearch({
        ...args,
        space,
        chunks: searched.chunks,
        kept,
        folder,
        pages,
        crew: hired.crew,
        progress,
        most,
      })
    } finally {
      await hired.dismiss()
    }
  },
})

function extentOf(
  args: { readonly runs?: unknown; readonly shard?: unknown; readonly stopAtFirst: boolean },
  islands: number,
  problems: ScenarioProblem[],
): SearchExtent {
  const shard = shardOf(args.shard, problems) ?? { index: 0, of: 1 }
  if (islands > 0 && shard.of > islands) {
    const advice = `Give --islands ${shard.of} to every part, or --no-guide.`
    problems.push(
      problemWith(`--shard ${shard.index + 1}/${shard.of}`, `a search of ${islands} islands has no more parts`, advice),
    )
  }
  return {
    runs: countOf('runs', args.runs, problems) ?? 500,
    shard,
    stopAtFirst: args.stopAtFirst,
  }
}

/** Ctrl-C and the time that is given: both end the search, and what was found is kept. A second Ctrl-C ends the program. */
function stopper(time: number | undefined): {
  readonly interrupted: boolean
  readonly timeIsUp: boolean
  forget(): void
} {
  const deadline = time === undefined ? Infinity : performance.now() + time
  let interrupted = false
  const onInterrupt = (): void => {
    if (interrupted) process.exit(exitCodes.interrupted)
    interrupted = true
    say('Stopping; once more stops at once.')
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  return {
    get interrupted() {
      return interrupted
    },
    get timeIsUp() {
      return performance.now() > deadline
    },
    forget: () => {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onInterrupt)
    },
  }
}

/** Where a search is kept until it is complete: each shard in a folder of its own. */
function placeOf(folder: string, { index, of }: SearchExtent['shard']): string {
  return of > 1 ? path.join(folder, `shard-${index + 1}-of-${of}`) : folder
}

interface Unfinished {
  readonly place: string
  readonly extent: SearchExtent
  readonly space: SearchSpace
  readonly searched: Searched
}

/** A part of a search: nothing is shrunk before all of it is there. */
function keepForLater(
  { place, extent, space, searched }: Unfinished,
  interrupted: boolean,
  asked: OutputArguments,
): ExitCode {
  const { runs } = extent
  const { chunks } = searched
  const file = saveState(place, { runs, space, searched })
  const made = chunks.reduce((sum, chunk) => sum + chunk.runs, 0)
  const failing = chunks.reduce((sum, chunk) => sum + chunk.failing, 0)
  const sentence = (): string => `${made} of ${runs} runs made, ${failing} of them failing; kept in ${file}`
  const { name: scenario, variant } = space.scenario
  const said = { schemaVersion: 1, scenario, variant, seed: space.seed, runs, made, failing, file }
  print(resultFor(asked, { json: () => JSON.stringify(said, undefined, 2), quiet: sentence, text: sentence }))
  if (asked.quiet) return interrupted ? exitCodes.interrupted : exitCodes.asExpected
  say(interrupted ? 'The same command with --resume goes on.' : `onceproof merge ${file} ... puts the parts together.`)
  return interrupted ? exitCodes.interrupted : exitCodes.asExpected
}
