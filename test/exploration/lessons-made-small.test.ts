import { describe, expect, it } from 'vitest'
import { loadScenarios } from '../../src/cli/load-scenarios.ts'
import { noOverlay } from '../../src/cli/overlay.ts'
import { attemptOf } from '../../src/exploration/attempt.ts'
import { anything, failuresOf } from '../../src/exploration/failure.ts'
import { searchSpaceOf } from '../../src/exploration/search-space.ts'
import { shrink, type Counterexample } from '../../src/exploration/shrink/shrink.ts'
import { run } from '../../src/run.ts'
import { leftOver } from './left-over.ts'

/** Lessons, and which run of a search around each breaks something; all lessons are for `scripts/exploration-effort.ts`. */
const sample = [
  ['00-the-tutorials/12-the-broker-restarts', 1],
  ['01-delivery/at-least-once', 1],
  ['01-delivery/at-most-once', 4],
  ['02-idempotency/one-end-for-all', 0],
  ['02-idempotency/the-card-is-charged-twice', 1],
  ['02-idempotency/the-claim-of-the-dead', 1],
  ['rabbitmq/consume-all-marked-as-redelivered', 0],
  ['rabbitmq/consume-exclusive-and-locked-out', 0],
  // Its first runs are ten times as long as what it comes to.
  ['03-one-shop/on-rabbitmq', 2],
  ['rabbitmq/consume-zombie-after-timeout', 0],
  ['kafka/produce-forgotten-producer', 0],
  ['kafka/produce-slow-follower', 0],
] as const

function madeSmall(lesson: string, index: number): Counterexample {
  const overlay = { ...noOverlay, variant: 'no-faults' }
  const [loaded] = loadScenarios([`scenarios/${lesson}.yaml`], overlay, [])
  if (loaded === undefined) throw new Error(`There is no lesson ${lesson}.`)
  const { scenario } = loaded
  const space = searchSpaceOf(scenario, { wanted: anything, seed: scenario.seed, nemesis: undefined })
  const attempt = attemptOf(space, index).scenario
  const [failure] = failuresOf(run(attempt), anything)
  if (failure === undefined) throw new Error(`Run ${index} around ${lesson} breaks nothing.`)
  return shrink(attempt, { ...failure, symptom: undefined })
}

describe('what breaks a lesson, made small', () => {
  it.each(sample)('has nothing that it could do without: %s', (lesson, index) => {
    const one = madeSmall(lesson, index)
    expect(leftOver(one)).toEqual([])
    expect(one.everyFaultIsNeeded).toBe(true)
    expect(one.after.faults).toBeLessThanOrEqual(3)
    expect(one.after.messages).toBeLessThanOrEqual(10)
  })

  it('would not go unnoticed if it had', () => {
    const one = madeSmall('00-the-tutorials/12-the-broker-restarts', 1)
    const idle = '  - { at: 1ms, slow: queue, factor: 2, for: 1ms }\n'
    const text = one.text.replace('faults:\n', `faults:\n${idle}`).replace(/messages: \d+/, 'messages: 9')
    expect(leftOver({ ...one, text })).toEqual([
      expect.stringContaining('slow of queue'),
      expect.stringContaining('less'),
    ])
    expect(leftOver({ ...one, guarantee: 'no-duplicates' })).toEqual(['its file does not show it'])
  })
})
