import { availableParallelism } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Tinypool } from 'tinypool'
import type { Crew } from '../exploration/crew.ts'
import { packageRoot } from './package-root.ts'
import { shared } from './shared-value.ts'

/** A crew of worker threads, to be dismissed when the work is done. */
export interface HiredCrew {
  readonly crew: Crew
  dismiss(): Promise<void>
}

/** As many threads as asked for; all cores where nothing is said. Even one is a thread of its own, so that this one hears Ctrl-C. */
export function hireCrew(workers: number = availableParallelism()): HiredCrew {
  const filename = pathToFileURL(path.join(packageRoot, 'dist/exploration-worker.js')).href
  // A run leaves many short-lived objects behind; with room for them the collector copies fewer.
  const resourceLimits = { maxYoungGenerationSizeMb: 128 }
  const threads = { minThreads: workers, maxThreads: workers, isolateWorkers: false }
  const pool = new Tinypool({ filename, ...threads, resourceLimits })
  const crew: Crew = {
    width: workers,
    tryChunk: (space, { guide, ...order }) =>
      pool.run([shared(space), order, guide && shared(guide)], { name: 'tryChunk' }),
    shrink: (...args) => pool.run(args, { name: 'shrink' }),
    mend: (...args) => pool.run(args, { name: 'mend' }),
    trySingles: (scenario, ...args) => pool.run([shared(scenario), ...args], { name: 'trySingles' }),
    observe: (experiment, ...args) => pool.run([shared(experiment), ...args], { name: 'observe' }),
    show: (experiment, ...args) => pool.run([shared(experiment), ...args], { name: 'show' }),
    shrinkError: (...args) => pool.run(args, { name: 'shrinkError' }),
  }
  return { crew, dismiss: () => pool.destroy() }
}
