import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExchangeType } from '../../../../src/systems/rabbitmq/core/exchange.ts'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import { route } from '../../../../src/systems/rabbitmq/core/route.ts'
import type { ExchangeLine } from './topology.ts'
import { topologyOf } from './topology.ts'

const float = (value: number) => ({ '!': 'double', value })

/** Whether a message with the key reaches the one queue that is bound to an exchange of the type by the pattern. */
const keyCases: readonly (readonly [ExchangeType, pattern: string, key: string, reaches: boolean])[] = [
  ['direct', 'orders', 'orders', true],
  ['direct', 'orders', 'order', false],
  ['direct', '', '', true],
  ['direct', '', 'orders', false],
  ['direct', '*', 'orders', false],
  ['direct', '#', '#', true],
  ['direct', 'a.b', 'a.b', true],
  ['fanout', 'anything', 'else', true],
  ['fanout', '', '', true],
  ['topic', 'a', 'a', true],
  ['topic', 'a', 'b', false],
  ['topic', 'a.b', 'a.b', true],
  ['topic', 'a.b', 'a', false],
  ['topic', 'a', 'a.b', false],
  ['topic', '*', 'a', true],
  ['topic', '*', '', false],
  ['topic', '*', 'a.b', false],
  ['topic', 'a.*', 'a', false],
  ['topic', 'a.*', 'a.b', true],
  ['topic', 'a.*', 'a.b.c', false],
  ['topic', '*.b', 'a.b', true],
  ['topic', '*.b', 'b', false],
  ['topic', '*.*', 'a.b', true],
  ['topic', '*.*', 'a', false],
  ['topic', '#', '', true],
  ['topic', '#', 'a', true],
  ['topic', '#', 'a.b.c', true],
  ['topic', 'audit.events.#', 'audit.events', true],
  ['topic', 'audit.events.#', 'audit.events.users.signup', true],
  ['topic', 'audit.events.#', 'audit', false],
  ['topic', '#.b', 'b', true],
  ['topic', '#.b', 'a.a.b', true],
  ['topic', '#.b', 'a.b.a', false],
  ['topic', 'a.#.c', 'a.c', true],
  ['topic', 'a.#.c', 'a.b.b.c', true],
  ['topic', 'a.#.c', 'a.b.c.d', false],
  ['topic', 'a.#.c', 'a.c.c', true],
  ['topic', '#.a.#', 'a', true],
  ['topic', '#.a.#', 'b.a.b', true],
  ['topic', '#.a.#', 'b.b', false],
  ['topic', '*.#', '', false],
  ['topic', '*.#', 'a', true],
  ['topic', '#.*', 'a.b', true],
  ['topic', '#.#', '', true],
  ['topic', '', '', true],
  ['topic', '', 'a', false],
  ['topic', 'a.', 'a.', true],
  ['topic', 'a.*', 'a.', true],
  ['topic', 'a.', 'a', false],
  ['topic', '*.*', '.', true],
  ['topic', 'a*', 'ab', false],
  ['topic', 'a*', 'a*', true],
  ['topic', 'a.b', 'A.b', false],
  ['topic', 'a.*', 'a.*', true],
  ['topic', 'a.b', 'a.*', false],
]

/** Whether a message with the headers reaches the queue that is bound by the arguments. */
const headerCases: readonly (readonly [bound: FieldTable, headers: FieldTable, reaches: boolean])[] = [
  [{}, {}, true],
  [{}, { a: 1 }, true],
  [{ 'x-match': 'all' }, { a: 1 }, true],
  [{ 'x-match': 'any' }, { a: 1 }, false],
  [{ a: 1, b: 2 }, { a: 1, b: 2, c: 3 }, true],
  [{ a: 1, b: 2 }, { a: 1 }, false],
  [{ 'x-match': 'any', a: 1, b: 2 }, { a: 1 }, true],
  [{ 'x-match': 'any', a: 1, b: 2 }, { a: 2, b: 1 }, false],
  [{ a: 1 }, { a: '1' }, false],
  [{ a: 1 }, { a: true }, false],
  [{ a: 1 }, { a: float(1) }, false],
  [{ a: float(1.5) }, { a: 1.5 }, true],
  [{ a: { '!': 'short', value: 1 } }, { a: 1 }, true],
  [{ a: 'x' }, { a: 'X' }, false],
  [{ a: null }, { a: 'whatever' }, true],
  [{ a: null }, {}, false],
  [{ 'x-match': 'any', a: null, b: 1 }, { a: 1 }, true],
  [{ 'x-kind': 'a', b: 1 }, { b: 1 }, true],
  [{ 'x-match': 'any', 'x-kind': 'a' }, { 'x-kind': 'a' }, false],
  [{ 'x-match': 'all-with-x', 'x-kind': 'a', b: 1 }, { b: 1 }, false],
  [{ 'x-match': 'all-with-x', 'x-kind': 'a', b: 1 }, { 'x-kind': 'a', b: 1 }, true],
  [{ 'x-match': 'any-with-x', 'x-kind': 'a', b: 1 }, { 'x-kind': 'a' }, true],
  [{ 'x-match': 'any-with-x', b: 1 }, { b: 2 }, false],
  [{ a: [1, 'two'] }, { a: [1, 'two'] }, true],
  [{ a: [1, 'two'] }, { a: ['two', 1] }, false],
  [{ a: { b: 1 } }, { a: { b: 1 } }, true],
  [{ a: { b: 1 } }, { a: { b: 1, c: 2 } }, false],
]

const toQueue = (name: string, key: string): ExchangeLine['bindings'] => [[name, key]]

/** Queues that a message to `start` with the key `k` reaches. */
const graphCases: readonly (readonly [
  claim: string,
  Readonly<Record<string, ExchangeLine>>,
  reached: readonly string[],
])[] = [
  ['an exchange without bindings leads nowhere', { start: { type: 'fanout', bindings: [] } }, []],
  ['an exchange that is not there leads nowhere', {}, []],
  [
    'two bindings to a queue make one copy',
    {
      start: {
        type: 'topic',
        bindings: [
          ['q', 'k'],
          ['q', '#'],
        ],
      },
    },
    ['q'],
  ],
  [
    'bindings of exchanges are followed',
    { start: { type: 'direct', bindings: [['>next', 'k']] }, next: { type: 'fanout', bindings: toQueue('q', '') } },
    ['q'],
  ],
  [
    'a chain keeps the routing key',
    {
      start: { type: 'fanout', bindings: [['>next']] },
      next: {
        type: 'direct',
        bindings: [
          ['yes', 'k'],
          ['no', 'other'],
        ],
      },
    },
    ['yes'],
  ],
  [
    'a circle of exchanges ends',
    {
      start: { type: 'fanout', bindings: [['>next'], ['a']] },
      next: { type: 'fanout', bindings: [['>start'], ['b']] },
    },
    ['a', 'b'],
  ],
  ['an exchange bound to itself ends', { start: { type: 'fanout', bindings: [['>start'], ['a']] } }, ['a']],
  [
    'two ways to an exchange make one copy',
    {
      start: { type: 'fanout', bindings: [['>left'], ['>right']] },
      left: { type: 'fanout', bindings: [['>end']] },
      right: { type: 'fanout', bindings: [['>end']] },
      end: { type: 'fanout', bindings: [['q']] },
    },
    ['q'],
  ],
  [
    'what matches nothing goes to the alternate exchange',
    {
      start: { type: 'direct', alternate: 'spare', bindings: toQueue('a', 'x') },
      spare: { type: 'fanout', bindings: [['b']] },
    },
    ['b'],
  ],
  [
    'what matches does not go to the alternate exchange',
    {
      start: { type: 'direct', alternate: 'spare', bindings: toQueue('a', 'k') },
      spare: { type: 'fanout', bindings: [['b']] },
    },
    ['a'],
  ],
  [
    'a binding to an exchange that leads nowhere has matched: the alternate exchange is not asked',
    {
      start: { type: 'fanout', alternate: 'spare', bindings: [['>dead-end']] },
      'dead-end': { type: 'direct', bindings: toQueue('a', 'x') },
      spare: { type: 'fanout', bindings: [['b']] },
    },
    [],
  ],
  [
    'an alternate exchange has an alternate of its own',
    {
      start: { type: 'direct', alternate: 'second', bindings: [] },
      second: { type: 'direct', alternate: 'third', bindings: [] },
      third: { type: 'fanout', bindings: [['q']] },
    },
    ['q'],
  ],
  [
    'a circle of alternates ends',
    {
      start: { type: 'direct', alternate: 'second', bindings: [] },
      second: { type: 'direct', alternate: 'start', bindings: [] },
    },
    [],
  ],
  ['an alternate that is not there leads nowhere', { start: { type: 'direct', alternate: 'gone', bindings: [] } }, []],
  [
    'an exchange on the way asks its own alternate',
    {
      start: { type: 'fanout', bindings: [['>next'], ['a']] },
      next: { type: 'direct', alternate: 'spare', bindings: [] },
      spare: { type: 'fanout', bindings: [['b']] },
    },
    ['a', 'b'],
  ],
  [
    'an alternate that was visited already is not visited again',
    {
      start: { type: 'fanout', bindings: [['>next'], ['>spare']] },
      next: { type: 'direct', alternate: 'spare', bindings: [] },
      spare: { type: 'fanout', bindings: [['q']] },
    },
    ['q'],
  ],
]

describe('route', () => {
  it.each(keyCases)(
    'a %s exchange bound by "%s" and a message with the key "%s": %s',
    (type, pattern, key, reaches) => {
      const topology = topologyOf({ start: { type, bindings: [['q', pattern]] } })
      expect(route(topology, 'start', [key], {}).queues).toEqual(reaches ? ['q'] : [])
    },
  )

  it.each(headerCases)('a headers exchange bound by %j and a message with %j: %s', (bound, headers, reaches) => {
    const topology = topologyOf({ start: { type: 'headers', bindings: [['q', 'ignored', bound]] } })
    expect(route(topology, 'start', ['k'], headers).queues).toEqual(reaches ? ['q'] : [])
  })

  it.each(graphCases)('%s', (_claim, lines, reached) => {
    expect(route(topologyOf(lines), 'start', ['k'], {}).queues).toEqual(reached)
  })

  it('the default exchange takes every key for the name of a queue, each once', () => {
    expect(route(topologyOf({}), '', ['b', 'a', 'b'], {})).toEqual({ queues: ['a', 'b'], keysDecide: true })
  })

  it('further routing keys reach further queues', () => {
    const topology = topologyOf({
      start: {
        type: 'direct',
        bindings: [
          ['a', 'k'],
          ['b', 'l'],
          ['c', 'm'],
        ],
      },
    })
    expect(route(topology, 'start', ['k', 'm'], {}).queues).toEqual(['a', 'c'])
  })

  it('says that keys alone do not decide as soon as a headers exchange is on the way', () => {
    const lines = {
      start: { type: 'fanout', bindings: [['>next'], ['a']] },
      next: { type: 'headers', bindings: [] },
    } as const
    expect(route(topologyOf(lines), 'start', ['k'], {}).keysDecide).toBe(false)
    expect(route(topologyOf({ start: { type: 'fanout', bindings: [['a']] } }), 'start', ['k'], {}).keysDecide).toBe(
      true,
    )
  })

  it('agrees with the slow and obvious way on random topologies', () => {
    fc.assert(
      fc.property(randomLines, words, randomHeaders, (lines, key, headers) => {
        expect(route(topologyOf(lines), 'e0', [key], headers).queues).toEqual(slowRoute(lines, 'e0', key, headers))
      }),
      { numRuns: 2_000, seed: 1 },
    )
  })
})

const words = fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 4 }).map((list) => list.join('.'))
const patterns = fc.array(fc.constantFrom('a', 'b', '*', '#'), { maxLength: 4 }).map((list) => list.join('.'))
const randomHeaders = fc.dictionary(fc.constantFrom('h', 'i', 'x-j'), fc.constantFrom(1, '1', true), { maxKeys: 3 })
const boundArguments = fc
  .tuple(randomHeaders, fc.constantFrom(undefined, 'all', 'any', 'all-with-x', 'any-with-x'))
  .map(([table, mode]): FieldTable => (mode === undefined ? table : { ...table, 'x-match': mode }))
const exchangeNames = ['e0', 'e1', 'e2', 'e3']
const bindingLines = fc.tuple(
  fc.constantFrom('q0', 'q1', 'q2', ...exchangeNames.map((name) => `>${name}`)),
  patterns,
  boundArguments,
)
const exchangeLines: fc.Arbitrary<ExchangeLine> = fc
  .record({
    type: fc.constantFrom<ExchangeType>('direct', 'fanout', 'topic', 'headers'),
    alternate: fc.constantFrom(undefined, ...exchangeNames, 'nowhere'),
    bindings: fc.array(bindingLines, { maxLength: 5 }),
  })
  .map(({ alternate, ...line }) => (alternate === undefined ? line : { ...line, alternate }))
const randomLines = fc
  .array(exchangeLines, { minLength: 1, maxLength: 4 })
  .map((lines) => Object.fromEntries(lines.map((line, index) => [`e${index}`, line])))

/** Every queue such that some exchange that can be reached has a matching binding to it; by rounds until nothing is new. */
function slowRoute(
  lines: Readonly<Record<string, ExchangeLine>>,
  start: string,
  key: string,
  headers: FieldTable,
): readonly string[] {
  const reached = new Set([start])
  const queues = new Set<string>()
  for (let size = -1; size !== reached.size + queues.size;) {
    size = reached.size + queues.size
    for (const name of [...reached]) {
      const line = lines[name]
      if (line === undefined) continue
      const matching = line.bindings.filter(([, pattern = '', bound = {}]) =>
        slowMatch(line.type, pattern, bound, key, headers),
      )
      for (const [to] of matching) (to.startsWith('>') ? reached : queues).add(to.replace('>', ''))
      if (matching.length === 0 && line.alternate !== undefined) reached.add(line.alternate)
    }
  }
  return [...queues].sort()
}

function slowMatch(type: ExchangeType, pattern: string, bound: FieldTable, key: string, headers: FieldTable): boolean {
  if (type === 'fanout') return true
  if (type === 'direct') return pattern === key
  if (type === 'topic') return slowTopic(split(pattern), split(key))
  const mode = bound['x-match'] ?? 'all'
  const wanted = Object.entries(bound).filter(
    ([name]) => name !== 'x-match' && (String(mode).endsWith('with-x') || !name.startsWith('x-')),
  )
  const hits = wanted.filter(([name, value]) => headers[name] === value).length
  return String(mode).startsWith('any') ? hits > 0 : hits === wanted.length
}

function split(text: string): readonly string[] {
  return text === '' ? [] : text.split('.')
}

function slowTopic([first, ...rest]: readonly string[], key: readonly string[]): boolean {
  if (first === undefined) return key.length === 0
  if (first === '#') return slowTopic(rest, key) || (key.length > 0 && slowTopic([first, ...rest], key.slice(1)))
  return key.length > 0 && (first === '*' || first === key[0]) && slowTopic(rest, key.slice(1))
}
