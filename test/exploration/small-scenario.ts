import { catalogue } from '../../src/pipeline/catalogue.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

/** A scenario from its text, which must be right. */
export function scenarioOf(text: string, set: readonly string[] = []): Scenario {
  const parsed = parseScenario(text, catalogue, { file: 'small.yaml', name: 'tests/small', set })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return parsed.scenario
}

/** A queue that hands an order out again after 2 s, and two members that bill before they acknowledge. */
export const small = `
seed: small
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 2s } } } } }
stores: { ledger: { ledger: {} } }
services:
  shop: { sends: { to: queue/orders, messages: 12, rate: 100/s, keys: 3, on-failure: send-again } }
  billing: { receives: { from: queue/orders }, members: 2, handling: { takes: 2ms, store: ledger, effect: billed } }
`
