import { describe, expect, it } from 'vitest'
import { runOrError, withRuns, withRunsAsync, type NeedsRuns } from '../../src/exploration/needs-runs.ts'
import { shrink, shrinkingOf } from '../../src/exploration/shrink/shrink.ts'
import { runAsync } from '../../src/run.ts'
import { scenarioOf, small } from './small-scenario.ts'

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function* fingerprints(...seeds: readonly string[]): NeedsRuns<readonly string[]> {
  const found: string[] = []
  for (const seed of seeds) {
    const outcome = yield { ...scenarioOf(small), seed }
    found.push(typeof outcome === 'string' ? outcome : outcome.fingerprint)
  }
  return found
}

describe('work that needs runs', () => {
  it('is handed the run of each scenario that it yields, at once or later', async () => {
    const expected = ['a', 'b', 'a'].map((seed) => {
      const outcome = runOrError({ ...scenarioOf(small), seed })
      return typeof outcome === 'string' ? outcome : outcome.fingerprint
    })
    expect(withRuns(fingerprints('a', 'b', 'a'))).toEqual(expected)
    expect(await withRunsAsync(fingerprints('a', 'b', 'a'), (scenario) => runAsync(scenario, turn))).toEqual(expected)
    expect(expected[0]).not.toBe(expected[1])
  })

  it('may want a run only as long as it is brief', () => {
    const scenario = scenarioOf(small)
    const whole = runOrError(scenario)
    if (typeof whole === 'string') throw new Error(whole)
    function* within(mostEvents: number): NeedsRuns<string> {
      const outcome = yield { scenario, mostEvents }
      return typeof outcome === 'string' ? outcome : outcome.fingerprint
    }
    expect(withRuns(within(whole.events))).toBe(whole.fingerprint)
    expect(withRuns(within(100))).toBe('The run takes more than 100 events.')
  })

  it('comes to the same whoever makes the runs: a case shrinks alike', async () => {
    const crash = '\nfaults: [{ when: { fact: effect-applied, message: order-4 }, crash: handler(order-4), for: 1s }]\n'
    const broken = scenarioOf(small + crash)
    const target = { service: 'billing', guarantee: 'no-duplicates', level: 'effect', symptom: undefined } as const
    const later = await withRunsAsync(shrinkingOf(broken, target), (scenario) => runAsync(scenario, turn))
    expect(later).toEqual(shrink(broken, target))
    expect(later.after).toMatchObject({ faults: 1, messages: 1 })
  })
})
