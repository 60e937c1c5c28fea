import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../src/scenario/problem.ts'

function pricesShown(pause: { readonly after: number; readonly lasts: number }): number {
  const document = {
    title: 'A slow subscriber',
    seed: 'buffers',
    systems: { redis: { redis: { channels: { prices: {} } } } },
    services: {
      market: {
        sends: { to: 'redis/prices', name: 'price', messages: 50, rate: '100/s', size: '16 KiB', after: '1s' },
      },
      display: { receives: 'redis/prices', handling: { takes: '100us', effect: 'shown' } },
    },
    faults: [
      { when: { fact: 'effect-applied', message: `price-${pause.after}` }, pause: 'display', for: `${pause.lasts}ms` },
    ],
  }
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return [...run(parsed.scenario).history].filter(({ kind }) => kind === 'effect-applied').length
}

it('What waits for a subscriber below the limit reaches it, however long it stood still: the run is not over before', () => {
  const pause = fc.record({ after: fc.nat(40), lasts: fc.integer({ min: 10, max: 3000 }) })
  fc.assert(
    fc.property(pause, (drawn) => {
      expect(pricesShown(drawn)).toBe(50)
    }),
    { numRuns: 60, examples: [[{ after: 0, lasts: 760 }]] },
  )
})
