import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hour, minute, second } from '../../../../src/simulation/duration.ts'
import { FifoQueue } from '../../../../src/systems/sqs/core/fifo-queue.ts'
import type { QueueCore, QueueRules, Receipt, Situation } from '../../../../src/systems/sqs/core/queue-core.ts'
import { StandardQueue } from '../../../../src/systems/sqs/core/standard-queue.ts'
import { PlainQueue } from './plain-queue.ts'
import type { Got } from './queue-bench.ts'
import { plainRules, plainStorage, QueueBench } from './queue-bench.ts'

/*
 * The queues beside a slow and obvious one, by random commands; and a standard queue whose servers come and go, of which only the promise can be
 * held: what was accepted is received until it is deleted.
 */

type Command =
  | { readonly kind: 'send'; readonly group: string; readonly id: string | undefined }
  | { readonly kind: 'receive'; readonly most: number }
  | { readonly kind: 'delete'; readonly place: number }
  | { readonly kind: 'hide'; readonly place: number; readonly timeout: number }
  | { readonly kind: 'wait'; readonly time: number }

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      group: fc.constantFrom('a', 'b', 'c'),
      id: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('receive' as const), most: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), place: fc.nat(6) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('hide' as const),
      place: fc.nat(6),
      timeout: fc.constantFrom(0, 10 * second, 11 * hour, 12 * hour),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      time: fc.constantFrom(second, 15 * second, 30 * second, 2 * minute, 5 * minute),
    }),
  },
)

const commands = fc.array(command, { maxLength: 60, size: 'max' })
const maxReceiveCount = fc.constantFrom(undefined, 1, 3)

type Make = (rules: QueueRules) => QueueCore

const makeFifo: Make = (rules) => new FifoQueue(rules, 6)

/** Plays the commands on both; where they first differ, or nothing. */
function difference(make: Make | undefined, list: readonly Command[], most: number | undefined): string | undefined {
  const rules = { ...plainRules, retention: hour, maxReceiveCount: most }
  const plain = new PlainQueue(rules, make !== undefined)
  const storage = { ...plainStorage, oldHandleDeletes: 0 }
  const bench = new QueueBench(
    (nextCopy, random) => make?.(rules) ?? new StandardQueue(rules, storage, random, nextCopy),
    6,
  )
  const got: Got[] = []
  for (const [place, each] of list.entries()) {
    const differs = step(each, place, bench, plain, got, make !== undefined)
    if (differs) return `command ${place}: ${JSON.stringify(each)}`
    bench.situation()
    plain.pass(bench.now)
    if (bench.core.size !== plain.size) return `command ${place}: ${bench.core.size} and not ${plain.size} messages`
  }
  return undefined
}

function step(each: Command, name: number, bench: QueueBench, plain: PlainQueue, got: Got[], isFifo: boolean): boolean {
  switch (each.kind) {
    case 'send':
      bench.send(name, { group: each.group, ...(each.id === undefined ? {} : { deduplicationId: each.id }) })
      plain.send(name, each.group, each.id, bench.now)
      return false
    case 'receive':
      return !receivesTheSame(each.most, bench, plain, got, isFifo)
    case 'delete': {
      const known = got.at(-1 - each.place)
      if (known === undefined) return false
      const { refusal } = bench.delete(known.receipt)
      return plain.delete(known.name, known.receives, bench.now) !== (refusal === undefined)
    }
    case 'hide': {
      const known = got.at(-1 - each.place)
      if (known === undefined) return false
      const { refusal } = bench.hide(known.receipt, each.timeout)
      return plain.hide(known.name, known.receives, each.timeout, bench.now) !== (refusal === undefined)
    }
    case 'wait':
      bench.wait(each.time)
      plain.pass(bench.now)
      return false
  }
}

/** A FIFO queue returns what comes first; a standard queue any, and gives up any that it meets. */
function receivesTheSame(most: number, bench: QueueBench, plain: PlainQueue, got: Got[], isFifo: boolean): boolean {
  const available = plain.available(bench.now)
  const { messages, exhausted } = bench.look(most)
  const names = messages.map(({ message }) => message.envelope.message)
  const gone = exhausted.map(({ envelope }) => envelope.message)
  const good = available.filter((name) => !plain.isExhausted(name))
  const isRight = isFifo
    ? names.join() === good.slice(0, most).join()
    : names.every((name) => good.includes(name)) && names.length === Math.min(most, good.length)
  for (const name of gone) if (!plain.isExhausted(name) || !available.includes(name)) return false
  for (const name of gone) plain.remove(name)
  for (const name of names) plain.received(name, bench.now)
  got.push(
    ...messages.map(({ message, receipt }) => ({
      name: message.envelope.message,
      receipt,
      receives: message.receives,
    })),
  )
  return isRight
}

describe('beside a plain queue', () => {
  it.each([
    ['a FIFO queue', makeFifo],
    ['a standard queue whose servers are all there', undefined],
  ])('%s does the same, whatever it is asked', (_, make) => {
    fc.assert(
      fc.property(commands, maxReceiveCount, (list, most) => {
        expect(difference(make, list, most)).toBeUndefined()
      }),
      { numRuns: 300 },
    )
  })

  it.each(Object.entries(brokenQueues()))('a FIFO queue that %s is found out', (_, make) => {
    const kept = fc.property(commands, maxReceiveCount, (list, most) => difference(make, list, most) === undefined)
    expect(fc.check(kept, { numRuns: 1000, endOnFailure: true }).failed).toBe(true)
  })
})

/** Bugs that the comparison has to find. */
function brokenQueues(): Readonly<Record<string, Make>> {
  return {
    'forgets deduplication ids': (rules) =>
      new (class extends FifoQueue {
        override send(spec: Parameters<FifoQueue['send']>[0], situation: Situation) {
          return super.send({ ...spec, deduplicationId: undefined }, situation)
        }
      })(rules, 6),
    'deletes by a handle that has expired': (rules) =>
      new (class extends FifoQueue {
        override delete(receipt: Receipt, fate: string, situation: Situation) {
          return super.delete(receipt, fate, { ...situation, now: situation.now - second })
        }
      })(rules, 6),
    'lets groups overtake themselves': (rules) =>
      new (class extends FifoQueue {
        override send(spec: Parameters<FifoQueue['send']>[0], situation: Situation) {
          return super.send({ ...spec, group: `${spec.copy}` }, situation)
        }
      })(rules, 6),
    'counts twelve hours from the last extension': (rules) =>
      new (class extends FifoQueue {
        override changeVisibility(receipt: Receipt, timeout: number, situation: Situation) {
          return super.changeVisibility(receipt, Math.min(timeout, hour), situation)
        }
      })(rules, 6),
  }
}

const reach = fc.uniqueArray(fc.integer({ min: 0, max: 5 }), { maxLength: 6 })

describe('a standard queue whose servers come and go', () => {
  it('has every message that it accepted and nobody deleted, and gives each one fate', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(command, reach), { maxLength: 60, size: 'max' }), (list) => {
        const bench = new QueueBench(
          (nextCopy, random) => new StandardQueue(plainRules, plainStorage, random, nextCopy),
          6,
        )
        const due = new Set<number>()
        const got: Got[] = []
        for (const [name, each] of list.entries()) {
          if ('length' in each) bench.reach(each)
          else if (each.kind === 'send' && bench.send(name).refusal === undefined) due.add(name)
          else if (each.kind === 'receive') got.push(...bench.receive(each.most))
          else if (each.kind === 'wait') bench.wait(each.time)
          else if (each.kind === 'delete') {
            const known = got.at(-1 - each.place)
            if (known !== undefined && bench.delete(known.receipt).refusal === undefined) due.delete(known.name)
          }
        }
        const found = drained(bench)
        expect([...due].filter((name) => !found.has(name))).toEqual([])
        expectOneFateEach(bench)
      }),
      { numRuns: 200 },
    )
  })
})

/** All that can be received when everything is back. */
function drained(bench: QueueBench): ReadonlySet<number> {
  bench.reach([0, 1, 2, 3, 4, 5])
  bench.wait(12 * hour)
  const names = new Set<number>()
  for (let got = bench.receive(10); got.length > 0; got = bench.receive(10)) for (const { name } of got) names.add(name)
  return names
}

function expectOneFateEach(bench: QueueBench): void {
  const copies = (kind: string): number[] =>
    bench.events.flatMap((event) => (event.kind === kind && 'message' in event ? [event.message.copy] : []))
  const fates = [...copies('ended'), ...[...bench.core.messages()].map(({ message }) => message.copy)]
  expect(fates.sort((one, other) => one - other)).toEqual(copies('stored').sort((one, other) => one - other))
}
