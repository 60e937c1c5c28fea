import { describe, expect, it } from 'vitest'
import { run } from '../../src/run.ts'
import type { Expectation } from '../../src/scenario/scenario.ts'
import { plainScenario } from './plain-scenario.ts'

function notesExpecting(...expectations: readonly Expectation[]): readonly string[] {
  return run(plainScenario({ expectations })).notes
}

const noLoss: Expectation = { service: 'billing', guarantee: 'no-loss', level: undefined, verdict: 'holds' }

describe('an expectation of something that nobody judges', () => {
  it('leaves the run undecided and is named', () => {
    const backwards = { ...noLoss, service: 'billing→shop' }
    expect(run(plainScenario({ expectations: [backwards] })).conclusion).toBe('undecided')
    expect(notesExpecting(noLoss, backwards)).toEqual([
      'Nobody judged no-loss of billing→shop, of which something is expected. Judged were: billing, run.',
    ])
  })

  it('is named with its level where it has one', () => {
    expect(notesExpecting({ ...noLoss, service: 'shop', level: 'effect' })).toEqual([
      'Nobody judged no-loss/effect of shop, of which something is expected. Judged were: billing, run.',
    ])
  })

  it('is not spoken of where everything was judged', () => {
    expect(notesExpecting(noLoss)).toEqual([])
  })
})
