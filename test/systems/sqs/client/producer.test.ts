import { expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../../src/run.ts'
import { run } from '../../../../src/run.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../../src/scenario/problem.ts'

type Document = Readonly<Record<string, unknown>>

/** A shop that sends orders in batches of ten, and what differs from that. */
function play(producer: Document, sqs: Document = {}, faults: readonly Document[] = []): Run {
  const document = {
    title: 'Batches',
    seed: 'batches',
    systems: { sqs: { sqs: { queues: { orders: { ReceiveMessageWaitTimeSeconds: '20s' } }, ...sqs } } },
    services: {
      shop: { sends: { to: 'sqs/orders', messages: 25, rate: '50/s' }, producer: { 'batch-size': 10, ...producer } },
      billing: { receives: 'sqs/orders', handling: { takes: '1ms' } },
    },
    faults,
  }
  const parsed = parseScenario(JSON.stringify(document), catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return run(parsed.scenario)
}

/** How many sends were answered how. */
function outcomesOf({ history }: Run): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const fact of history) {
    if (fact.kind !== 'answered') continue
    const outcome = history.names.text(Number(fact['outcome']))
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
  return counts
}

it('a producer that is stopped in order sends what it has collected', () => {
  const ran = play({ 'batch-wait': '5s' }, {}, [{ at: '250ms', deploy: 'shop', grace: '2s', for: '1s' }])
  expect(outcomesOf(ran)).toEqual({ confirmed: 25 })
})

it('an entry that always fails is sent ten times, with pauses, and then given up', () => {
  const ran = play({ 'failed-entries': 'sent-again' }, { 'internal-errors': '100%' })
  expect(outcomesOf(ran)).toEqual({ rejected: 25 })
  expect([...ran.history].filter(({ kind }) => kind === 'entry-failed')).toHaveLength(250)
  expect([...ran.history].findLast(({ kind }) => kind === 'answered')?.time).toBeGreaterThan(20_000_000)
})

it('nobody who does not look at the entries of an answer was told that they are safe', () => {
  const ran = play({ 'failed-entries': 'ignored' }, { 'internal-errors': '100%' })
  expect(outcomesOf(ran)).toEqual({ assumed: 25 })
})
