import { describe, expect, it } from 'vitest'
import type { AnyFact } from '../../src/history/fact.ts'
import { noFact } from '../../src/history/fact.ts'
import { second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import type { World } from '../../src/simulation/world.ts'
import { fault, noted, runToEnd, smallWorld } from './small-world.ts'

/** `a` asks `b` each second, and notes when there was no answer for 0.8 s. */
function asking(faults: readonly Fault[], observeNetwork = false): World {
  const world = smallWorld({ faults, observeNetwork, lasts: 6 * second })
  world.addNode({
    name: 'a',
    start: (process) => {
      const ask = (number: number): void => {
        process.record(noted, { what: 'asked', number })
        process.sendDatagram('b', 'question', number, 10)
        const timeOut = process.setTimer(800_000, () => process.record(noted, { what: 'time-out', number }), 'b')
        process.onDatagram('answer', (answer) => {
          process.record(noted, { what: 'answered', number: Number(answer) })
          timeOut.clear()
        })
        process.setTimer(second, () => ask(number + 1))
      }
      ask(0)
    },
  })
  world.addNode({
    name: 'b',
    service: { servers: 1, perRequest: 1000, perKibibyte: 0 },
    start: (process) =>
      process.onDatagram('question', (number, from) => {
        process.record(noted, { what: 'heard', number: Number(number) })
        process.sendDatagram(from, 'answer', number, 10)
      }),
  })
  return runToEnd(world)
}

function noteOf(world: World, what: string, number: number): AnyFact | undefined {
  const name = world.history.names.intern(what)
  return [...world.history].find((fact) => fact['what'] === name && fact['number'] === number)
}

const kindAt = (world: World, index: number | undefined): string =>
  index === undefined || index === noFact ? 'nothing' : world.history.at(index).kind

describe('causes', () => {
  it('lead from an answer over the question back to the start of the program', () => {
    const world = asking([])
    const chain = ['answered', 'heard', 'asked'].map((what) => noteOf(world, what, 0))
    expect(chain.map((fact) => fact?.cause)).toEqual([chain[1]?.index, chain[2]?.index, expect.any(Number)])
    expect(kindAt(world, chain[2]?.cause)).toBe('node-started')
  })

  it('are the same whether the network is observed or not', () => {
    const story = (world: World): readonly string[] =>
      [...world.history]
        .filter(({ kind }) => kind === 'noted')
        .map((fact) => `${fact.time} ${String(fact['number'])} ${kindAt(world, fact.cause)}`)
    const faults = [fault('lossy-link', 'a | b', second, 3 * second, { loss: 0.5 })]
    expect(story(asking(faults, true))).toEqual(story(asking(faults)))
    expect(asking(faults, true).engine.fingerprint.digest()).toBe(asking(faults).engine.fingerprint.digest())
  })

  it('of a time-out include the fault that silenced whom it waited for, even one that is over', () => {
    const whileDown = asking([fault('crash', 'b', 900_000, 2 * second)])
    expect(kindAt(whileDown, noteOf(whileDown, 'time-out', 1)?.waitedFor)).toBe('node-crashed')
    const backAgain = asking([fault('power-loss', 'b', 900_000, second / 2)])
    expect(kindAt(backAgain, noteOf(backAgain, 'time-out', 1)?.waitedFor)).toBe('node-lost-power')
    const cut = asking([fault('partition', 'a | b', 900_000, second / 2)])
    expect(kindAt(cut, noteOf(cut, 'time-out', 1)?.waitedFor)).toBe('fault-struck')
    const wayThere = asking([fault('partition', 'a | b', 900_000, second / 2, { 'one-way': true })])
    expect(kindAt(wayThere, noteOf(wayThere, 'time-out', 1)?.waitedFor)).toBe('fault-struck')
  })

  it('of what runs late after a pause include the end of the pause', () => {
    const world = asking([fault('pause', 'a', 900_000, second)])
    expect(kindAt(world, noteOf(world, 'asked', 1)?.waitedFor)).toBe('node-resumed')
  })
})
