import path from 'node:path'
import { defineCommand } from './command.ts'
import { replayFolder } from './case-files.ts'
import { concludeSearch } from './conclude-search.ts'
import { say } from './output.ts'
import { outputOptions } from './output-options.ts'
import { single } from './overlay.ts'
import { InputError, problemWith } from './problems.ts'
import { pageFolder, pageOption } from './result-page.ts'
import { countOf, workerOptions, workersOf } from './search-options.ts'
import { showSearchProgress } from './search-progress.ts'
import { isSameSpace, readState, type SearchState } from './search-state.ts'
import { hireCrew } from './worker-crew.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'

export const mergeCommand = defineCommand({
  words: 'merge <searches..>',
  summary: 'Put the shards of a search together, and make what they found small',
  details: 'The result is that of the whole search: the same runs, whoever made them.',
  positionals: {
    searches: { type: 'string', array: true, demandOption: true, describe: 'The search.json of each shard' },
  },
  options: {
    ...workerOptions,
    most: { type: 'string', requiresArg: true, describe: 'Failing runs to shrink. Default: 12' },
    corpus: {
      type: 'string',
      requiresArg: true,
      describe: 'Folder of kept cases. Default: reports/explore/<scenario>',
    },
    fix: { type: 'boolean', default: false, describe: 'Look for one option that mends each counterexample' },
    ...pageOption('beside the cases'),
    ...outputOptions,
    verbose: {
      type: 'boolean',
      default: false,
      describe: 'Print what the smallest failing run of each kind had drawn, with its faults',
    },
  },
  examples: [['merge reports/explore/orders/shard-*/search.json', 'Put all shards together']],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const workers = workersOf(args.workers, problems)
    const most = countOf('most', args.most, problems) ?? 12
    const corpus = single('corpus', args.corpus, problems)
    if (problems.length > 0) throw new InputError(problems)
    const [first, ...others] = args.searches.map(readState)
    if (first === undefined) throw new InputError([problemWith('onceproof merge', 'what to work on is missing')])
    const { space, runs } = first
    const foreign = args.searches.slice(1).filter((_, place) => !isSameSearch(first, others[place]))
    if (foreign.length > 0)
      throw new InputError(foreign.map((file) => problemWith(file, `is another search than ${args.searches[0] ?? ''}`)))
    const chunks = new Map([first, ...others].flatMap((state) => state.searched.chunks).map((one) => [one.chunk, one]))
    const made = [...chunks.values()].reduce((sum, chunk) => sum + chunk.runs, 0)
    if (made < runs) say(`Only ${made} of ${runs} runs are here: shards are missing, or were not finished.`)
    const folder = corpus ?? path.join('reports/explore', space.scenario.name)
    const pages = pageFolder(args.report, folder, problems)
    if (problems.length > 0) throw new InputError(problems)
    const hired = hireCrew(workers)
    try {
      return await concludeSearch({
        ...args,
        space,
        chunks: [...chunks.values()],
        kept: replayFolder(folder, space.scenario),
        folder,
        pages,
        crew: hired.crew,
        progress: showSearchProgress(runs, args),
        most,
      })
    } finally {
      await hired.dismiss()
    }
  },
})

function isSameSearch({ space, runs }: SearchState, other: SearchState | undefined): boolean {
  return other !== undefined && runs === other.runs && isSameSpace(space, other.space)
}
