import { describe, expect, it } from 'vitest'
import { simulate } from '../../src/pipeline/simulate.ts'
import type { Fault, FaultCut } from '../../src/simulation/fault.ts'
import { billing, plainScenario, shop } from './plain-scenario.ts'

function crashAt(fact: string, message: string, cut: FaultCut): Fault {
  return {
    action: 'crash',
    targets: [['billing']],
    parameters: {},
    strikes: { when: { fact, values: { message }, nth: 1 }, cut },
    duration: 1_000_000,
  }
}

/** How often the facts of this kind are about order-7. */
function countOf(kind: string, faults: readonly Fault[]): number {
  const { history } = simulate(plainScenario({ faults }))
  const order = history.names.intern('order-7')
  return [...history].filter((fact) => fact.kind === kind && fact['message'] === order).length
}

describe('a fault cut before a step', () => {
  it('strikes so that the step never happens in that incarnation', () => {
    expect(countOf('delivered', [])).toBe(1)
    // The broker handed it out; the consumer died before it could record that.
    expect(countOf('delivered', [crashAt('delivered', 'order-7', 'before')])).toBe(0)
    expect(countOf('delivered', [crashAt('delivered', 'order-7', 'after-step')])).toBe(1)
  })

  it('is missed when its fact never happens, and strikes nothing', () => {
    const { history, faultStates } = simulate(plainScenario({ faults: [crashAt('delivered', 'order-999', 'before')] }))
    expect(faultStates).toEqual(['missed'])
    expect([...history].filter(({ kind }) => kind === 'node-crashed')).toEqual([])
  })

  it('finds its place again when another fault strikes before it', () => {
    const faults = [crashAt('effect-applied', 'order-3', 'before'), crashAt('delivered', 'order-9', 'before')]
    const { faultStates, fingerprint } = simulate(plainScenario({ faults }))
    expect(faultStates).toEqual(['over', 'over'])
    expect(simulate(plainScenario({ faults })).fingerprint).toBe(fingerprint)
  })
})

describe('a run', () => {
  it('is the same whether or not packets are observed and facts kept', () => {
    const scenario = plainScenario({ faults: [crashAt('effect-applied', 'order-7', 'after-state')] })
    const { fingerprint, events } = simulate(scenario)
    expect(simulate(scenario, { observeNetwork: true })).toMatchObject({ fingerprint, events })
    expect(simulate(scenario, { keepHistory: false })).toMatchObject({ fingerprint, events })
  })

  it('differs with its seed', () => {
    expect(simulate(plainScenario({ seed: 'one' })).fingerprint).not.toBe(
      simulate(plainScenario({ seed: 'two' })).fingerprint,
    )
  })
})

describe('the end of a run', () => {
  it('waits for what was acknowledged first and is still being handled', () => {
    const scenario = plainScenario({
      services: [shop(), billing({ acknowledge: 'before', takes: 3_000_000 }, { limit: 1 })],
    })
    const { history, ending } = simulate(scenario)
    expect(ending).toBe('settled')
    expect([...history].filter(({ kind }) => kind === 'effect-applied')).toHaveLength(30)
  })
})
