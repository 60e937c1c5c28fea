import { describe, expect, it } from 'vitest'
import { lawsBroken } from '../../scripts/conservation-laws.ts'
import { loadScenarios } from '../../src/cli/load-scenarios.ts'
import { noOverlay } from '../../src/cli/overlay.ts'

/** Lessons of each product in which sends are refused, or answers lost, and how many runs of each variant. */
const lessons = [
  ['02-idempotency/commit-then-send', 40],
  ['kafka/produce-too-few-replicas', 10],
  ['rabbitmq/publish-refused-and-overtaken', 40],
  ['redis/durable-out-of-memory', 40],
  ['redis/durable-full-disk', 40],
  ['sqs/fifo-throttled', 10],
  ['kinesis/put-to-one-key', 40],
] as const

describe('whatever the faults, every copy has an end, and nobody is handed what was not sent or was refused:', () => {
  it.each(lessons)('%s', (lesson, runs) => {
    const found = loadScenarios([`scenarios/${lesson}.yaml`], { ...noOverlay, variant: 'all' }, [])
    expect(found.length).toBeGreaterThan(1)
    for (const { scenario } of found) expect(lawsBroken(scenario, runs)).toEqual([])
  })
})
