import { catalogue } from '../../src/pipeline/catalogue.ts'
import { simulate } from '../../src/pipeline/simulate.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

/** The fingerprint of a scenario; what stands in a page as `onceproof.fingerprintOf`. */
export function fingerprintOf(text: string, variant: string, traces: Readonly<Record<string, string>>): string {
  const parsed = parseScenario(text, catalogue, { variant, readText: (name) => traces[name] })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return simulate(parsed.scenario).fingerprint
}
