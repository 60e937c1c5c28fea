import { catalogue } from '../../src/pipeline/catalogue.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import { ScenarioError } from '../../src/scenario/problem.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import type { SystemKind } from '../../src/systems/system.ts'

/** A scenario of a test's own, which may use products of the test's own. */
export function scenarioFrom(text: string, kinds: readonly SystemKind[] = []): Scenario {
  const parsed = parseScenario(text, { ...catalogue, kinds: [...catalogue.kinds, ...kinds] })
  if (!parsed.ok) throw new ScenarioError(parsed.problems)
  return parsed.scenario
}
