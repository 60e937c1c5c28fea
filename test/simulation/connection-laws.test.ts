import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connection, ConnectionHandler } from '../../src/simulation/connection.ts'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import type { Process } from '../../src/simulation/process.ts'
import type { World } from '../../src/simulation/world.ts'
import { anyFaults } from './random-faults.ts'
import { runToEnd, smallWorld } from './small-world.ts'

/** What both ends of all connections did, kept outside of the simulated world. */
class Wiretap {
  readonly lines = new Map<string, { readonly sent: number[]; readonly received: number[]; over: boolean }>()
  readonly ends: Connection<number>[] = []
  readonly mistakes: string[] = []

  line(connection: Connection<number>, from: string): { sent: number[]; received: number[]; over: boolean } {
    const name = `${connection.number} from ${from}`
    const line = this.lines.get(name) ?? { sent: [], received: [], over: false }
    this.lines.set(name, line)
    return line
  }

  /** Every reaction of a program comes by here. */
  stepOf(process: Process): void {
    const { node } = process
    if (node.process !== process)
      this.mistakes.push(`${process.now}: incarnation ${process.incarnation} of ${node.name} ran`)
    if (node.paused) this.mistakes.push(`${process.now}: ${node.name} ran while paused`)
  }
}

/** Two programs that talk to each other as long as they can; they connect again when the other is gone, and at times do not read. */
function talkers(
  faults: readonly Fault[],
  seed: string,
  restless: number,
  closes = true,
): { world: World; tap: Wiretap } {
  const tap = new Wiretap()
  const world = smallWorld({ faults, seed, lasts: 400 * second, linkProfileOf: () => linkProfiles.lan })
  const handler = (process: Process, connection: Connection<number>, again: () => void) => {
    const incoming = tap.line(connection, connection.peerName)
    tap.ends.push(connection)
    return {
      received: (number: number) => {
        tap.stepOf(process)
        if (incoming.over) tap.mistakes.push(`${number} came after the end`)
        incoming.received.push(number)
        if (number % 7 === 3) {
          connection.pauseReading()
          process.setTimer(3 * millisecond, () => connection.resumeReading())
        }
      },
      closed: () => {
        tap.stepOf(process)
        incoming.over = true
        again()
      },
    }
  }
  const talk = (process: Process, connection: Connection<number>, left: number): void => {
    tap.stepOf(process)
    const { sent } = tap.line(connection, process.name)
    for (let each = 0; each < 3; each++) {
      sent.push(sent.length)
      connection.send(sent.length - 1, { bytes: 500, about: 'number' })
    }
    if (left > 0) process.setTimer(restless, () => talk(process, connection, left - 1))
    else if (closes && process.name === 'a') connection.close()
  }
  const call = (process: Process): void => {
    const again = (): void => void process.setTimer(50 * millisecond, () => call(process))
    const proxy: ConnectionHandler<number> = { received: () => {} }
    const connection = process.connect<number, number>('b', 'talk', proxy, { window: 2000, userTimeout: 30 * second })
    Object.assign(proxy, handler(process, connection, again))
    talk(process, connection, 25)
  }
  world.addNode({ name: 'a', start: call })
  world.addNode({
    name: 'b',
    service: { servers: 2, perRequest: 40, perKibibyte: 10 },
    start: (process) =>
      process.listen<number, number>('talk', (connection) => {
        talk(process, connection, 25)
        return handler(process, connection, () => {})
      }),
  })
  world.addNode({ name: 'c', start: () => {} })
  return { world: runToEnd(world), tap }
}

const faults = anyFaults(['a', 'b', 'c'], 4 * second)
const restless = fc.integer({ min: 100, max: 60_000 })

describe('connections', () => {
  it('deliver a prefix of what was sent, in order and before the end, whatever strikes', () => {
    fc.assert(
      fc.property(faults, fc.string(), restless, (schedule, seed, every) => {
        const { tap } = talkers(schedule, seed, every)
        for (const { sent, received } of tap.lines.values()) expect(received).toEqual(sent.slice(0, received.length))
        expect(tap.mistakes).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('that are open at both ends when all is calm again have delivered everything', () => {
    fc.assert(
      fc.property(faults, fc.string(), restless, (schedule, seed, every) => {
        const { tap } = talkers(schedule, seed, every, false)
        const open = (number: number): boolean =>
          tap.ends.filter((end) => end.number === number && end.state === 'open').length === 2
        for (const end of tap.ends.filter(({ number }) => open(number))) {
          const { sent, received } = tap.line(end, end.process.name)
          expect(received).toEqual(sent)
        }
      }),
      { numRuns: 100 },
    )
  })

  it('deliver everything that was sent before a goodbye when nothing strikes', () => {
    const { tap } = talkers([], 'calm', 1000)
    const lines = [...tap.lines.entries()].filter(([name]) => name.endsWith('from a'))
    expect(lines.length).toBeGreaterThan(0)
    for (const [, { sent, received }] of lines) expect(received).toEqual(sent)
  })

  it('end at the caller for some reason whenever the other end is no more and the caller has something to send', () => {
    fc.assert(
      fc.property(faults, fc.string(), restless, (schedule, seed, every) => {
        const { tap } = talkers(schedule, seed, every, false)
        const numbers = new Set(tap.ends.map(({ number }) => number))
        for (const number of numbers) {
          const [one, other] = tap.ends.filter((end) => end.number === number)
          if (one === undefined || other === undefined || one.state !== 'open' || other.state === 'open') continue
          expect(one.unsentBytes).toBe(0)
        }
      }),
      { numRuns: 100 },
    )
  })
})
