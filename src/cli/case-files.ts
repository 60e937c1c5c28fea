import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { globSync } from 'tinyglobby'
import { caseName, replay, transplanted, type Replayed } from '../exploration/corpus.ts'
import type { ErrorCase } from '../exploration/shrink/shrink-error.ts'
import type { Counterexample } from '../exploration/shrink/shrink.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { writeAtomically } from './atomic-files.ts'
import { loadScenarios } from './load-scenarios.ts'
import { noOverlay } from './overlay.ts'
import { InputError, isRefusal, problemWith, reasonOf } from './problems.ts'

/** A kept case and what it shows today. */
export interface KeptCase extends Replayed {
  readonly file: string
  readonly title: string
}

/** Runs the kept cases of a folder again, by name; on the scenario as it is today, where one is given. */
export function replayFolder(folder: string, today: Scenario | undefined): readonly KeptCase[] {
  if (casesIn(folder).length === 0) return []
  return loadScenarios(casesIn(folder), noOverlay, []).map(({ file, scenario }) => {
    const shown = replay(today === undefined ? scenario : transplanted(scenario, today))
    return { ...shown, file, title: scenario.title }
  })
}

/** So deep below a folder are cases looked for: `reports/explore/01-delivery/exactly-once` is three folders below `reports`. */
const deepest = 4

/** The folders below a folder that hold scenario files themselves, by name. */
export function foldersWithCases(folder: string): readonly string[] {
  const files = globSync('**/*.{yaml,yml}', { cwd: folder, deep: deepest, ignore: ['**/node_modules/**'] })
  const parents = new Set(files.map((file) => path.join(folder, path.dirname(file))))
  return [...parents].sort((one, other) => (one < other ? -1 : 1))
}

/** The scenario files of a folder, by name, but for those of folders below it. */
function casesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const names = namesIn(folder).filter((name) => /\.ya?ml$/.test(name))
  return names.sort((one, other) => (one < other ? -1 : 1)).map((name) => path.join(folder, name))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    if (!isRefusal(error)) throw error
    throw new InputError([problemWith(folder, `it cannot be read: ${reasonOf(error)}`)])
  }
}

/** Keeps counterexamples as files that have not been kept yet; answers with the file of each. */
export async function keepCases(folder: string, cases: readonly Counterexample[]): Promise<readonly string[]> {
  const taken = new Set(existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/\.ya?ml$/, '')) : [])
  const files = cases.map(({ guarantee, service, text }) => {
    const name = caseName(guarantee, service, taken)
    taken.add(name)
    return { name: `${name}.yaml`, content: text }
  })
  if (files.length > 0) await writeAtomically(folder, files)
  return files.map(({ name }) => path.join(folder, name))
}

/** Keeps what makes the program itself fail, in a folder of its own: nobody's scenario is to blame. */
export async function keepErrors(folder: string, errors: readonly ErrorCase[]): Promise<readonly string[]> {
  const place = path.join(folder, 'errors')
  const files = errors.map(({ text }, number) => ({ name: `error-${number + 1}.yaml`, content: text }))
  if (files.length > 0) await writeAtomically(place, files)
  return files.map(({ name }) => path.join(place, name))
}
