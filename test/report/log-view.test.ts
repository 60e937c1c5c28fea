import { describe, expect, it } from 'vitest'
import { neutralFacts } from '../../src/history/facts.ts'
import { historyOf } from '../../src/history/plain-fact.ts'
import { drawLog } from '../../src/report/log-view/draw-log.ts'
import { logViews } from '../../src/report/log-view/log-view.ts'
import { kafkaFacts } from '../../src/systems/kafka/facts.ts'
import { hostile } from './sample-run.ts'

const stored = (message: string, at: number, place = 'q') => ({
  fact: 'copy-stored',
  at,
  node: 'broker',
  message,
  place,
})
const read = (message: string, at: number, attempt: number, position = -1, partition = '') => ({
  ...{ fact: 'delivered', at, node: 'billing-1', message, service: 'billing', channel: 'q' },
  ...{ partition, position, attempt },
})
const ended = (fact: string, message: string, at: number, attempt: number) => ({
  fact,
  at,
  node: 'billing-1',
  message,
  service: 'billing',
  attempt,
})

describe('the view of a log', () => {
  it('has a pass for each way through it: one that goes back begins anew', () => {
    const history = historyOf([
      stored('a', 0),
      stored('b', 1),
      read('a', 2, 1),
      ended('handled', 'a', 3, 1),
      read('b', 4, 1),
      ended('handling-failed', 'b', 5, 1),
      read('a', 6, 2),
      ended('effect-skipped', 'a', 7, 2),
      ended('handled', 'a', 7, 2),
      read('b', 8, 2),
    ])
    const [view] = logViews(history, ['b'], 3)
    expect(view?.marked).toEqual([1])
    expect(
      view?.passes.map(({ actor, action, from, to, cells }) => [
        actor,
        action,
        from,
        to,
        cells.map(({ outcome }) => outcome),
      ]),
    ).toEqual([
      ['broker', 'stored', 0, 1, ['stored', 'stored']],
      ['billing-1', 'read', 2, 4, ['handled', 'failed']],
      ['billing-1', 'read', 6, 8, ['left-out', 'unfinished']],
    ])
  })

  it('takes the positions of a partition from those who read it, also of what was stored twice', () => {
    const history = historyOf([
      stored('a', 0, 'q/0'),
      stored('b', 1, 'q/0'),
      stored('a', 2, 'q/0'),
      read('a', 3, 1, 7, '0'),
      read('b', 4, 1, 8, '0'),
      read('a', 5, 2, 9, '0'),
    ])
    const [view] = logViews(history, [], 3)
    expect(view?.place).toBe('q/0')
    expect(view?.passes.map(({ cells }) => cells.map(({ position }) => position))).toEqual([
      [7, 8, 9],
      [7, 8, 9],
    ])
  })

  it('shows the part around what a story is about, and says what it leaves out', () => {
    const facts = Array.from({ length: 300 }, (_, place) => stored(`m${place}`, place))
    const [view] = logViews(historyOf([...facts, read('m200', 400, 1)]), ['m200'], 1)
    expect(view?.marked).toEqual([200])
    expect(view?.from).toBeLessThan(200)
    expect(view?.to).toBeGreaterThan(200)
    expect(view?.leftOut.positions).toBe(300 - 56)
  })

  it('leaves out what nobody reads', () => {
    expect(logViews(historyOf([stored('a', 0)]), [], 3)).toEqual([])
  })

  it('lets no name become a part of the picture', () => {
    const [view] = logViews(historyOf([stored(hostile, 0), read(hostile, 1, 1)]), [hostile], 1)
    const svg = view && drawLog(view, 'l')
    expect(svg).not.toContain('<script')
    expect(svg).not.toContain('\u001b')
  })

  it('has the replicas above those who read, with what they copied and what they dropped', () => {
    const at = (fact: string, node: string, offset: number, messages: number, time: number) => ({
      ...{ fact, at: time, node, partition: 'q' },
      ...{ offset, messages },
    })
    const history = historyOf(
      [
        stored('a', 0),
        stored('b', 1),
        read('a', 2, 1),
        at('replicated', 'second', 1, 1, 3),
        at('truncated', 'broker', 1, 1, 4),
        at('replicated', 'broker', 2, 1, 5),
      ],
      [...neutralFacts, ...kafkaFacts],
    )
    const [view] = logViews(history, [], 1)
    const rows = view?.passes.map(({ actor, action, cells }) => [actor, action, cells.map(({ position }) => position)])
    expect(rows).toEqual([
      ['broker', 'stored', [0, 1]],
      ['second', 'copied', [0]],
      ['broker', 'dropped', [1]],
      ['broker', 'copied', [1]],
      ['billing-1', 'read', [0]],
    ])
  })
})
