import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Micros } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import type { Process } from '../../src/simulation/process.ts'
import { fault, runToEnd, smallWorld } from './small-world.ts'

/** What a program that writes numbers to a log knows, and what it finds after each start. */
interface Life {
  readonly found: readonly number[]
  readonly written: number[]
  readonly writtenAt: Micros[]
  /** How many records an fsync had promised to keep. */
  promised: number
}

/** A program that appends a number every `every` µs and fsyncs after each `group` of them; one life for each incarnation. */
function writingLives(faults: readonly Fault[], every: Micros, group: number, lasts: Micros): readonly Life[] {
  const lives: Life[] = []
  const world = smallWorld({ faults, lasts })
  world.addNode({
    name: 'a',
    start: (process) => {
      const log = process.disk.log<number>('numbers')
      const found = Array.from({ length: log.length }, (_, place) => log.read(place)).map((record) =>
        record?.state === 'whole' ? record.value : -1,
      )
      const life: Life = { found, written: [...found], writtenAt: [], promised: 0 }
      lives.push(life)
      write(process, life, every, group)
    },
  })
  runToEnd(world)
  return lives
}

function write(process: Process, life: Life, every: Micros, group: number): void {
  const log = process.disk.log<number>('numbers')
  const number = 1000 * process.incarnation + life.written.length
  if (log.append(number, 100) === 'written') {
    life.written.push(number)
    life.writtenAt.push(process.now)
  }
  if (life.written.length % group === 0) {
    const { length } = life.written
    log.fsync((outcome) => {
      if (outcome === 'written') life.promised = Math.max(life.promised, length)
    })
  }
  process.setTimer(every, () => write(process, life, every, group))
}

const at = fc.integer({ min: 1, max: second })
const downFor = fc.integer({ min: 1, max: 100 * millisecond })
const crash = fc.tuple(at, downFor).map(([when, long]) => fault('crash', 'a', when, long))
const restart = fc.tuple(at, downFor).map(([when, long]) => fault('restart', 'a', when, long))
const powerLoss = fc.tuple(at, downFor).map(([when, long]) => fault('power-loss', 'a', when, long))
const trouble = fc
  .tuple(fc.constantFrom('slow-disk', 'full-disk', 'broken-disk', 'pause'), at, downFor)
  .map(([action, when, long]) => fault(action, 'a', when, long))
const every = fc.integer({ min: 300, max: 20_000 })
const group = fc.integer({ min: 1, max: 5 })

const pairsOf = (lives: readonly Life[]): (readonly [Life, Life])[] =>
  lives.slice(1).map((next, place) => [lives[place] ?? next, next] as const)

describe('disks', () => {
  it('keep what was written through any crash or restart', () => {
    const faults = fc.array(fc.oneof(crash, restart, trouble), { maxLength: 6 })
    fc.assert(
      fc.property(faults, every, group, (schedule, pause, size) => {
        for (const [before, after] of pairsOf(writingLives(schedule, pause, size, 2 * second))) {
          expect(after.found).toEqual(before.written)
        }
      }),
    )
  })

  it('keep what was fsynced through any loss of power, and of the rest nothing but a prefix', () => {
    const faults = fc.array(fc.oneof(crash, powerLoss, trouble), { maxLength: 6 })
    fc.assert(
      fc.property(faults, every, group, (schedule, pause, size) => {
        for (const [before, after] of pairsOf(writingLives(schedule, pause, size, 2 * second))) {
          expect(after.found.length).toBeGreaterThanOrEqual(before.promised)
          expect(after.found).toEqual(before.written.slice(0, after.found.length))
        }
      }),
    )
  })

  it('lose what was never fsynced when the power goes, and keep it when the kernel had 30 s to write it back', () => {
    const never = Infinity
    const early = writingLives([fault('power-loss', 'a', 5 * second, second)], second, never, 10 * second)
    expect(early[1]?.found).toEqual([])
    const late = writingLives([fault('power-loss', 'a', 35 * second + 1, second)], second, never, 40 * second)
    expect(late[1]?.found).toEqual(late[0]?.written.slice(0, 6))
  })

  it('leave a torn record behind the last durable one when a write was under way', () => {
    const torn = fault('power-loss', 'a', 5 * second, second, { torn: true })
    const [, after] = writingLives([torn], second, 3, 10 * second)
    expect(after?.found).toEqual([1000, 1001, 1002, -1])
  })

  it('that are broken promise nothing and keep nothing new', () => {
    const faults = [fault('broken-disk', 'a', 1.5 * second, 2 * second), fault('power-loss', 'a', 3 * second, second)]
    const [before, after] = writingLives(faults, second, 1, 10 * second)
    expect([before?.promised, before?.written.length, after?.found.length]).toEqual([2, 2, 2])
  })

  it('that are broken write nothing back either, and begin to again when they are mended', () => {
    const broken = fault('broken-disk', 'a', 10_500_000, 30 * second)
    const lost = writingLives([broken, fault('power-loss', 'a', 50 * second, second)], second, Infinity, 60 * second)
    expect(lost[1]?.found).toEqual([])
    const kept = writingLives([broken, fault('power-loss', 'a', 71_500_000, second)], second, Infinity, 80 * second)
    // The eleven of before the fault, and one of after it.
    expect(kept[1]?.found).toHaveLength(12)
  })

  it('that were slowed, filled or broken twice at once recover when both are over', () => {
    const faults = ['slow-disk', 'full-disk', 'broken-disk'].flatMap((action) => [
      fault(action, 'a', second, 2 * second),
      fault(action, 'a', 2 * second, 3 * second),
    ])
    const [life] = writingLives(faults, second / 2, 1, 6 * second)
    // One write each half second; those from 1 to 4.5 s fail.
    const times = [0, 0.5, 5, 5.5, 6].map((seconds) => seconds * second)
    expect(life?.writtenAt.filter((time) => time <= 6 * second)).toEqual(times)
  })

  it('work off fsyncs one after the other', () => {
    const done: Micros[] = []
    const world = smallWorld({ faults: [fault('slow-disk', 'a', 10 * millisecond, second, { factor: 7.5 })] })
    world.addNode({
      name: 'a',
      start: (process) => {
        const sync = (): void => process.disk.value<number>('x').fsync(() => done.push(process.now))
        for (let each = 0; each < 3; each++) sync()
        process.setTimer(20 * millisecond, sync)
      },
    })
    runToEnd(world)
    expect(done).toEqual([1, 2, 3, 27.5].map((milliseconds) => milliseconds * millisecond))
  })

  it('damage the last whole record of each log when a sector goes bad', () => {
    const lives = writingLives(
      [fault('corrupt-tail', 'a', 2.5 * second), fault('crash', 'a', 3.5 * second, second)],
      second,
      1,
      5 * second,
    )
    expect(lives[1]?.found).toEqual([1000, 1001, -1, 1003])
  })
})

describe('a file that holds one value', () => {
  it('is the value written last after a crash, and the value fsynced last after a loss of power', () => {
    const found: (number | undefined)[] = []
    const world = smallWorld({
      faults: [fault('crash', 'a', second, second), fault('power-loss', 'a', 3 * second, second)],
    })
    world.addNode({
      name: 'a',
      start: (process) => {
        const file = process.disk.value<number>('epoch')
        found.push(file.value)
        file.write(process.incarnation * 10)
        file.fsync(() => file.write(process.incarnation * 10 + 1))
      },
    })
    runToEnd(world)
    expect(found).toEqual([undefined, 11, 20])
  })
})
