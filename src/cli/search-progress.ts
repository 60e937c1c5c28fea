import { Presets, SingleBar } from 'cli-progress'
import type { ChunkResult } from '../exploration/chunk.ts'
import { isTerminal } from './output.ts'

/** Shows how far a search is: a bar on standard error, nothing where that is no terminal. */
export interface SearchProgress {
  found(result: ChunkResult): void
  shrinking(done: number, of: number): void
  end(): void
}

const format = '{what} {bar} {value}/{total}, {rate} runs/s, {behaviours} behaviours, {violations} violations'

export function showSearchProgress(runs: number): SearchProgress {
  if (!isTerminal(process.stderr)) return { found: () => {}, shrinking: () => {}, end: () => {} }
  const bar = new SingleBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: false, linewrap: true },
    Presets.shades_grey,
  )
  const started = performance.now()
  const behaviours = new Set<number>()
  let violations = 0
  let made = 0
  const figures = () => ({
    rate: Math.round((made * 1000) / Math.max(1, performance.now() - started)),
    behaviours: behaviours.size,
    violations,
  })
  bar.start(runs, 0, { what: 'looking', ...figures() })
  return {
    found: (result) => {
      for (const behaviour of result.behaviours) behaviours.add(behaviour)
      made += result.runs
      violations += result.failing
      bar.update(made, figures())
    },
    shrinking: (done, of) => {
      bar.setTotal(of)
      bar.update(done, { what: 'shrinking', ...figures() })
    },
    end: () => bar.stop(),
  }
}
