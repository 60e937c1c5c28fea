import { existsSync, statSync } from 'node:fs'
import type { ScenarioProblem } from '../scenario/problem.ts'
import type { OptionsByName } from './command.ts'
import { problemWith } from './problems.ts'

/** What the command line lays over a scenario. */
export interface Overlay {
  readonly seed: string | undefined
  /** `path=value` each, as given. */
  readonly set: readonly string[]
  /** A variant, or `all`: the scenario as it stands and each of its variants. */
  readonly variant: string | undefined
}

export const noOverlay: Overlay = { seed: undefined, set: [], variant: undefined }

export const overlayOptions = {
  seed: { type: 'string', requiresArg: true, describe: 'Another seed. Any text: 0007 and 7 are two seeds' },
  set: {
    type: 'string',
    requiresArg: true,
    describe: 'Change a value, e.g. --set services.shop.sends.messages=50. May be given several times',
  },
  variant: {
    type: 'string',
    requiresArg: true,
    describe: 'A variant of the scenario, or all: as it stands and every variant',
  },
} as const satisfies OptionsByName

/** The options as one value; what is wrong with them is added to `problems`. */
export function overlayOf(args: OverlayArguments, problems: ScenarioProblem[]): Overlay {
  const set = [args.set ?? []].flat().map(String)
  for (const text of set.filter((given) => !isAssignment(given))) {
    problems.push(
      problemWith(`--set ${text}`, 'expected path=value', 'For example --set services.shop.sends.rate=50/s.'),
    )
  }
  return {
    seed: single('seed', args.seed, problems),
    set: set.filter(isAssignment),
    variant: single('variant', args.variant, problems),
  }
}

function isAssignment(text: string): boolean {
  return /^[^=\s]+=/.test(text)
}

/** As the parser leaves them: a repeated option is a list, and `--no-…` is false, whatever the types say. */
interface OverlayArguments {
  readonly seed?: unknown
  readonly set?: unknown
  readonly variant?: unknown
}

/** The file that an option asks to be written, refused before anything runs where it is a folder. */
export function fileToWrite(name: string, value: unknown, problems: ScenarioProblem[]): string | undefined {
  const file = single(name, value, problems)
  if (file !== undefined && existsSync(file) && statSync(file).isDirectory())
    problems.push(problemWith(`--${name} ${file}`, 'it cannot be written: it is a folder, and a file was expected'))
  return file
}

/** The value of an option that may be given once. */
export function single(name: string, value: unknown, problems: ScenarioProblem[]): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value !== '') return value
  const message = Array.isArray(value)
    ? `was given ${value.length} times, and only one can count`
    : value === false
      ? 'cannot be switched off'
      : 'its value is empty'
  problems.push(problemWith(`--${name}`, message))
  return undefined
}
