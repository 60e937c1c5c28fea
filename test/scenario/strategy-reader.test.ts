import { describe, expect, it } from 'vitest'
import { problemsIn, scenarioOf } from './fake-catalogue.ts'

function scenarioWith(stores: string, handling: string): string {
  return `systems: { events: { toy: { queues: { orders: } } } }
stores: ${stores}
services:
  shop: { sends: events/orders }
  billing: { receives: events/orders, handling: { ${handling} } }
`
}

function handlingOf(stores: string, handling: string): unknown {
  const { strategy, store } = scenarioOf(scenarioWith(stores, handling)).services[1]?.handling ?? {}
  return { store, stores: strategy?.stores }
}

const twoStores = '{ bills: ledger, marks: cache }'

describe('a strategy', () => {
  it('is named alone or with its options', () => {
    const strategyOf = (written: string): unknown =>
      scenarioOf(scenarioWith('{ bills: ledger }', `strategy: ${written}`)).services[1]?.handling.strategy
    expect(strategyOf('dedup-table')).toMatchObject({ name: 'dedup-table', settings: { values: { size: 10 } } })
    expect(strategyOf('{ dedup-table: { size: 7 } }')).toMatchObject({ settings: { values: { size: 7 } } })
  })

  it('takes the only store that fits where none is named', () => {
    expect(handlingOf('{ bills: ledger }', 'strategy: inbox')).toEqual({ store: 'bills', stores: {} })
    expect(handlingOf('{ bills: ledger }', 'strategy: claim')).toEqual({ store: undefined, stores: { dedup: 'bills' } })
  })

  it('leaves out the store of the effects where another one fits', () => {
    expect(handlingOf(twoStores, 'strategy: claim, store: bills')).toEqual({
      store: 'bills',
      stores: { dedup: 'marks' },
    })
  })

  it('takes the store that is named', () => {
    expect(handlingOf(twoStores, 'strategy: { claim: { dedup: bills } }, store: bills')).toEqual({
      store: 'bills',
      stores: { dedup: 'bills' },
    })
  })
})

describe('a strategy without its stores', () => {
  const problems = (stores: string, handling: string): readonly string[] =>
    problemsIn(scenarioWith(stores, handling)).map((line) => line.replace(/^\S+ services\.billing\.handling\./, ''))

  it('is refused where there is none', () => {
    expect(problems('{ marks: cache }', 'strategy: inbox')).toEqual([
      'strategy.inbox: the strategy inbox needs a ledger for its effects, and there is none. Say stores: { records: ledger }.',
    ])
  })

  it('is refused where it is not clear which', () => {
    expect(problems('{ a: cache, b: ledger }', 'strategy: claim')).toEqual([
      'strategy.claim: the strategy claim needs a cache or a ledger to remember what was done, and there are a and b. Say which: dedup: a.',
    ])
  })

  it('is refused where the named one is of another kind', () => {
    expect(problems(twoStores, 'strategy: inbox, store: marks')).toEqual([
      'store: the strategy inbox wants a ledger here, and marks is a cache.',
    ])
  })

  it('is refused once, where the name is wrong', () => {
    expect(problems(twoStores, 'strategy: { claim: { dedup: mark } }')).toEqual([
      'strategy.claim.dedup: there is no store "mark". Did you mean marks?',
    ])
  })
})

it('refuses two strategies, and effects in a store that takes none', () => {
  const problems = problemsIn(scenarioWith(twoStores, 'strategy: { inbox: , claim: }, store: marks'))
  expect(problems.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'services.billing.handling.strategy: expected one strategy, found inbox and claim. Known: none, dedup-table, inbox, claim.',
  ])
  expect(problemsIn(scenarioWith(twoStores, 'store: marks'))).toEqual([
    'shop.yaml:5:58 services.billing.handling.store: expected a store that takes effects, found marks, which is a cache. Effects go to a ledger.',
  ])
})

it('takes the place of another one in a variant, and adds to the options of the same one', () => {
  const text = `${scenarioWith('{ bills: ledger }', 'strategy: { dedup-table: { size: 7 } }')}
variants:
  another: { services: { billing: { handling: { strategy: { inbox: {} } } } } }
  larger: { services: { billing: { handling: { strategy: { dedup-table: { size: 9 } } } } } }
  elsewhere: { stores: { bills: { cache: {} } } }
`
  const strategyIn = (variant: string): unknown => scenarioOf(text, { variant }).services[1]?.handling.strategy
  expect(strategyIn('')).toMatchObject({ name: 'dedup-table', settings: { values: { size: 7 } } })
  expect(strategyIn('another')).toMatchObject({ name: 'inbox' })
  expect(strategyIn('larger')).toMatchObject({ name: 'dedup-table', settings: { values: { size: 9 } } })
  expect(scenarioOf(text, { variant: 'elsewhere' }).stores).toMatchObject({ bills: { kind: 'cache' } })
})
