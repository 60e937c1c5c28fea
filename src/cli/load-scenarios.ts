import { readFileSync } from 'node:fs'
import path from 'node:path'
import { catalogue } from '../pipeline/catalogue.ts'
import { buildWorld } from '../pipeline/simulate.ts'
import type { RunSource } from '../report/replay-command.ts'
import type { ReadConfiguration } from '../scenario/configuration-files.ts'
import type { ParsedScenario } from '../scenario/parse-scenario.ts'
import { parseScenario } from '../scenario/parse-scenario.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { problemText } from '../scenario/problem.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { counted } from '../report/quantities.ts'
import { checkTargets } from '../scenario/target-places.ts'
import { say } from './output.ts'
import { isSecretAssignment } from '../scenario/secrets.ts'
import type { Overlay } from './overlay.ts'
import { InputError, problemWith, reasonOf } from './problems.ts'
import { findScenarioFiles } from './scenario-files.ts'

/** A scenario, and what it was read from. */
export interface LoadedScenario {
  readonly file: string
  /** The whole text of the file. */
  readonly text: string
  readonly scenario: Scenario
  readonly source: RunSource
}

/**
 * The scenarios that some files, folders and globs stand for, with what the command line lays over them. Throws everything that is wrong with
 * any of them, and what was found wrong before.
 */
export function loadScenarios(
  patterns: readonly string[],
  overlay: Overlay,
  before: readonly ScenarioProblem[],
  { quiet }: { readonly quiet: boolean } = { quiet: false },
): readonly LoadedScenario[] {
  const { files, problems } = findScenarioFiles(patterns)
  // The parser takes a lone dash for an argument, and leaves it out.
  if (patterns.length === 0 && before.length === 0)
    throw new InputError([problemWith('onceproof', 'what to work on is missing')])
  const loaded = files.map((file) => loadFile(file, overlay, quiet))
  // What is wrong with `--set` is wrong in every file; once is enough.
  const all = [...before, ...problems, ...loaded.flatMap((one) => one.problems)]
  const once = new Map(all.map((problem) => [problemText(problem), problem]))
  if (once.size > 0) throw new InputError([...once.values()])
  return loaded.flatMap((one) => one.scenarios)
}

/** For what works on one scenario. */
export function onlyOne(loaded: readonly LoadedScenario[], file: string): LoadedScenario {
  const [only] = loaded
  if (only !== undefined && loaded.length === 1) return only
  const files = new Set(loaded.map((one) => one.file)).size
  const advice = files === 1 ? 'Name one variant.' : 'Name one file.'
  throw new InputError([problemWith(file, `expected one scenario, found ${loaded.length}`, advice)])
}

interface LoadedFile {
  readonly scenarios: readonly LoadedScenario[]
  readonly problems: readonly ScenarioProblem[]
}

function loadFile(file: string, overlay: Overlay, quiet: boolean): LoadedFile {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return { scenarios: [], problems: [problemWith(file, `it cannot be read: ${reasonOf(error)}`)] }
  }
  const everyVariant = overlay.variant === 'all'
  const first = loadText(file, text, overlay, everyVariant ? '' : (overlay.variant ?? ''), quiet)
  // A variant that is not there keeps the parser from looking at the rest.
  if (first.problems.some(isAboutVariant)) {
    return { scenarios: [], problems: [...first.problems, ...loadText(file, text, overlay, '', quiet).problems] }
  }
  if (!everyVariant || first.problems.length > 0) return first
  const others = first.variants.map((variant) => loadText(file, text, overlay, variant, quiet))
  const every = [first, ...others]
  return { scenarios: every.flatMap((one) => one.scenarios), problems: every.flatMap((one) => one.problems) }
}

function loadText(
  file: string,
  text: string,
  { seed, set }: Overlay,
  variant: string,
  quiet: boolean,
): LoadedFile & { readonly variants: readonly string[] } {
  const parsed = parseScenario(text, catalogue, {
    file,
    name: nameOf(file),
    set,
    variant,
    ...(seed === undefined ? {} : { seed }),
    readText: (name) => readFileSync(path.resolve(path.dirname(file), name), 'utf8'),
  })
  sayDropped(file, parsed, variant)
  if (!parsed.ok) {
    if (isCaseOfCheck(text)) return { scenarios: [], problems: [caseOfCheck(file)], variants: [] }
    if (variant === '') sayRead(parsed.configurations, true)
    const problems = parsed.problems.map((problem) =>
      isAboutVariant(problem) ? { ...problem, file: `${file} ${problem.file}` } : problem,
    )
    return { scenarios: [], problems, variants: [] }
  }
  const { scenario, targets, variants } = parsed
  if (variant === '') sayRead(parsed.configurations, quiet)
  const { world } = buildWorld(scenario)
  const problems = checkTargets(targets, (expression) => world.targets.unknown(expression))
  return {
    scenarios: [
      { file, text, scenario, source: { file, set: set.filter((assignment) => !isSecretAssignment(assignment)) } },
    ],
    problems,
    variants,
  }
}

/** A case that `checkDelivery` kept is no scenario: what it needs besides is in the check. */
function isCaseOfCheck(text: string): boolean {
  return /^check: /m.test(text) && /^breaks: /m.test(text)
}

function caseOfCheck(file: string): ScenarioProblem {
  return problemWith(
    file,
    'is a kept case of a check, and no scenario',
    'The check itself makes it again, before all else.',
  )
}

function isAboutVariant({ file }: ScenarioProblem): boolean {
  return file.endsWith('--variant')
}

/** Only where it was: what it was is nobody's business. */
function sayDropped(file: string, { droppedSecrets }: ParsedScenario, variant: string): void {
  if (droppedSecrets.length === 0 || variant !== '') return
  say(`${file}: left out what looks like a credential: ${droppedSecrets.join(', ')}`)
}

/** What became of configuration files; what was read shows in the report's configuration. What was not taken is said in any case. */
function sayRead(configurations: readonly ReadConfiguration[], quiet: boolean): void {
  for (const { file, options, withoutMeaning, missing, credentials } of configurations) {
    if (!quiet)
      say(`${file}: ${counted(options.length, 'option')} read${options.length === 0 ? '' : `: ${options.join(', ')}`}`)
    for (const { name, reason } of withoutMeaning) say(`${file}: ${name} has no meaning in the model: ${reason}`)
    for (const sentence of missing) say(`${file}: ${sentence}`)
    if (credentials.length > 0) say(`${file}: left out what looks like a credential: ${credentials.join(', ')}`)
  }
}

/** Folder and name, also for a file that was named from inside its folder. */
function nameOf(file: string): string {
  const absolute = path.resolve(file)
  return `${path.basename(path.dirname(absolute))}/${path.basename(absolute).replace(/\.ya?ml$/i, '')}`
}
