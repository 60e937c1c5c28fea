import { describe, expect, it } from 'vitest'
import { whatBecameOf } from '../../../src/report/story/what-became-of.ts'
import { run } from '../../../src/run.ts'
import { scenarioOf, small } from '../../exploration/small-scenario.ts'

const about = { service: 'billing', heading: 'billing no-loss (effect)' }

describe('what became of a message', () => {
  const calm = run(scenarioOf(small))

  it('is how often it was handed out and had its effect, and the steps from its being sent on', () => {
    const story = whatBecameOf(calm, ['order-4'], about)
    expect(story?.outcome).toBe('order-4 was handed to billing once and had its effect once.')
    expect(story?.of).toBe('held')
    expect(story?.steps[0]?.text).toContain('shop sent order-4')
    expect(story?.steps.map(({ text }) => text).join()).toContain('applied order-4 to ledger')
  })

  it('is told of several, each by itself', () => {
    expect(whatBecameOf(calm, ['order-5', 'order-4'], about)?.outcome).toBe(
      'order-5 was handed to billing once and had its effect once. order-4 was handed to billing once and had its effect once.',
    )
  })

  it('counts what was handed out again, and says nothing of what struck before it was sent', () => {
    const faults = `
faults:
  - { at: 1ms, pause: billing-2, for: 1ms }
  - { when: { fact: delivered, message: order-4 }, crash: handler(order-4), for: 1s }
`
    const story = whatBecameOf(run(scenarioOf(small + faults)), ['order-4'], about)
    expect(story?.outcome).toBe('order-4 was handed to billing twice and had its effect once.')
    const steps = story?.steps.map(({ text }) => text).join() ?? ''
    expect(steps).toContain('crash')
    expect(steps).not.toContain('pause')
  })

  it('says of what a service was never handed that it was not, however often another one was', () => {
    const story = whatBecameOf(calm, ['order-4'], { ...about, service: 'accounts' })
    expect(story?.outcome).toBe('order-4 was never handed to accounts.')
    expect(story?.steps.map(({ text }) => text).join()).not.toContain('applied order-4')
  })

  it('is nothing of a message that was never sent', () => {
    expect(whatBecameOf(calm, ['order-400'], about)).toBeUndefined()
    expect(whatBecameOf(calm, [], about)).toBeUndefined()
  })
})
