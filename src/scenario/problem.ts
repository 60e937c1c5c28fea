/** Where something was written. `--set` and `--variant` stand for a file that has no lines. */
export interface Place {
  readonly file: string
  /** From 1; nothing for a place that is no file. */
  readonly line: number | undefined
  readonly column: number | undefined
}

/** Something that is wrong with a scenario. */
export interface ScenarioProblem extends Place {
  /** `services.shop.sends.rate`; empty for the whole document. */
  readonly path: string
  /** What was expected and what was found, without the place. */
  readonly message: string
  /** What may have been meant: `Did you mean messages?` */
  readonly suggestion: string | undefined
}

/** Thrown where a caller asked for a scenario or nothing; holds every problem. */
export class ScenarioError extends Error {
  readonly problems: readonly ScenarioProblem[]

  constructor(problems: readonly ScenarioProblem[]) {
    super(problems.map(problemText).join('\n'))
    this.name = 'ScenarioError'
    this.problems = problems
  }
}

/** One line for people and editors: `file:line:column path: message. Suggestion` */
export function problemText({ file, line, column, path, message, suggestion }: ScenarioProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column}`
  // The place of an option of the command line is its path already.
  const where = path === '' || (line === undefined && file.endsWith(path)) ? place : `${place} ${path}`
  const sentence = /[.?!]$/.test(message) ? message : `${message}.`
  return `${where}: ${sentence}${suggestion === undefined ? '' : ` ${suggestion}`}`
}

/** In the order of the file, with the places that have no line first; each said once. */
export function inOrder(problems: readonly ScenarioProblem[]): readonly ScenarioProblem[] {
  const once = new Map(problems.map((problem) => [problemText(problem), problem]))
  return [...once.values()].sort(
    (one, other) => (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0),
  )
}
