import { describe, expect, it } from 'vitest'
import { mend } from '../../src/exploration/shrink/mend.ts'
import { shrink } from '../../src/exploration/shrink/shrink.ts'
import { breaks } from '../../src/exploration/shrink/target.ts'
import { run } from '../../src/run.ts'
import { scenarioOf, small } from './small-scenario.ts'

const crash = '\nfaults: [{ when: { fact: effect-applied, message: order-4 }, crash: handler(order-4), for: 1s }]\n'
const target = { service: 'billing', guarantee: 'no-duplicates', level: 'effect', symptom: undefined } as const
const broken = shrink(scenarioOf(small + crash), target)

describe('a mend', () => {
  it('is one option with which the case holds when it is run again, its faults striking', () => {
    const found = mend(broken)
    if (found === undefined) throw new Error('Nothing was found that mends it.')
    const mended = run(scenarioOf(broken.text, [found.assignment]))
    expect(breaks(mended, target)).toBe(false)
    expect(mended.faults.map(({ state }) => state)).toEqual(['over'])
    expect(found.proofs).toBeGreaterThan(5)
    expect(found.fewerHandled).toBe(0)
  })

  it('breaks nothing else instead: acknowledging first would lose what it does not double', () => {
    const assignment = 'services.billing.handling.acknowledge=before'
    expect(breaks(run(scenarioOf(broken.text, [assignment])), target)).toBe(false)
    expect(mend(broken)?.assignment).not.toBe(assignment)
  })

  it('is not there where no single option helps', () => {
    const stuck = 'queue: { memory: { queues: { orders: {} } } }'
    const text = small.replace(/queue: \{ memory.*\} \} \}/, `${stuck} }`)
    const faults = '\nfaults: [{ when: { fact: copy-stored, message: order-2 }, power-loss: queue, for: 1s }]\n'
    const outcome = run(scenarioOf(text + faults))
    const lost = { ...target, guarantee: 'no-loss' }
    if (!breaks(outcome, lost)) return
    expect(mend(shrink(outcome.scenario, lost))).toBeUndefined()
  })
})
