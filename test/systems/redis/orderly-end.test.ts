import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../src/scenario/problem.ts'

/** A master that is stopped in order and started again, at any of its writes and while an earlier one is still forced to the disk. */
function playWith(restarts: readonly { readonly kind: string; readonly nth: number; readonly lasts: number }[]) {
  const document = {
    title: 'Stopped in order',
    seed: 'orderly',
    systems: { redis: { redis: { appendonly: true, streams: { orders: {} } } } },
    services: {
      shop: { sends: { to: 'redis/orders', messages: 40, rate: '2000/s', after: '1s' } },
      billing: { receives: 'redis/orders', handling: { takes: '100us', effect: 'billed' } },
    },
    faults: restarts.map(({ kind, nth, lasts }) => ({
      when: { fact: kind, at: 'redis-1', nth },
      cut: 'after-step',
      restart: 'redis-1',
      for: `${lasts}ms`,
    })),
  }
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return run(parsed.scenario)
}

it('A server that ends in order has written everything that it answered, and answers nothing meanwhile', () => {
  const restart = fc.record({
    kind: fc.constantFrom('write-postponed', 'copy-stored', 'entry-acknowledged'),
    nth: fc.integer({ min: 1, max: 12 }),
    lasts: fc.constantFrom(1, 100),
  })
  fc.assert(
    fc.property(fc.array(restart, { minLength: 1, maxLength: 3 }), (restarts) => {
      const { history } = playWith(restarts)
      const lost = history.names.intern('lost')
      expect([...history].filter(({ kind, fate }) => kind === 'copy-ended' && fate === lost)).toEqual([])
    }),
    {
      numRuns: 60,
      examples: [
        [
          [
            { kind: 'entry-acknowledged', nth: 1, lasts: 100 },
            { kind: 'write-postponed', nth: 2, lasts: 1 },
          ],
        ],
      ],
    },
  )
})
