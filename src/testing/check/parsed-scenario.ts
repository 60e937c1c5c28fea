import { readFileSync } from 'node:fs'
import path from 'node:path'
import { catalogue } from '../../pipeline/catalogue.ts'
import { buildWorld } from '../../pipeline/simulate.ts'
import type { ParseOptions } from '../../scenario/parse-scenario.ts'
import { parseScenario } from '../../scenario/parse-scenario.ts'
import type { ScenarioProblem } from '../../scenario/problem.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { checkTargets } from '../../scenario/target-places.ts'
import { CheckError } from './check-error.ts'
import type { ReadCheck } from './read-check.ts'

/** The scenario of a text; throws a {@link CheckError} with all that is wrong with it. Paths in it start at `folder`. */
export function parsedScenario(check: ReadCheck, text: string, folder: string, options: ParseOptions = {}): Scenario {
  const result = parseScenario(text, catalogue, {
    file: ownFile,
    name: check.name,
    seed: check.seed,
    readText: (name) => readFileSync(path.resolve(folder, name), 'utf8'),
    ...options,
  })
  const problems = result.ok ? wrongTargets(result) : result.problems
  if (!result.ok || problems.length > 0) throw new CheckError(check.name, problems.map(toldToUser))
  return result.scenario
}

const ownFile = 'check'

/** Where in the check the parts of its document come from. */
const places: readonly (readonly [RegExp, string])[] = [
  [/^systems\.(\w+)\.\1\b\.?/, '$1({ ... }) '],
  [/^services\.upstream\.sends\.trace$/, '`messages`'],
  [/^services\.upstream\.sends\./, ''],
  [/^services\.upstream\.producer\b\.?/, 'the options of `producer` '],
  [/^services\.[^.]+\.consumer\b\.?/, 'the options of `consumer` '],
]

/** A variant that is not there has no place in the file. */
function placeInFile(file: string, line: number | undefined): string {
  if (file.startsWith('--')) return ''
  return line === undefined ? file : `${file}:${line}`
}

function placeInCheck(where: string): string {
  const found = places.find(([pattern]) => pattern.test(where))
  return found === undefined ? where : where.replace(...found).trim()
}

function wrongTargets({
  scenario,
  targets,
}: Extract<ReturnType<typeof parseScenario>, { ok: true }>): readonly ScenarioProblem[] {
  const { world } = buildWorld(scenario)
  return checkTargets(targets, (expression) => world.targets.unknown(expression))
}

/** The document is of our own making: its lines say nothing to anybody, its paths do, as the check has them; a file of the user's has lines. */
function toldToUser({ file, line, path: where, message, suggestion }: ScenarioProblem): string {
  const isOwn = file === ownFile
  const place = isOwn ? placeInCheck(where) : placeInFile(file, line)
  const advice = isOwn ? suggestion?.replace('beside the scenario', 'beside the file of the test') : suggestion
  return `${place === '' ? '' : `${place}: `}${message}${advice === undefined ? '' : `. ${advice}`}`
}
