import { describe, expect, it } from 'vitest'
import { caseName, replay, transplanted } from '../../src/exploration/corpus.ts'
import { scenarioOf, small } from './small-scenario.ts'

const crash = '\nfaults: [{ when: { fact: effect-applied, message: order-4 }, crash: handler(order-4), for: 1s }]'
const expected = '\nexpect: { billing: { no-duplicates/effect: holds } }\n'
const kept = scenarioOf(small + crash + expected)

describe('a kept case', () => {
  it('is red as long as it breaks what ought to hold, and says as which kind', () => {
    expect(replay(kept)).toMatchObject({
      state: 'red',
      kinds: [expect.stringContaining('billing no-duplicates: crash of billing')],
      sentence: expect.stringContaining('order-4'),
    })
  })

  it('is green when it is mended', () => {
    const mended = scenarioOf(small.replace('ledger: {}', 'ledger: { unique: operation }') + crash + expected)
    expect(replay(mended)).toMatchObject({ state: 'green', kinds: [] })
  })

  it('is stale when its fault waits for what does not happen', () => {
    const stale = scenarioOf(small + crash.replace('effect-applied', 'handling-failed') + expected)
    const { state, sentence } = replay(stale)
    expect(state).toBe('stale')
    expect(sentence).toMatch(/^Its crash of .* never struck: it waits for handling-failed of order-\d+\.$/)
  })
})

describe('a case on the scenario of today', () => {
  it('is red while the scenario is as it was, also with more work and other times', () => {
    const today = scenarioOf(small, ['services.shop.sends.messages=3', 'services.billing.members=1', 'seed=other'])
    expect(replay(transplanted(kept, today)).state).toBe('red')
  })

  it('is green when the scenario is mended', () => {
    const today = scenarioOf(small, ['stores.ledger.ledger.unique=operation'])
    expect(replay(transplanted(kept, today)).state).toBe('green')
  })

  it('is stale when whom it strikes is gone', () => {
    const kill = '\nfaults: [{ at: 20ms, crash: billing-2, for: 1s }]'
    const today = scenarioOf(small.replaceAll('billing', 'invoicing'))
    expect(replay(transplanted(scenarioOf(small + kill + expected), today)).state).toBe('stale')
  })
})

describe('the name of a case', () => {
  it('says what breaks, and is given once', () => {
    expect(caseName('no-loss', 'shop→billing', new Set())).toBe('no-loss-of-shop-billing')
    expect(caseName('no-loss', 'b', new Set(['no-loss-of-b', 'no-loss-of-b-2']))).toBe('no-loss-of-b-3')
  })
})
