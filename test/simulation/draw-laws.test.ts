import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import { Random } from '../../src/simulation/random.ts'
import type { World } from '../../src/simulation/world.ts'
import { anyFaults } from './random-faults.ts'
import { fault, noted, notes, runToEnd, smallWorld } from './small-world.ts'

/** How long clients ask. */
const lasts = 6 * second

/** A client and a server of each family, which have nothing to do with the other families. */
function families(which: readonly string[], faults: readonly Fault[], seed = 'families'): World {
  const lossy = { ...linkProfiles.wan, loss: 0.02, duplication: 0.1 }
  const world = smallWorld({ faults, seed, lasts, linkProfileOf: () => lossy })
  for (const family of which) {
    const server = `${family}-server`
    world.addNode({
      name: `${family}-client`,
      start: (process) => {
        process.onDatagram('pong', (number) => process.record(noted, { what: 'pong', number: Number(number) }))
        const call = () =>
          process.connect<number, number>(server, 'ask', {
            received: (number) => void process.record(noted, { what: 'answer', number }),
            closed: () => (connection = call()),
          })
        let connection = call()
        const ask = (number: number): void => {
          connection.send(number + process.random.below(1000) * 1000, { bytes: 300, about: 'question' })
          process.sendDatagram(server, 'ping', number, 10)
          const pause = 20 * millisecond + process.random.below(5000)
          if (process.now < lasts) process.setTimer(pause, () => ask(number + 1))
        }
        ask(0)
      },
    })
    world.addNode({
      name: server,
      service: { servers: 1, perRequest: 500, perKibibyte: 100 },
      start: (process) => {
        process.onDatagram('ping', (number, from) => process.sendDatagram(from, 'pong', number, 10))
        process.listen<number, number>('ask', (connection) => ({
          received: (number) => connection.send(number, { bytes: 900, about: 'answer' }),
        }))
      },
    })
  }
  return runToEnd(world)
}

/** What the nodes of a family noted, with the times. */
function story(world: World, family: string): readonly string[] {
  const { names } = world.history
  return [...world.history]
    .filter(({ kind, node }) => kind === 'noted' && names.text(node).startsWith(`${family}-`))
    .map((fact) => `${fact.time} ${names.text(Number(fact['what']))} ${String(fact['number'])}`)
}

describe('draws', () => {
  it('of an entity do not change when a fault is taken away that does not touch it', () => {
    const faults = fc.tuple(
      anyFaults(['x-client', 'x-server'], 4 * second),
      anyFaults(['y-client', 'y-server'], 4 * second),
    )
    fc.assert(
      fc.property(faults, fc.string(), ([onX, onY], seed) => {
        const both = families(['x', 'y'], [...onX, ...onY], seed)
        const onlyY = families(['x', 'y'], onY, seed)
        expect(story(both, 'y').length).toBeGreaterThan(0)
        expect(story(both, 'y')).toEqual(story(onlyY, 'y'))
      }),
      { numRuns: 25 },
    )
  })

  it('of a packet do not depend on what became of the packets before it', () => {
    const journeys = (faults: readonly Fault[]): readonly string[] => {
      const world = smallWorld({ faults, linkProfileOf: () => linkProfiles.wan })
      const number = (sentAt: unknown): number => world.engine.now - Number(sentAt)
      world.addNode({
        name: 'a',
        start: (process) => {
          const connection = process.connect<number, never>('b', 'x', { received: () => {} })
          const send = (): void => {
            connection.send(process.now, { bytes: 10, about: 'x' })
            process.sendDatagram('b', 'x', process.now, 10)
            process.setTimer(second / 2, send)
          }
          send()
        },
      })
      world.addNode({
        name: 'b',
        start: (process) => {
          const note = (what: string, sentAt: unknown): void =>
            void (Number(sentAt) > 4 * second && process.record(noted, { what, number: number(sentAt) }))
          process.onDatagram('x', (sentAt) => note('datagram', sentAt))
          process.listen<never, number>('x', () => ({ received: (sentAt) => note('packet', sentAt) }))
        },
      })
      return notes(runToEnd(world))
    }
    const early = fault('lossy-link', 'a | b', 0, 2 * second, { loss: 0.5, duplication: 0.5 })
    expect(journeys([early])).toEqual(journeys([]))
    expect(journeys([]).length).toBeGreaterThan(15)
  })

  it('of two worlds in one run do not influence each other', () => {
    const faults = fc.tuple(
      anyFaults(['x-client', 'x-server'], 4 * second),
      anyFaults(['y-client', 'y-server'], 4 * second),
    )
    fc.assert(
      fc.property(faults, fc.string(), ([onX, onY], seed) => {
        const together = families(['x', 'y'], [...onY, ...onX], seed)
        expect(story(together, 'x')).toEqual(story(families(['x'], onX, seed), 'x'))
        expect(story(together, 'y')).toEqual(story(families(['y'], onY, seed), 'y'))
      }),
      { numRuns: 25 },
    )
  })

  it('that choose the target of a fault do not depend on the other faults of the schedule', () => {
    const struck = (faults: readonly Fault[]): string | undefined => {
      const world = families(['x', 'y', 'z'], faults)
      const targets = [...world.history].filter(({ kind }) => kind === 'fault-struck').map((fact) => fact['target'])
      return world.history.names.text(Number(targets.at(-1)))
    }
    const last = fault('crash', 'any@all', 3 * second, second)
    const choosy = { ...last, targets: [['any all']] }
    const alone = struck([choosy])
    for (let others = 1; others < 6; others++) {
      const before = Array.from({ length: others }, (_, place) => fault('slow', 'x-client', place * 1000, 10))
      expect(struck([...before, choosy])).toBe(alone)
    }
  })

  it('are those of the name, whoever forks first and however much is drawn elsewhere', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uniqueArray(fc.string(), { minLength: 2, maxLength: 5 }),
        fc.nat(5),
        (seed, names, more) => {
          const drawn = (random: Random): number[] => Array.from({ length: 4 }, () => random.below(1_000_000))
          const forwards = new Random(seed)
          const there = names.map((name) => drawn(forwards.fork(name)))
          const backwards = new Random(seed)
          for (let each = 0; each < more; each++) backwards.next()
          const back = names.toReversed().map((name) => drawn(backwards.fork(name)))
          expect(back.toReversed()).toEqual(there)
        },
      ),
    )
  })

  it('are none where the answer is certain', () => {
    const random = new Random('certain')
    random.chance(0)
    random.chance(1)
    expect(random.next()).toBe(new Random('certain').next())
  })
})

describe('a run', () => {
  it('has the same fingerprint as another run of the same scenario, and checkpoints on the way', () => {
    fc.assert(
      fc.property(anyFaults(['x-client', 'x-server'], 4 * second), fc.string(), (faults, seed) => {
        const [one, other] = [families(['x'], faults, seed), families(['x'], faults, seed)]
        expect(one.engine.fingerprint.digest()).toBe(other.engine.fingerprint.digest())
        expect(one.engine.fingerprint.checkpoints).toEqual(other.engine.fingerprint.checkpoints)
      }),
      { numRuns: 15 },
    )
  })

  it('of another seed has another fingerprint', () => {
    const prints = ['1', '2', '3', '4'].map((seed) => families(['x'], [], seed).engine.fingerprint.digest())
    expect(new Set(prints).size).toBe(4)
  })
})
