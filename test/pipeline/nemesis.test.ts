import { expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { nemesisNames } from '../../src/pipeline/draw-nemesis.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'

function scenarioUnder(profile: string, seed: string): Scenario {
  const text = `
title: Under ${profile}
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 10s } } } } }
services:
  shop: { sends: { to: queue/orders, messages: 200, rate: 20/s, on-failure: send-again } }
  billing: { receives: { from: queue/orders }, members: 2, handling: { takes: 5ms, effect: billed } }
nemesis: { profile: ${profile}, for: 10s }
`
  const parsed = parseScenario(text, catalogue, { seed })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.scenario
}

it.each(nemesisNames)('the profile %s draws a plain schedule that runs the same without it', (profile) => {
  for (const seed of ['a', 'b', 'c']) {
    const drawn = run(scenarioUnder(profile, seed))
    expect(drawn.scenario.nemesis).toBeUndefined()
    expect(drawn.faults.length > 0).toBe(profile !== 'calm')
    expect(drawn.ending).not.toBe('bound')
    expect(run(drawn.scenario).fingerprint).toBe(drawn.fingerprint)
  }
})
