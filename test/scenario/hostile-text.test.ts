import * as fc from 'fast-check'
import { stringify } from 'yaml'
import { expect, it } from 'vitest'
import { problemText } from '../../src/scenario/problem.ts'
import { parse, simple } from './fake-catalogue.ts'

/** Whatever is wrong is a value: with a sentence, a place in the text, and nothing of our code. */
function expectAnswer(text: string, set: readonly string[] = [], variant = ''): void {
  const parsed = parse(text, { set, variant, readText: () => text })
  if (parsed.ok) return
  expect(parsed.problems.length).toBeGreaterThan(0)
  const lines = text.split(/\r\n|\r|\n/).length
  for (const problem of parsed.problems) {
    expect(problemText(problem)).not.toMatch(/\bat .*\.ts|\bError:|undefined|\[object|Invalid input|Expected|Function/)
    if (problem.file !== 'shop.yaml') continue
    expect(problem.line).toBeGreaterThanOrEqual(1)
    expect(problem.line).toBeLessThanOrEqual(lines)
    expect(problem.column).toBeGreaterThanOrEqual(1)
  }
}

it('any text is answered', () => {
  const fragments = fc.constantFrom(
    'a: ',
    '- ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    '&a ',
    '*a',
    '<<: ',
    '!!str ',
    '|\n',
    '\n',
    '  ',
    '"',
    "'",
    ': ',
    ', ',
    '#',
    '%',
    '---\n',
    '\t',
    'é',
    '\u2028',
    '\uFEFF',
    '\0',
  )
  const soup = fc
    .array(fc.oneof(fragments, fc.string({ maxLength: 5 })), { maxLength: 40 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), soup), (text) => expectAnswer(text)),
    { numRuns: 100 },
  )
})

const values = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    -1,
    0,
    1e300,
    Infinity,
    NaN,
    '',
    ' ',
    '-5ms',
    '__proto__',
    'constructor',
    'toString',
    [],
    {},
    [[]],
    [{}],
    { constructor: 1 },
    { to: {} },
    '\u0000',
    '💥',
  ),
  fc.jsonValue({ maxDepth: 3 }),
)

/** A document with a value of another type anywhere. */
const mutated = fc
  .record({ document: fc.constant(full()), path: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }), value: values })
  .map(({ document, path, value }) => stringify(replaced(document, path, value), { aliasDuplicateObjects: false }))

it('a value of any type in any place is answered', () => {
  fc.assert(
    fc.property(mutated, (text) => expectAnswer(text)),
    { numRuns: 100 },
  )
})

it('a scenario that lost or gained characters is answered', () => {
  const edit = fc.record({ at: fc.nat(simple.length), length: fc.nat(20), insert: fc.string({ maxLength: 6 }) })
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      expectAnswer(
        edits.reduce((text, { at, length, insert }) => text.slice(0, at) + insert + text.slice(at + length), simple),
      )
    }),
    { numRuns: 100 },
  )
})

it('any assignment and any variant is answered', () => {
  const path = fc
    .array(
      fc.constantFrom('services', 'shop', 'sends', 'faults', '0', 'at', 'producer', 'linger.ms', '', 'x', '__proto__'),
      { maxLength: 5 },
    )
    .map((steps) => steps.join('.'))
  const assignment = fc.oneof(
    fc.string(),
    fc.tuple(path, fc.oneof(fc.string(), fc.json())).map(([to, value]) => `${to}=${value}`),
  )
  fc.assert(
    fc.property(fc.array(assignment, { maxLength: 3 }), fc.string({ maxLength: 4 }), (set, variant) =>
      expectAnswer(simple, set, variant),
    ),
    { numRuns: 200 },
  )
})

it('a huge text is answered', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `  service-${index}: { sends: events/nothing }`)
  expectAnswer(`systems: { events: toy }\nservices:\n${lines.join('\n')}\n`)
})

function replaced(value: unknown, [step = 0, ...rest]: readonly number[], by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by
  const keys = Object.keys(value)
  const key = keys[step % Math.max(1, keys.length)]
  if (key === undefined) return by
  const inner = (one: unknown): unknown => (rest.length === 0 ? by : replaced(one, rest, by))
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === key ? inner(one) : one))
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, name === key ? inner(one) : one]))
}

/** A document in which everything is used. */
function full(): unknown {
  return {
    title: 'all',
    predict: { ask: 'a', choices: ['a', 'b'], usual: 'a', answer: 'b' },
    seed: 's',
    systems: {
      events: { toy: { queues: { orders: { attempts: 4 } }, limits: { memory: '1 KiB' }, mode: 'all', racks: ['a'] } },
    },
    stores: { ledger: { ledger: { rows: 3 } } },
    services: {
      shop: {
        sends: [
          {
            to: 'events/orders',
            keys: { count: 3, choice: 'zipf' },
            arrival: { burst: 3, every: '1s' },
            types: { 'order-1': 'x' },
            producer: { confirm: false },
          },
        ],
        asks: { requests: 'events/orders', replies: 'events/orders', trace: [{ time: '1s', body: { a: 1 } }] },
      },
      billing: {
        receives: { from: 'events/orders', consumer: { lease: '5s' } },
        handling: { takes: '5ms', store: 'ledger', fails: { messages: ['order-1'], attempts: 'always' }, knows: ['x'] },
        forwards: 'events/orders',
        zones: ['a'],
      },
    },
    network: {
      profile: 'lan',
      'between-zones': 'wan',
      links: [{ between: ['shop', 'billing'], quantiles: { p50: '1ms' }, bandwidth: '1 MB/s' }],
    },
    faults: [
      { at: '1s', crash: 'billing', for: '1s' },
      {
        when: { fact: 'delivered', at: 'billing', message: 'order-1', attempt: 2, nth: 2 },
        cut: { 'after-sends': 1 },
        partition: [['shop'], 'billing'],
        'one-way': true,
      },
    ],
    nemesis: { profile: 'production-day', for: '1s' },
    settle: { 'heal-after': '1s', heal: ['shop'], bound: '1h' },
    expect: { 'shop→billing': { 'no-loss/effect': 'holds' } },
    otherwise: 'anything',
    thresholds: { billing: ['effect latency p99 < 5ms'] },
    variants: { other: { title: null, faults: [] } },
  }
}

it('the document in which everything is used is right', () => {
  const parsed = parse(stringify(full()))
  expect(parsed.ok ? [] : parsed.problems.map(problemText)).toEqual([])
})
