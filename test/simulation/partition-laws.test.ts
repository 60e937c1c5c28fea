import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import { fault, runToEnd, smallWorld } from './small-world.ts'

const names = ['a', 'b', 'c', 'd', 'e']

/** Everybody sends everybody a datagram each `every` µs; returns who was heard by whom, by the time of sending. */
function hearing(faults: readonly Fault[], every: number, lasts: number): ReadonlyMap<number, ReadonlySet<string>> {
  const heard = new Map<number, Set<string>>()
  const world = smallWorld({ faults, lasts })
  for (const name of names) {
    world.addNode({
      name,
      start: (process) => {
        process.onDatagram('ping', (sentAt, from) => heard.get(Number(sentAt))?.add(`${from}→${name}`))
        const ping = (): void => {
          if (!heard.has(process.now)) heard.set(process.now, new Set())
          for (const other of names) if (other !== name) process.sendDatagram(other, 'ping', process.now, 10)
          process.setTimer(every, ping)
        }
        ping()
      },
    })
  }
  runToEnd(world)
  return heard
}

interface Split {
  readonly sides: readonly (readonly string[])[]
  readonly oneWay: boolean
  readonly from: number
  readonly until: number
}

/** The rule in words: nothing gets from one side to another, unless one of the two is on both sides. */
function isCut({ sides, oneWay }: Split, from: string, to: string): boolean {
  const blocks = (side: readonly string[], other: readonly string[]): boolean =>
    side.includes(from) && other.includes(to) && !side.includes(to) && !other.includes(from)
  return sides.some((side, place) =>
    sides.some((other, otherPlace) => place !== otherPlace && (!oneWay || place === 0) && blocks(side, other)),
  )
}

const side = fc.subarray(names, { minLength: 1 })
const split: fc.Arbitrary<Split> = fc
  .record({
    sides: fc.array(side, { minLength: 2, maxLength: 3 }),
    oneWay: fc.boolean(),
    from: fc.nat(9),
    lasts: fc.integer({ min: 1, max: 10 }),
  })
  .map(({ sides, oneWay, from, lasts }) => ({
    sides,
    oneWay,
    from: from * 100 * millisecond + 50 * millisecond,
    until: (from + lasts) * 100 * millisecond + 50 * millisecond,
  }))

describe('partitions', () => {
  it('cut exactly what they say and as long as they say: symmetric, one-way, with bridges, several at once', () => {
    fc.assert(
      fc.property(fc.array(split, { maxLength: 3 }), (splits) => {
        const faults = splits.map(({ sides, oneWay, from, until }) =>
          fault('partition', sides.map((each) => each.join(' ')).join(' | '), from, until - from, {
            'one-way': oneWay,
          }),
        )
        const heard = hearing(faults, 100 * millisecond, 2 * second)
        expect(heard.size).toBeGreaterThan(15)
        for (const [time, pairs] of heard) {
          // What was sent last may still be on its way when the run ends.
          if (time > 1.9 * second) continue
          const active = splits.filter(({ from, until }) => from <= time && time < until)
          const expected = names.flatMap((from) =>
            names
              .filter((to) => to !== from && !active.some((each) => isCut(each, from, to)))
              .map((to) => `${from}→${to}`),
          )
          expect([...pairs].sort()).toEqual(expected.sort())
        }
      }),
      { numRuns: 60 },
    )
  })

  it('that isolate nodes leave the ways between these open', () => {
    const heard = hearing([fault('isolate', 'a b', 50 * millisecond, second)], 100 * millisecond, second)
    const pairs = heard.get(500 * millisecond)
    expect([...(pairs ?? [])].sort()).toEqual(
      names
        .flatMap((from) => names.filter((to) => to !== from).map((to) => `${from}→${to}`))
        .filter((pair) => /[ab]→[ab]|[cde]→[cde]/.test(pair))
        .sort(),
    )
  })
})
