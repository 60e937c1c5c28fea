import { expect, it } from 'vitest'
import { second } from '../../src/simulation/duration.ts'
import { fault, noted, notes, rehearsed, smallWorld, whenNoted } from './small-world.ts'

it('What a program does afterwards comes in order, in the same step, and leaves nothing of it when that step is cut', () => {
  const world = rehearsed((strikesBefore) => {
    const crash = fault('crash', 'server', whenNoted('first', 1, 'after-state'))
    const made = smallWorld({ faults: [crash], strikesBefore })
    made.addNode({
      name: 'server',
      start: (process) => {
        const note = (what: string, number: number): void => {
          process.record(noted, { what, number })
          process.sendDatagram('hearer', 'news', what, 10)
        }
        let round = 0
        const act = (): void => {
          process.afterwards(() => {
            note('first', round)
            process.afterwards(() => note('third', round))
          })
          process.afterwards(() => note('second', round))
          note('call', round)
        }
        process.setTimer(second, act)
        process.setTimer(2 * second, () => {
          round = 1
          act()
        })
      },
    })
    made.addNode({
      name: 'hearer',
      start: (process) =>
        process.onDatagram('news', (what) => process.record(noted, { what: `heard ${String(what)}`, number: 0 })),
    })
    return made
  })
  const told = (who: string): readonly string[] => notes(world).filter((note) => note.startsWith(who))
  const order = ['call', 'first', 'second', 'third']
  expect(told('server')).toEqual([0, 1].flatMap((round) => order.map((what) => `server ${what} ${round}`)))
  expect(told('hearer').toSorted()).toEqual(order.map((what) => `hearer heard ${what} 0`).toSorted())
})
