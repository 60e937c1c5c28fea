import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringifyScenario, toDocument } from '../../src/scenario/document.ts'
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
