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

function wrongTargets({
  scenario,
  targets,
}: Extract<ReturnType<typeof parseScenario>, { ok: true }>): readonly ScenarioProblem[] {
  const { world } = buildWorld(scenario)
  return checkTargets(targets, (expression) => world.targets.unknown(expression))
}

/** The document is of our own making: its lines say nothing to anybody, its paths do; a file of the user's has both. */
function toldToUser({ file, line, path: where, message, suggestion }: ScenarioProblem): string {
  const place = file === ownFile ? where : `${file}:${line ?? 1}`
  return `${place === '' ? '' : `${place}: `}${message}${suggestion === undefined ? '' : `. ${suggestion}`}`
}
