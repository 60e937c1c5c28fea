import { statSync } from 'node:fs'
import path from 'node:path'
import type { Crew } from '../exploration/crew.ts'
import type { Experiment } from '../exploration/statistics/experiment.ts'
import type { KeptRun } from '../exploration/statistics/shown-case.ts'
import { shownRuns } from '../exploration/statistics/shown-runs.ts'
import type { ExperimentTally } from '../exploration/statistics/tally.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { writeAtomically } from './atomic-files.ts'
import { problemWith } from './problems.ts'

/** Names of files are cut behind so many characters of a design. */
const longestName = 80

/**
 * Keeps every run that a result names as a scenario beside its page: `cases/two-members-run-12.yaml`. Nothing where no page is wanted. Cases of an
 * earlier result stay, unless one of this has the same name.
 */
export async function keepShownRuns(
  experiment: Experiment,
  result: ExperimentTally,
  page: string | undefined,
  crew: Crew,
): Promise<readonly KeptRun[]> {
  if (page === undefined) return []
  const folder = casesIn(page)
  const cases = await Promise.all(shownRuns(result).map((shown) => crew.show(experiment, shown)))
  const taken = new Set<string>()
  const kept = cases.map((shown) => {
    const name = caseFileName(experiment.designs[shown.design]?.name ?? '', shown.run, taken)
    taken.add(name)
    return { ...shown, file: path.join(folder, name) }
  })
  const files = kept.map(({ file, text }) => ({ name: path.basename(file), content: text }))
  if (files.length > 0) await writeAtomically(folder, files)
  return kept
}

/** Notices before anything is measured that its runs could not be kept. */
export function lookAtCasesFolder(page: string | undefined, problems: ScenarioProblem[]): void {
  const folder = page === undefined ? undefined : casesIn(page)
  const found = folder === undefined ? undefined : statSync(folder, { throwIfNoEntry: false })
  if (folder === undefined || found === undefined || found.isDirectory()) return
  const reason = 'the runs that a result names cannot be kept there: there is a file of that name'
  problems.push(problemWith(folder, reason, 'Give another --report, or --no-report.'))
}

function casesIn(page: string): string {
  return path.join(page, 'cases')
}

/** `two-members-run-12.yaml`; with a number where two designs come to the same name. */
function caseFileName(design: string, run: number, taken: ReadonlySet<string>): string {
  const plain = design.replaceAll(/[^\p{L}\p{N}._=+]+/gu, '-').replaceAll(/^[-.]+|-+$/g, '')
  const base = plain.slice(0, longestName) || 'design'
  for (let number = 1; ; number++) {
    const name = `${base}${number === 1 ? '' : `-${number}`}-run-${run}.yaml`
    if (!taken.has(name)) return name
  }
}
