import { accessSync, constants, readdirSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { globSync, isDynamicPattern } from 'tinyglobby'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { closest } from '../scenario/suggestion.ts'
import { problemWith, reasonOf } from './problems.ts'

export interface FoundFiles {
  /** Paths as a person would write them from here, each once: in the order asked for, and by name inside a folder. */
  readonly files: readonly string[]
  readonly problems: readonly ScenarioProblem[]
}

/** The scenario files that some files, folders and globs stand for. A folder stands for all of its scenarios, however deep. */
export function findScenarioFiles(patterns: readonly string[]): FoundFiles {
  const found = patterns.map(findOne)
  const files = new Map(found.flatMap((one) => one.files).map((file) => [path.resolve(file), file]))
  return { files: [...files.values()], problems: found.flatMap((one) => one.problems) }
}

function findOne(pattern: string): FoundFiles {
  if (pattern === '') return { files: [], problems: [problemWith("''", 'is no name of a file')] }
  let status: Stats | undefined
  try {
    status = statSync(pattern, { throwIfNoEntry: false })
    if (status?.isDirectory() === true) accessSync(pattern, constants.R_OK | constants.X_OK)
  } catch (error) {
    return { files: [], problems: [problemWith(pattern, `it cannot be read: ${reasonOf(error)}`)] }
  }
  if (status?.isDirectory() === true) return filesOr(filesBelow(pattern), pattern, 'holds no scenario (*.yaml, *.yml)')
  if (status !== undefined) return { files: [pattern], problems: [] }
  if (!isDynamicPattern(pattern)) return { files: [], problems: [missing(pattern)] }
  const files = globSync(slashed(pattern), { onlyFiles: true, dot: false }).filter(isScenario)
  return filesOr(files.sort(byName), pattern, 'matches no scenario (*.yaml, *.yml)')
}

function filesBelow(folder: string): readonly string[] {
  const files = globSync('**/*.{yaml,yml}', { cwd: folder, onlyFiles: true })
  return files.sort(byName).map((file) => path.join(folder, file))
}

function filesOr(files: readonly string[], pattern: string, message: string): FoundFiles {
  return files.length > 0 ? { files, problems: [] } : { files, problems: [problemWith(pattern, message)] }
}

/** A file that is not there, with the one beside it that may have been meant. */
function missing(file: string): ScenarioProblem {
  const folder = path.dirname(file)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return problemWith(file, `there is no such file, and no folder ${folder}`)
  }
  const near = closest(path.basename(file), readdirSync(folder))
  const suggestion = near === undefined ? undefined : `Did you mean ${path.join(folder, near)}?`
  return problemWith(file, 'there is no such file or folder', suggestion)
}

function isScenario(file: string): boolean {
  return file.endsWith('.yaml') || file.endsWith('.yml')
}

/** By code units: the order of a course must not depend on the locale. */
function byName(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function slashed(pattern: string): string {
  return path.sep === '\\' ? pattern.replaceAll('\\', '/') : pattern
}
