import type { ChunkResult } from '../exploration/chunk.ts'
import { isTerminal } from './output.ts'
import { PlainProgress } from './plain-progress.ts'
import { terminalBar } from './terminal-bar.ts'

/** Shows how far a search is: a bar on standard error, a line every ten seconds where that is no terminal. */
export interface SearchProgress {
  found(result: ChunkResult): void
  shrinking(done: number, of: number): void
  end(): void
}

const format = '{what} {bar} {value}/{total}, {rate} runs/s, {behaviours} behaviours, {failing} failing'

const silent: SearchProgress = { found: () => {}, shrinking: () => {}, end: () => {} }

export function showSearchProgress(runs: number, { quiet }: { readonly quiet: boolean }): SearchProgress {
  if (quiet) return silent
  if (!isTerminal(process.stderr)) return plainSearchProgress(runs)
  const bar = terminalBar(format)
  const started = performance.now()
  const behaviours = new Set<number>()
  let failing = 0
  let made = 0
  const figures = () => ({
    rate: Math.round((made * 1000) / Math.max(1, performance.now() - started)),
    behaviours: behaviours.size,
    failing,
  })
  bar.start(runs, 0, { what: 'looking', ...figures() })
  return {
    found: (result) => {
      for (const behaviour of result.behaviours) behaviours.add(behaviour)
      made += result.runs
      failing += result.failing
      bar.update(made, figures())
    },
    shrinking: (done, of) => {
      bar.setTotal(of)
      bar.update(done, { what: 'shrinking', ...figures() })
    },
    end: () => bar.stop(),
  }
}

function plainSearchProgress(runs: number): SearchProgress {
  const plain = new PlainProgress()
  let made = 0
  let failing = 0
  return {
    found: (result) => {
      made += result.runs
      failing += result.failing
      plain.look(() => `looking: ${made} of ${runs} runs, ${failing} of them failing`)
    },
    shrinking: (done, of) => plain.look(() => `shrinking: ${done} of ${of} failing runs`),
    end: () => {},
  }
}
