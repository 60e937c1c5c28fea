import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Micros } from '../../src/simulation/duration.ts'
import { second } from '../../src/simulation/duration.ts'
import type { Process } from '../../src/simulation/process.ts'
import { Lane } from '../../src/simulation/service.ts'
import { evenLink, fault, runToEnd, smallWorld } from '../simulation/small-world.ts'
import type { Arrival, Blackout, DiskStep } from './reference.ts'
import { arrivals, diskContents, workedOff } from './reference.ts'

describe('the machine and the slow reference agree', () => {
  it('on when a queue with k servers is done with each request', () => {
    const arrival = fc.record({
      at: fc.nat(60),
      lane: fc.constantFrom('a', 'b', 'c'),
      takes: fc.integer({ min: 1, max: 30 }),
    })
    fc.assert(
      fc.property(
        fc.array(arrival, { minLength: 1, maxLength: 15, size: 'max' }),
        fc.integer({ min: 1, max: 3 }),
        (unordered, servers) => {
          const requests = [...unordered].sort((a, b) => a.at - b.at)
          expect(queueOfMachine(requests, servers)).toEqual(workedOff(requests, servers))
        },
      ),
    )
  })

  it('on when each message of a connection arrives, through one-way cuts of any length', () => {
    const pauses = fc.array(fc.oneof(fc.nat(300), fc.nat(400_000)), { minLength: 1, maxLength: 12, size: 'max' })
    const blackout = fc.tuple(fc.nat(2 * second), fc.integer({ min: 1, max: second }))
    fc.assert(
      fc.property(pauses, fc.array(blackout, { maxLength: 3 }), (between, cuts) => {
        let time = 1000
        // Odd and even numbers of µs, so that nothing is cut in the very µs in which something happens.
        const sent = between.map((pause) => (time += 2 * pause))
        const blackouts = cuts.map(([from, lasts]) => ({ from: from * 2 + 1001, until: (from + lasts) * 2 + 1001 }))
        expect(connectionOfMachine(sent, blackouts)).toEqual(arrivals(sent, 100, blackouts))
      }),
      { numRuns: 200 },
    )
  })

  it('on a cut that was over before the message sent ahead of it had arrived', () => {
    const blackouts = [{ from: 1001, until: 1003 }]
    expect(connectionOfMachine([1000, 1002, 1002], blackouts)).toEqual([1100, 201_102, 201_302])
    expect(arrivals([1000, 1002, 1002], 100, blackouts)).toEqual([1100, 201_102, 201_302])
  })

  it('on what a log holds after writes, fsyncs, truncations, crashes and losses of power', () => {
    const step: fc.Arbitrary<DiskStep> = fc.oneof(
      { weight: 5, arbitrary: fc.nat(999).map((value) => ({ do: 'write', value }) as const) },
      { weight: 3, arbitrary: fc.constant({ do: 'fsync' } as const) },
      { weight: 1, arbitrary: fc.nat(8).map((length) => ({ do: 'truncate', length }) as const) },
      {
        weight: 3,
        arbitrary: fc
          .oneof(fc.nat(3000), fc.nat(40 * second), fc.integer({ min: 30 * second - 900, max: 30 * second }))
          .map((micros) => ({ do: 'wait', micros }) as const),
      },
      { weight: 1, arbitrary: fc.constantFrom({ do: 'crash' } as const, { do: 'power loss' } as const) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
        expect(diskOfMachine(steps)).toEqual(diskContents(steps, 1000, 30 * second))
      }),
      { numRuns: 200 },
    )
  })
})

function queueOfMachine(requests: readonly Arrival[], servers: number): readonly number[] {
  const done: number[] = []
  const lanes = new Map(requests.map(({ lane }) => [lane, new Lane()]))
  const world = smallWorld()
  const spec = { servers, perRequest: 0, perKibibyte: 1 }
  const node = world.addNode({
    name: 'a',
    service: spec,
    start: (process) => {
      for (const [place, { at, lane, takes }] of requests.entries()) {
        const reaction = { run: (): void => void (done[place] = process.now) }
        process.setTimer(at, () => process.input(takes * 1024, reaction, lanes.get(lane) ?? new Lane()))
      }
    },
  })
  runToEnd(world)
  expect(node.service.load).toBe(0)
  return done
}

function connectionOfMachine(sent: readonly number[], blackouts: readonly Blackout[]): readonly number[] {
  const arrived: number[] = []
  const faults = blackouts.map(({ from, until }) =>
    fault('partition', 'a | b', from, until - from, { 'one-way': true }),
  )
  const world = smallWorld({ faults, lasts: 300 * second, linkProfileOf: () => evenLink })
  world.addNode({
    name: 'a',
    start: (process) => {
      const connection = process.connect<number, never>('b', 'x', { received: () => {} })
      for (const [place, at] of sent.entries()) {
        process.setTimer(at, () => connection.send(place, { bytes: 1, about: 'x' }))
      }
    },
  })
  world.addNode({
    name: 'b',
    start: (process) => process.listen<never, number>('x', () => ({ received: () => void arrived.push(process.now) })),
  })
  runToEnd(world)
  return arrived
}

function diskOfMachine(steps: readonly DiskStep[]): readonly number[][] {
  const contents: number[][] = []
  const world = smallWorld()
  let process: Process | undefined
  const node = world.addNode({ name: 'a', start: (started) => void (process = started) })
  world.begin()
  let now: Micros = 0
  for (const step of steps) {
    const log = node.disk.log<number>('log')
    if (step.do === 'wait') now += step.micros
    while ((world.engine.nextTime() ?? Infinity) <= now) world.engine.step()
    // The clock of the machine stands at its last event; an empty one takes it to where the reference is.
    world.engine.schedule(now - world.engine.now, { number: 0, occur: () => {} }, 0, undefined)
    while (world.engine.now < now) world.engine.step()
    if (step.do === 'write') log.append(step.value, 1)
    else if (step.do === 'fsync') log.fsync(() => {})
    else if (step.do === 'truncate') log.truncate(step.length)
    else if (step.do === 'crash') node.crash()()
    else if (step.do === 'power loss') node.losePower(false)()
    contents.push(Array.from({ length: log.length }, (_, place) => log.read(place)?.value ?? -1))
  }
  expect(process?.alive).toBe(true)
  return contents
}
