/**
 * Something of a check is wrong in itself, which shows only when its runs are made: a rule that throws, a store that is asked for and not declared.
 * The message is what is said of it to whoever wrote the check.
 */
export class WrongCheck extends Error {
  override readonly name: string = 'WrongCheck'
}

/** Errors of the language itself, which come of a slip of the pen. By their names, as a test runner may have a realm of its own. */
const slips: ReadonlySet<string> = new Set(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'])

/** Whether an error tells of a slip of the pen, and not of what somebody found wrong. */
export function isSlip(error: unknown): error is Error {
  return error instanceof Error && slips.has(error.name)
}

/** What was thrown, in a line, with the kind of error where that says something. */
export function thrownText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return ['Error', 'error', ''].includes(error.name) ? error.message : `${error.name}: ${error.message}`
}

/** Calls a rule that the check gives; what it throws is a mistake of the check. `what` says which rule, and of what it was asked. */
export function asked<T>(what: () => string, rule: () => T): T {
  try {
    return rule()
  } catch (error) {
    throw new WrongCheck(`${what()} threw ${thrownText(error)}`)
  }
}
