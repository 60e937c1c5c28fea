import { expect, it } from 'vitest'
import { promisesBroken } from '../../scripts/promises-kept.ts'
import { loadScenarios } from '../../src/cli/load-scenarios.ts'
import { noOverlay } from '../../src/cli/overlay.ts'

/** Lessons of each product, and how many runs of each variant. */
const lessons = [
  ['01-delivery/at-least-once', 20],
  ['kafka/consumer-process-first', 8],
  ['kafka/consumer-auto-commit-on-close', 8],
  ['rabbitmq/consume-crash-before-acknowledgement', 15],
  ['redis/channel-server-restarts', 25],
  ['redis/stream-same-content', 20],
  ['sqs/fifo-two-that-read-alike', 20],
  ['kinesis/consume-zombie', 15],
] as const

it.each(lessons)('what is promised for %s is kept under the faults that the promise bears', (lesson, runs) => {
  const found = loadScenarios([`scenarios/${lesson}.yaml`], { ...noOverlay, variant: 'all' }, [])
  expect(found.length).toBeGreaterThan(1)
  for (const { scenario } of found) expect(promisesBroken(scenario, runs)).toEqual([])
})

it('a promise that is broken is seen: kafkajs gives a sequence number twice', () => {
  const found = loadScenarios(
    ['scenarios/kafka/produce-sequence-taken-back.yaml'],
    { ...noOverlay, variant: 'all' },
    [],
  )
  const broken = found.flatMap(({ scenario }) => promisesBroken(scenario, 25))
  expect(broken.join('\n')).toMatch(/^billing no-loss \(delivery\), run \d+: shop was told that order-\d+ is safe/)
})
