import { describe, expect, it } from 'vitest'
import { run } from '../../src/run.ts'
import { scenarioOf, small } from '../exploration/small-scenario.ts'

describe('the columns of a history', () => {
  const { history } = run(
    scenarioOf(`${small}faults: [{ when: { fact: effect-applied, message: order-4 }, crash: billing, for: 1s }]\n`),
  )

  it('say the same of every fact as the fact itself', () => {
    for (const fact of history) {
      const kind = history.kinds[history.kindNumberAt(fact.index)]
      const { index, time, node, cause } = fact
      expect(kind?.name).toBe(fact.kind)
      expect([history.timeAt(index), history.nodeAt(index), history.causeAt(index)]).toEqual([time, node, cause])
      const fields = [...Object.entries(kind?.fields ?? {}).entries()].filter(([, [, type]]) => type !== 'micros')
      expect(fields.map(([place]) => history.valueAt(index, place))).toEqual(
        fields.map(([, [name]]) => Number(fact[name])),
      )
    }
    expect(history.length).toBeGreaterThan(100)
  })
})
