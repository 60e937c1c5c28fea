import type { Contrast } from './contrasts.ts'
import type { ExperimentTally } from './tally.ts'

/** A run of one design that a result names, and what it shows. */
export interface ShownRun {
  /** The place of the design. */
  readonly design: number
  readonly run: number
  /** Guarantees that it is named for since it breaks them: `no-loss/effect`. */
  readonly breaks: readonly string[]
  /** Guarantees that it is named for since it keeps them, where another design breaks them under the same faults. */
  readonly keeps: readonly Pick<Contrast, 'guarantee' | 'broken'>[]
}

/** Every run that a result names, once: by design, and then by number. */
export function shownRuns(result: ExperimentTally): readonly ShownRun[] {
  const plain = result.designs.flatMap(({ rates }, design) =>
    Object.entries(rates).flatMap(([guarantee, { plainest }]): readonly ShownRun[] =>
      plainest === undefined ? [] : [{ design, run: plainest, breaks: [guarantee], keeps: [] }],
    ),
  )
  const paired = result.contrasts.flatMap(({ guarantee, broken, kept, run }): readonly ShownRun[] => [
    { design: broken, run, breaks: [guarantee], keeps: [] },
    { design: kept, run, breaks: [], keeps: [{ guarantee, broken }] },
  ])
  const known = new Map<string, ShownRun>()
  for (const shown of [...plain, ...paired]) {
    const key = `${shown.design} ${shown.run}`
    const before = known.get(key)
    known.set(key, before === undefined ? shown : together(before, shown))
  }
  return [...known.values()].sort((one, other) => one.design - other.design || one.run - other.run)
}

function together(one: ShownRun, other: ShownRun): ShownRun {
  const breaks = [...new Set([...one.breaks, ...other.breaks])].sort()
  return { ...one, breaks, keeps: [...one.keeps, ...other.keeps] }
}
