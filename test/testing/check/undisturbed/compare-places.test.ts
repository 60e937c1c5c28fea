import { expect, it } from 'vitest'
import {
  differences,
  fickleParts,
  fickleText,
  unsteadyText,
} from '../../../../src/testing/check/undisturbed/compare-places.ts'
import type { Place } from '../../../../src/testing/dependencies/store-trace.ts'

function cache(entries: Readonly<Record<string, string>>): readonly Place[] {
  const items = Object.entries(entries).map(([key, value]) => ({ key, value }))
  return [{ name: 'the cache marks', kind: 'entries', items }]
}

function table(...items: Place['items']): readonly Place[] {
  return [{ name: 'the table payments', kind: 'rows', items }]
}

it('leaves out the values that differ without faults of the keys of which they do, and no others', () => {
  const fickle = fickleParts(cache({ total: '7', last: 'a' }), cache({ total: '7', last: 'b' }), new Set())
  const of = (entries: Readonly<Record<string, string>>): readonly string[] =>
    differences(cache({ total: '7', last: 'a' }), cache(entries), fickle, new Set()).map(({ text }) => text)
  expect(of({ total: '7', last: 'c' })).toEqual([])
  expect(of({ total: '8', last: 'c' })).toEqual([
    'the cache marks has { key: total, value: 8 } once, and not at all without faults',
  ])
  expect(of({ total: '7' })).toEqual(['the cache marks has { key: last } not at all, and once without faults'])
})

it('tells what is left out', () => {
  expect(fickleText(fickleParts(table({ id: 'a', by: 'one' }), table({ id: 'a', by: 'other' }), new Set()))).toBe(
    'what differs between two runs without faults, or names a host, is not compared, unless an invariant does it: by of the table payments',
  )
  expect(fickleText(fickleParts(table({ id: 'a' }), table({ id: 'a' }), new Set()))).toBeUndefined()
})

it('finds an operation of which two runs without faults leave more or less, also among others', () => {
  const operations = new Set(['order-0', 'order-1'])
  const both = cache({ seen: '["order-0","order-1"]' })
  expect(unsteadyText(both, cache({ seen: '["order-1","order-0"]' }), operations)).toBeUndefined()
  expect(unsteadyText(both, cache({ seen: '["order-0"]' }), operations)).toBe(
    'the cache marks speaks of order-1 once, and in another run without faults not at all',
  )
  const twice = table({ id: 'order-0' }, { id: 'order-0' })
  expect(unsteadyText(twice, table({ id: 'order-0' }), operations)).toBe(
    'the table payments speaks of order-0 twice, and in another run without faults once',
  )
})

it('leaves out which host wrote a row: another one may do the work when something breaks', () => {
  const rows = table({ id: 'a', by: 'billing-1' })
  const fickle = fickleParts(rows, rows, new Set(['billing-1', 'billing-2']))
  expect(differences(rows, table({ id: 'a', by: 'billing-2' }), fickle, new Set())).toEqual([])
})
