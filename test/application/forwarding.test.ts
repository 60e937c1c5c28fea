import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import type { Run } from '../../src/run.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

function runOf(onError: string): Run {
  const parsed = parseScenario(
    `
systems: { queue: { memory: { queues: { orders: { attempts: 0, visibility-timeout: 30s }, bills: { capacity: 1, visibility-timeout: 30s } } } } }
services:
  shop: { sends: { to: queue/orders, messages: 10, rate: 1000/s } }
  billing: { receives: queue/orders, forwards: { to: queue/bills, name: bill }, handling: { on-error: ${onError} } }
  mailing: { receives: queue/bills, handling: { takes: 30ms } }
`,
    catalogue,
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return run(parsed.scenario)
}

const failed = ({ metrics }: Run): number =>
  metrics.services.find(({ service }) => service === 'billing')?.failed ?? Number.NaN

const lost = ({ rows }: Run): boolean =>
  rows.some(
    ({ service, guarantee, verdict }) =>
      service === 'shop→mailing' && guarantee === 'no-loss' && verdict === 'violated',
  )

describe('a message that is passed on to a system that refuses it', () => {
  it('fails the handling, so that it is tried again and nothing is lost on the way', () => {
    const result = runOf('requeue')
    expect(failed(result)).toBeGreaterThan(0)
    expect(lost(result)).toBe(false)
  })

  it('is lost on the way where the handler swallows the error', () => {
    const result = runOf('swallow')
    expect(failed(result)).toBeGreaterThan(0)
    expect(lost(result)).toBe(true)
  })
})
