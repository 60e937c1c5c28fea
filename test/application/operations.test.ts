import { describe, expect, it } from 'vitest'
import { plainFactOf, type PlainFact } from '../../src/history/plain-fact.ts'
import { neutralFacts } from '../../src/history/facts.ts'
import type { FactKind } from '../../src/history/fact.ts'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import type { Run } from '../../src/run.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'

const kinds = new Map<string, FactKind>(neutralFacts.map((kind) => [kind.name, kind]))

function runOf(text: string): Run {
  const parsed = parseScenario(text, catalogue)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return run(parsed.scenario)
}

function factsOf({ history }: Run, name: string): readonly PlainFact[] {
  return Array.from({ length: history.length }, (_, index) => history.at(index))
    .filter(({ kind }) => kind === name)
    .flatMap((fact) => {
      const kind = kinds.get(fact.kind)
      return kind === undefined ? [] : [plainFactOf(fact, kind, history.names)]
    })
}

const scenario = (faults: string, handling = ''): string => `
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 20s } } } } }
stores: { ledger: { ledger: {} } }
services:
  shop: { sends: { to: queue/orders, messages: 2, rate: 1000/s } }
  billing: { receives: queue/orders, members: 2, handling: { takes: 2ms, store: ledger, ${handling} } }
faults: [${faults}]
`

/** A fault that comes too late for everything, but listens. */
const listener = (fact: string): string => `{ when: { fact: ${fact}, nth: 999 }, crash: billing-1, for: 1s }`

const crashAt = (fact: string, step: number, cut: string): string =>
  `{ when: { fact: ${fact}, message: order-0, step: ${step}, attempt: 1 }, cut: ${cut}, crash: handler(order-0), for: 1s }`

describe('operations of a handler', () => {
  it('are told of in their order, when they begin and when they are answered, if somebody listens', () => {
    const result = runOf(scenario(`${listener('operation-began')}, ${listener('operation-answered')}`))
    const of = (name: string): readonly unknown[] =>
      factsOf(result, name)
        .filter(({ message }) => message === 'order-0')
        .map(({ operation, step }) => `${String(step)} ${String(operation)}`)
    expect(of('operation-began')).toEqual(['1 work', '2 apply to ledger', '3 acknowledge'])
    expect(of('operation-answered')).toEqual(['1 work', '2 apply to ledger', '3 acknowledge'])
  })

  it('are not told of otherwise, and nothing else changes', () => {
    const [silent, told] = [runOf(scenario('')), runOf(scenario(listener('operation-began')))]
    expect(factsOf(silent, 'operation-began')).toEqual([])
    expect(factsOf(told, 'effect-applied')).toEqual(
      factsOf(silent, 'effect-applied').map((fact) =>
        expect.objectContaining({ fact: fact.fact, at: fact.at, node: fact.node }),
      ),
    )
  })

  it.each([
    ['before it leaves', crashAt('operation-began', 2, 'after-state'), 1],
    ['applied but unanswered', crashAt('operation-answered', 2, 'before'), 2],
    ['after the answer', crashAt('operation-answered', 2, 'after-state'), 2],
  ])('are places where a crash can strike: %s', (_, fault, effects) => {
    const applied = factsOf(runOf(scenario(fault)), 'effect-applied').filter(({ message }) => message === 'order-0')
    expect(applied).toHaveLength(effects)
  })
})

describe('an interleaving that is written down', () => {
  it.each([
    [
      [1, 2, 1, 2, 1, 2],
      ['1 work', '2 work', '1 apply to ledger', '2 apply to ledger', '1 acknowledge', '2 acknowledge'],
    ],
    [
      [1, 2, 2, 2, 1, 1],
      ['1 work', '2 work', '2 apply to ledger', '2 acknowledge', '1 apply to ledger', '1 acknowledge'],
    ],
  ])('%j is the order of the operations', (order, expected) => {
    const result = runOf(
      scenario(listener('operation-began'), `interleave: { order: [${order.join(', ')}], from: 1s }`),
    )
    const begun = factsOf(result, 'operation-began').map(
      ({ node, operation }) => `${String(node).slice(-1)} ${String(operation)}`,
    )
    expect(begun).toEqual(expected)
  })
})
