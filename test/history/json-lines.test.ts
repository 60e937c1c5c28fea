import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineFact, type FactKind, type FieldType } from '../../src/history/fact.ts'
import { neutralFacts, submitted } from '../../src/history/facts.ts'
import { History } from '../../src/history/history.ts'
import { historyLines, readHistory } from '../../src/history/json-lines.ts'
import { historyOf, plainFactOf, type PlainFact } from '../../src/history/plain-fact.ts'

describe('a history as JSON lines', () => {
  it('comes back as it was, whatever its kinds and values', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const reading = readHistory(historyLines(history))
        if (!reading.ok) throw new Error(reading.problems.map(({ message }) => message).join('; '))
        expect(plainFacts(reading.history)).toEqual(plainFacts(history))
        expect([...historyLines(reading.history)]).toEqual([...historyLines(history)])
      }),
      { numRuns: 300 },
    )
  })

  it('is the same in one text as line by line, with whatever ends of lines', () => {
    const lines = [...historyLines(twoFacts())]
    expect(linesOf(lines.join(''))).toEqual(lines)
    expect(linesOf(lines.join('').replaceAll('\n', '\r\n'))).toEqual(lines)
  })

  it('begins with the kinds of its facts', () => {
    const [header = ''] = historyLines(twoFacts())
    expect(JSON.parse(header)).toMatchObject({ onceproof: 'history', schemaVersion: 1 })
    expect(JSON.parse(header).kinds.map(({ name }: FactKind) => name)).toEqual(['submitted', 'answered'])
  })

  it('spells the names of numbered ranges', () => {
    const history = new History()
    const orders = history.names.reserve('order', 10)
    const node = history.names.intern('shop')
    const values = { key: '', sequence: 7, version: 0, service: 'shop', channel: 'm/q', size: 0 }
    history.record(submitted, 5, node, { message: orders - 7, operation: orders - 7, ...values })
    const [, line = ''] = historyLines(history)
    expect(JSON.parse(line)).toMatchObject({ fact: 'submitted', at: 5, node: 'shop', message: 'order-7' })
  })

  it('leaves out the causes that a fact does not have', () => {
    const [, first = '', second = ''] = historyLines(twoFacts())
    expect(JSON.parse(first)).not.toHaveProperty('cause')
    expect(JSON.parse(second)).toMatchObject({ cause: 0 })
  })
})

describe('reading a history', () => {
  const header = '{"onceproof":"history","schemaVersion":1,"kinds":[]}'
  const handled = '{"fact":"handled","at":1,"node":"b","message":"m","service":"billing","attempt":1}'

  it('knows the neutral kinds without a declaration, so that a log can be written by hand', () => {
    const reading = readHistory([header, handled].join('\n'))
    expect(reading.ok && reading.history.length).toBe(1)
  })

  it('names every bad line at once', () => {
    const lines = [header, 'nonsense', handled, '[1]', handled.replace('"handled"', '"handed"'), '', handled]
    expect(readHistory(lines)).toEqual({
      ok: false,
      problems: [
        { line: 2, message: 'this is not a JSON object' },
        { line: 4, message: 'this is not a JSON object' },
        { line: 5, message: '"handed" is not a kind of fact of this history' },
      ],
    })
  })

  it('blames no line for a cause that is a bad line', () => {
    const follower = handled.replace('"attempt":1', '"attempt":1,"cause":1')
    expect(readHistory([header, handled, 'nonsense', follower, follower])).toEqual({
      ok: false,
      problems: [{ line: 3, message: 'this is not a JSON object' }],
    })
  })

  it.each([
    ['"at":1', '"at":-1', '"at" must be a whole number of µs from 0 on, not -1'],
    ['"at":1', '"at":1.5', '"at" must be a whole number of µs from 0 on, not 1.5'],
    ['"node":"b"', '"node":3', '"node" must be a text, not 3'],
    ['"attempt":1', '"attempt":"1"', '"attempt" must be a whole number of 32 bits, not "1"'],
    ['"attempt":1', '"attempt":4294967296', '"attempt" must be a whole number of 32 bits, not 4294967296'],
    ['"message":"m",', '', '"message" must be a text, not nothing'],
    ['"attempt":1', '"attempt":1,"toString":1', 'a fact "handled" has no "toString"'],
    ['"attempt":1', '"attempt":1,"cause":0', '"cause" must be the place of an earlier fact, not 0'],
  ])('refuses a fact whose %s became %s', (from, to, message) => {
    expect(readHistory([header, handled.replace(from, to)])).toEqual({ ok: false, problems: [{ line: 2, message }] })
  })

  it.each([
    ['', 'the file is empty'],
    ['{"fact":"handled"}', 'the first line must be the header of a history: {"onceproof":"history", …}'],
    ['{"onceproof":"history","schemaVersion":2}', 'this history has version 2; version 1 can be read'],
    ['{"onceproof":"history","schemaVersion":1}', '"kinds" must be a list'],
    ['{"onceproof":"history","schemaVersion":1,"kinds":[{"name":"x"}]}', 'this is no kind of fact: {"name":"x"}'],
    [
      '{"onceproof":"history","schemaVersion":1,"kinds":[{"name":"handled","scope":"client","fields":{"message":"name"},"phrase":""}]}',
      'the facts "handled" of this history have other values than this version knows',
    ],
    [
      '{"onceproof":"history","schemaVersion":1,"kinds":[{"name":"x","scope":"client","fields":{"at":"int"},"phrase":""}]}',
      'this is no kind of fact: {"name":"x","scope":"client","fields":{"at":"int"},"phrase":""}',
    ],
  ])('refuses the header %s', (text, message) => {
    expect(readHistory(text)).toEqual({ ok: false, problems: [{ line: 1, message }] })
  })

  it('never fails on a text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.json(), fc.constant(header))), (lines) => {
        const reading = readHistory(lines)
        expect(reading.ok ? reading.history.length : reading.problems.length).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('a history written by hand', () => {
  it('fills in what was left out', () => {
    const history = historyOf([
      { fact: 'handled', at: 7, message: 'm' },
      { fact: 'run-ended', ending: 'settled' },
    ])
    expect(plainFacts(history)).toEqual([
      { fact: 'handled', at: 7, node: '', message: 'm', service: '', attempt: 0 },
      { fact: 'run-ended', at: 7, node: '', ending: 'settled', waitingFor: '' },
    ])
  })

  it('refuses what no fact can say', () => {
    expect(() => historyOf([{ fact: 'handled', massage: 'm' }])).toThrow('Fact 0: a fact "handled" has no "massage".')
    expect(() => historyOf([{ fact: 'handed' }])).toThrow('"handed" is not a kind of fact')
  })
})

function twoFacts(): History {
  return historyOf([
    { fact: 'submitted', at: 1, node: 'shop', message: 'm1' },
    { fact: 'answered', at: 2, node: 'shop', message: 'm1', outcome: 'confirmed', cause: 0 },
  ])
}

function plainFacts(history: History): readonly PlainFact[] {
  return [...history].map((fact) => plainFactOf(fact, kindOf(history, fact.kind), history.names))
}

function kindOf(history: History, name: string): FactKind {
  const kind = history.kindOf(name)
  if (kind === undefined) throw new Error(`There is no kind ${name}.`)
  return kind
}

function linesOf(text: string): readonly string[] {
  const reading = readHistory(text)
  return reading.ok ? [...historyLines(reading.history)] : []
}

const anyName = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('order-1', 'shop', '', '__proto__'))

const anyKind: fc.Arbitrary<FactKind> = fc
  .tuple(
    fc.constantFrom('handled-by-partition', 'odd'),
    fc.dictionary(
      fc.constantFrom('a', 'b', 'c', 'toString', 'größe'),
      fc.constantFrom<FieldType[]>('int', 'micros', 'name', 'flag'),
      { noNullPrototype: true },
    ),
  )
  .map(([name, fields]) => defineFact(name, 'broker', fields, '{node} did it'))

const anyHistory: fc.Arbitrary<History> = fc
  .tuple(fc.uniqueArray(anyKind, { selector: ({ name }) => name }))
  .chain(([madeUp]) => {
    const kinds: readonly FactKind[] = [...neutralFacts, ...madeUp]
    return fc.array(fc.constantFrom(...kinds).chain(factOf), { maxLength: 20 })
  })
  .map((facts) => {
    const history = new History()
    for (const [index, { kind, time, node, values, cause }] of facts.entries()) {
      const numbers = Object.entries(values).map(([field, value]) => [
        field,
        typeof value === 'string' ? history.names.intern(value) : value,
      ])
      const earlier = (cause % (index + 1)) - 1
      history.record(kind, time, history.names.intern(node), Object.fromEntries(numbers), earlier)
    }
    return history
  })

function factOf(kind: FactKind) {
  const values = fc.record(
    Object.fromEntries(Object.entries(kind.fields).map(([field, type]) => [field, valueOf(type)])),
    { noNullPrototype: true },
  )
  return fc.record({
    kind: fc.constant(kind),
    time: fc.maxSafeNat(),
    node: anyName,
    values,
    cause: fc.nat(),
  })
}

/** Names as text; flags as the numbers that stand for them. */
function valueOf(type: FieldType): fc.Arbitrary<string | number> {
  switch (type) {
    case 'name':
      return anyName
    case 'flag':
      return fc.constantFrom(0, 1)
    case 'int':
      return fc.integer()
    case 'micros':
      return fc.maxSafeInteger()
  }
}
