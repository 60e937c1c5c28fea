import type { ScenarioProblem } from '../scenario/problem.ts'
import { problemText } from '../scenario/problem.ts'

/** The input is wrong: everything that is, so that nobody has to come back for the next problem. */
export class InputError extends Error {
  readonly problems: readonly ScenarioProblem[]

  constructor(problems: readonly ScenarioProblem[]) {
    super(problems.map(problemText).join('\n'))
    this.name = 'InputError'
    this.problems = problems
  }
}

/** Something that is wrong with a file or an option as a whole. */
export function problemWith(file: string, message: string, suggestion?: string): ScenarioProblem {
  return { file, line: undefined, column: undefined, path: '', message, suggestion }
}

/** Why the machine refused to touch a file, in words; the code where it has none. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return reasons.get(code) ?? (code === '' ? String(error) : code)
}

/** Whether it was the machine that refused a file, for a reason that its owner can do something about. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && reasons.has(String(error.code))
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a folder, and a file was expected'],
  ['ENOTDIR', 'a part of the path is a file, and a folder was expected'],
  ['EEXIST', 'there is a file of that name, and a folder was expected'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'no space is left'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'its links go round in a circle'],
])
