import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringifyScenario, toDocument } from '../../src/scenario/document.ts'
import { drawFaults, nemesisProfiles, type NemesisProfileName } from '../../src/simulation/nemesis.ts'
import { Random } from '../../src/simulation/random.ts'
import { arbitraryScenario } from './arbitrary-scenario.ts'
import { fakeCatalogue, scenarioOf, simple } from './fake-catalogue.ts'

describe('a scenario as a document', () => {
  it('parses to the same scenario', () => {
    fc.assert(
      fc.property(arbitraryScenario, (scenario) => {
        expect(scenarioOf(stringifyScenario(scenario, fakeCatalogue), { name: 'saved' })).toEqual(scenario)
      }),
      { numRuns: 60 },
    )
  })

  it.each(Object.keys(nemesisProfiles) as readonly NemesisProfileName[])(
    'keeps every fault that %s draws',
    (profile) => {
      const nodes = ['shop', 'billing-1', 'billing-2', 'events-1', 'ledger']
      const kinds = ['producer', 'consumer', 'consumer', 'broker', 'store'] as const
      const targets = nodes.map((name, index) => ({
        name,
        kind: kinds[index] ?? 'broker',
        zone: index % 2 === 0 ? 'a' : 'b',
      }))
      for (const seed of ['1', '2', '3']) {
        const faults = drawFaults(profile, new Random(seed), targets, 600_000_000)
        const scenario = { ...scenarioOf(simple), faults }
        expect(scenarioOf(stringifyScenario(scenario, fakeCatalogue)).faults).toEqual(faults)
      }
    },
  )

  it('is short where most is as it is by default', () => {
    expect(toDocument(scenarioOf(simple), fakeCatalogue)).toMatchObject({
      title: 'The simplest thing',
      systems: { events: { toy: { queues: { orders: {} } } } },
      faults: [{ at: '1s', crash: 'billing', for: '2s' }],
      expect: { billing: { 'no-loss': 'holds' } },
    })
    expect(Object.keys(toDocument(scenarioOf(simple), fakeCatalogue))).toEqual([
      'title',
      'seed',
      'systems',
      'services',
      'faults',
      'expect',
    ])
  })

  it('keeps a chosen variant, as a scenario of its own', () => {
    const calm = scenarioOf(simple, { variant: 'no-faults' })
    expect(scenarioOf(stringifyScenario(calm, fakeCatalogue))).toEqual({ ...calm, variant: '' })
  })
})
