import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { ReplicationWatch } from './invariants.ts'
import { ServerBench } from './server-bench.ts'

type Fault = 'crash' | 'power-loss' | 'stop' | 'pause' | 'cut'

interface Step {
  readonly fault: Fault
  readonly broker: number
  readonly lasts: number
  readonly acks: 'leader' | 'all'
}

const step: fc.Arbitrary<Step> = fc.record({
  fault: fc.constantFrom<Fault>('crash', 'power-loss', 'stop', 'pause', 'cut'),
  broker: fc.integer({ min: 1, max: 3 }),
  lasts: fc.integer({ min: 100, max: 20_000 }),
  acks: fc.constantFrom('leader', 'all'),
})

const topics = { orders: { partitions: 2, 'replication.factor': 3, 'min.insync.replicas': 2 } }

function strike(bench: ServerBench, { fault, broker }: Step): () => void {
  const node = bench.node(broker)
  switch (fault) {
    case 'crash':
      return node.crash()
    case 'power-loss':
      return node.losePower(true)
    case 'stop':
      return node.stop(30 * second)
    case 'pause':
      return node.pause()
    case 'cut': {
      const others = ['events-1', 'events-2', 'events-3', 'events-controller-1'].filter((name) => name !== node.name)
      return bench.cut([node.name], others)
    }
  }
}

/** Produces to both partitions now and then, without waiting; returns what was acknowledged by all. */
function produceDuring(bench: ServerBench, planned: Step, look: () => void): (() => readonly number[])[] {
  const answers: (() => readonly number[])[] = []
  const heal = strike(bench, planned)
  const slice = Math.max(1, Math.floor((planned.lasts * millisecond) / 10))
  for (let part = 0; part < 10; part++) {
    for (const partition of [0, 1]) {
      const leader = bench.leader(partition)
      if (leader < 0 || !bench.node(leader).up) continue
      const request = bench.produceRequest(partition, { acks: planned.acks, timeout: 5 * second })
      const pending = bench.send(leader, request)
      answers.push(() => {
        const ok = pending.response?.type === 'produce' && pending.response.results[0]?.error === 'NONE'
        return ok && planned.acks === 'all' ? Array.from(request.batches[0]?.batch.messages ?? []) : []
      })
    }
    bench.runFor(slice)
    look()
  }
  heal()
  return answers
}

describe('replicas under random faults, one broker at a time', () => {
  it('never differ below the high watermark, learn of it, and never lose what acks=all acknowledged', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), fc.constantFrom(1, 3), (steps, controllers) => {
        const bench = new ServerBench({ topics, controllers }).runUntil(8 * second)
        const watch = new ReplicationWatch(bench.cluster)
        const wrong: string[] = []
        const answers = steps.flatMap((each) => {
          const during = produceDuring(bench, each, () => wrong.push(...watch.look()))
          bench.runFor(75 * second).reconnect()
          wrong.push(...watch.look(), ...watch.differences(), ...watch.unaware())
          expect([0, 1].map((partition) => bench.isr(partition).length)).toEqual([3, 3])
          return during
        })
        expect(wrong).toEqual([])
        const acknowledged = answers.flatMap((answer) => answer())
        const kept = new Set(
          [0, 1].flatMap((partition) => {
            const hosted = bench.cluster.replicas({ topic: 'orders', partition }).get(bench.leader(partition))
            return hosted?.log.allBatches.flatMap(({ messages }) => Array.from(messages)) ?? []
          }),
        )
        expect(acknowledged.filter((message) => !kept.has(message))).toEqual([])
        bench.cluster.takeInventory()
        const fates = [...bench.facts('copy-ended'), ...bench.facts('copy-remained')].map(({ copy }) => Number(copy))
        expect(fates.sort((a, b) => a - b)).toEqual(bench.facts('copy-stored').map(({ copy }) => Number(copy)))
      }),
      { numRuns: 20 },
    )
  }, 120_000)
})
