import type { z } from 'zod'
import type { Path } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'

type Issue = z.core.$ZodIssue

/** An issue of a schema in our words. `key` where a key itself is wrong. */
export interface Expectation {
  readonly path: Path
  readonly key: string | undefined
  readonly message: string
  readonly suggestion: string | undefined
}

/** What was expected and what was found, in `value`. */
export function expectationOf(issue: Issue, value: unknown): readonly Expectation[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, issue.message))
  if (issue.code === 'invalid_union') {
    const branch = likeliestBranch(issue.errors)
    if (branch !== undefined) {
      return branch.flatMap((inner) => expectationOf({ ...inner, path: [...issue.path, ...inner.path] }, value))
    }
  }
  const found = valueAt(value, path)
  const expected = expectedBy(issue)
  const known: unknown = issue.code === 'custom' ? issue.params?.['known'] : undefined
  const suggestion =
    Array.isArray(known) && typeof found === 'string' ? didYouMean(found, known.map(String)) : undefined
  return [{ path, key: undefined, message: `expected ${expected}, found ${described(found)}`, suggestion }]
}

/** What an issue expected; a choice of forms without a name of its own is called after the last of them. */
function expectedBy(issue: Issue): string {
  const last =
    issue.code === 'invalid_union' && issue.message.startsWith('Invalid input') ? issue.errors.at(-1)?.[0] : undefined
  return last === undefined ? issue.message : expectedBy(last)
}

/** The names are in the message already; only a close one is worth repeating. */
function didYouMean(found: string, known: readonly string[]): string | undefined {
  const suggestion = suggestionFor(found, known)
  return suggestion?.startsWith('Did') === true ? suggestion : undefined
}

function unknownKey(path: Path, key: string, knownLines: string): Expectation {
  const known = knownLines === '' ? [] : knownLines.split('\n')
  return { path, key, message: `there is no key ${quoted(key)} here`, suggestion: suggestionFor(key, known) }
}

/** Of several forms, the one whose outermost type is right and that has the fewest issues; nothing when none has the type. */
function likeliestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.filter((issues) => !issues.some(isOfAnotherType)).sort((one, other) => one.length - other.length)[0]
}

function isOfAnotherType(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union') return issue.errors.every((issues) => issues.some(isOfAnotherType))
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => {
    if (typeof inner !== 'object' || inner === null) return undefined
    return Object.entries(inner).find(([name]) => name === String(step))?.[1]
  }, value)
}

/** What was found, for people. Long texts are cut, and nothing inside of a list or map is shown. */
export function described(value: unknown): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a map'
  return typeof value === 'string' ? quoted(value) : String(value)
}

const shownLength = 60

/** A text between quotation marks, cut if it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > shownLength ? `${text.slice(0, shownLength)}...` : text)
}
