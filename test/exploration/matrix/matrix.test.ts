import { describe, expect, it } from 'vitest'
import { failurePoints } from '../../../src/exploration/matrix/failure-point.ts'
import { interleavings } from '../../../src/exploration/matrix/interleavings.ts'
import { observe } from '../../../src/exploration/matrix/outcome.ts'
import { scenarioOf, withOrder } from '../../../src/exploration/matrix/situation.ts'
import type { Scenario } from '../../../src/scenario/scenario.ts'
import { millisecond, second } from '../../../src/simulation/duration.ts'
import { cellOf } from '../../../src/exploration/matrix/matrix.ts'
import { matrixView } from '../../../src/exploration/matrix/matrix-view.ts'
import { products, strategyRows } from '../../../src/exploration/matrix/strategy-row.ts'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import { matrixMark } from '../../../src/report/matrix-text.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'

/** What is known of some strategies from the literature: `-` for a point that does not exist for them. */
const known: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: { F0: 'S', F1: 'D!', F3: 'D!', F4: 'D!', F5: 'D!', F6: 'D!', F7a: '-', F8: 'S' },
  'acknowledge-first': { F0: 'L?', F1: 'S', F2: '-', F3: '-', F4: '-', F5: 'D!', F8: 'S' },
  'inbox (key: message, acknowledges-inside: false)': {
    F0: 'S',
    F1: 'S',
    F2: 'S',
    F3: 'S',
    'F3-purged': 'D!',
    F4: 'S',
    F5: 'D!',
    F6: 'S',
    F7a: '-',
    'F7b-i': 'L!',
    'F7b-ii': 'S',
    F8: 'S',
  },
  'upsert (row: key)': {
    F0: 'S',
    F1: 'S',
    F3: 'W?',
    F4: 'S',
    F5: 'S',
    F6: 'W?',
    'F7b-i': 'L!',
    'F7b-ii': 'S',
    F8: 'W!',
  },
  'upsert (row: message)': { F5: 'D!' },
  'inbox-without-key (key: message, isolation: read committed)': { F4: 'D?', F6: 'D?' },
  'inbox-without-key (key: message, isolation: serializable)': { F4: 'S', F6: 'S' },
  'inbox-and-version': { F0: 'S', F1: 'S', F2: 'S', F4: 'S', F5: 'S', F6: 'S', F8: 'S' },
  'position-and-version': { F0: 'S', F1: 'S', F2: 'S', F4: 'S', F5: 'S', F6: 'S', F8: 'S' },
  'event-sourcing (expects-revision: true, checks-command: true)': { F4: 'S', F6: 'S' },
  'idempotency-key-and-reconciliation': { F0: 'S', F1: 'S', F3: 'S', F4: 'S', F5: 'S', F6: 'S' },
  'check-then-mark (key: message, remembers: keys)': {
    F0: 'S',
    F1: 'D?',
    F2: 'S',
    F3: 'S',
    'F3-purged': 'D!',
    F4: 'D?',
    F5: 'D!',
    F6: 'D?',
    F7a: 'D!',
    F8: 'S',
  },
  'check-then-mark (key: operation, remembers: keys)': { F1: 'D?', F5: 'S' },
  'claim-first (key: message, gives-back: false)': { F0: 'L?', F1: 'S', F2: 'S', F4: 'S', F6: 'S', F7a: 'D!' },
  'lease-then-complete (key: message)': { F0: 'S', F1: 'D?', F2: 'S', F6: 'D?', F7a: 'D!' },
  'idempotency-key (key: operation)': { F0: 'S', F1: 'S', F2: 'S', F3: 'D!', F4: 'S', F5: 'S', F6: 'S', F8: 'S' },
  'idempotency-key (key: message)': { F1: 'S', F5: 'D!' },
  'idempotency-key (key: attempt)': { F1: 'D!', F4: 'D!', F5: 'D!' },
}

/** Every operation takes a turn. */
function withoutFreedom(scenario: Scenario): Scenario {
  const services = scenario.services.map((service) => {
    const { interleaving } = service.handling
    return interleaving === undefined
      ? service
      : { ...service, handling: { ...service.handling, interleaving: { ...interleaving, freely: ['connect'] } } }
  })
  return { ...scenario, services }
}

const rows = strategyRows()
const view = (name: string) => {
  const row = rows.find((each) => each.name === name)
  if (row === undefined)
    throw new Error(`There is no strategy ${name}: there are ${rows.map((each) => each.name).join(', ')}`)
  const points = failurePoints.filter((point) => Object.hasOwn(known[name] ?? {}, point.name))
  return matrixView(
    [row],
    points,
    points.map((point) => cellOf(row, point)),
  )
}

describe('the matrix of strategies and failure points', () => {
  it.each(Object.keys(known))('%s comes out as it is known', (name) => {
    const { points, rows: computed } = view(name)
    const marks = Object.fromEntries(
      computed[0]?.cells.map((cell, place) => [points[place]?.name, matrixMark(cell)]) ?? [],
    )
    expect(marks).toEqual(known[name])
  })

  it('shows each broken cell by a scenario that breaks again when it is run', () => {
    const { rows: computed } = view('check-then-mark (key: message, remembers: keys)')
    for (const cell of computed[0]?.cells ?? []) {
      if (matrixMark(cell) === 'S' || cell.example === undefined) continue
      const parsed = parseScenario(cell.example.scenario, catalogue)
      expect(
        parsed.ok && run(parsed.scenario).rows.filter(({ verdict }) => verdict === 'violated').length,
      ).toBeGreaterThan(0)
    }
  })

  it.each([
    ['none', { F0: 'S', F1: 'D!', F5: 'D!', F6: 'D!' }],
    ['inbox (key: operation, acknowledges-inside: false)', { F0: 'S', F1: 'S', F5: 'S', F6: 'S' }],
    ['upsert (row: key)', { F0: 'S', F1: 'S', F5: 'S', F6: 'W?' }],
  ])(
    '%s comes to the same on every product',
    (name, expected) => {
      for (const product of products) {
        const row = strategyRows(product).find((each) => each.name === name)
        const points = failurePoints.filter((point) => Object.hasOwn(expected, point.name))
        const marks = points.map((point) => {
          const cell =
            row === undefined ? undefined : matrixView([row], [point], [cellOf(row, point)]).rows[0]?.cells[0]
          return [point.name, cell === undefined ? '' : matrixMark(cell)]
        })
        expect([product, Object.fromEntries(marks)]).toEqual([product, expected])
      }
    },
    120_000,
  )

  it('leaves no outcome out by letting operations go that nobody else sees', () => {
    const row = strategyRows().find(({ name }) => name === 'inbox-without-key (key: message, isolation: serializable)')
    const racy = strategyRows().find(({ name }) => name.startsWith('check-then-mark (key: message, remembers: keys'))
    for (const [each, operations] of [[row, 5] as const, [racy, 4] as const]) {
      if (each === undefined) throw new Error('The strategy is gone.')
      const scenario = scenarioOf(each, { sent: [0], redeliveredAfter: 20 * second })
      const everyOrder = [...interleavings(operations, operations)].map((order) =>
        withoutFreedom(withOrder(scenario, order, 30 * second, 20 * millisecond)),
      )
      const all = new Set(everyOrder.map((one) => observe(one, 'delta').outcome))
      const point = failurePoints.find(({ name }) => name === 'F4')
      const cell = point === undefined ? undefined : cellOf(each, point)
      const found = Object.entries(cell?.outcomes ?? {}).filter(([, count]) => count > 0)
      expect(new Set(found.map(([outcome]) => outcome))).toEqual(all)
    }
  })

  it('has a sentence for each strategy, and two rows never the same name', () => {
    for (const { strategy } of rows) expect(strategy.why).toMatch(/\.$/)
    expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
  })
})
