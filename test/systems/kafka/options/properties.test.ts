import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consumerOptions } from '../../../../src/systems/kafka/options/consumer-options.ts'
import { importProperties, isCredential } from '../../../../src/systems/kafka/options/import-properties.ts'
import { producerOptions } from '../../../../src/systems/kafka/options/producer-options.ts'
import { parseProperties } from '../../../../src/systems/kafka/options/properties.ts'

function entries(text: string): readonly (readonly [string, string])[] {
  return parseProperties(text).map(({ key, value }) => [key, value])
}

describe('a properties file', () => {
  it.each([
    ['acks=all', 'acks', 'all'],
    ['acks:all', 'acks', 'all'],
    ['acks all', 'acks', 'all'],
    ['  acks =  all', 'acks', 'all'],
    ['acks\t:\tall', 'acks', 'all'],
    ['acks', 'acks', ''],
    ['acks=', 'acks', ''],
    ['a\\=b=c', 'a=b', 'c'],
    ['a\\ b c=d', 'a b', 'c=d'],
    ['a==b', 'a', '=b'],
    ['a=b \\\\', 'a', 'b \\'],
    ['a=\\u0041\\t\\q', 'a', 'A\tq'],
    ['a=b ', 'a', 'b '],
  ])('with the line %j has one entry', (line, key, value) => {
    expect(entries(line)).toEqual([[key, value]])
  })

  it('has no entries in comments and blank lines', () => {
    expect(entries('# a=1\n  ! b=2\n\n   \n')).toEqual([])
  })

  it('goes on after a backslash at the end of a line, without the blanks that follow', () => {
    expect(entries('a=1,\\\n    2,\\\n    3\nb=4')).toEqual([
      ['a', '1,2,3'],
      ['b', '4'],
    ])
  })

  it('takes a hash within a continued line for part of the value', () => {
    expect(entries('a=1\\\n#2')).toEqual([['a', '1#2']])
  })

  it('ends its lines in any of the three ways', () => {
    expect(entries('a=1\r\nb=2\rc=3\n')).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ])
  })

  it('keeps the last of two values, and the line where each entry begins', () => {
    expect(parseProperties('a=1\n\nb=\\\n2\na=3')).toEqual([
      { key: 'b', value: '2', line: 3 },
      { key: 'a', value: '3', line: 5 },
    ])
  })

  it('gives back whatever was escaped into it', () => {
    const escape = (text: string) =>
      [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
    const texts = fc.string({ unit: 'binary-ascii', minLength: 1 })
    fc.assert(
      fc.property(texts, texts, (key, value) => {
        expect(entries(`${escape(key)}=${escape(value)}`)).toEqual([[key, value]])
      }),
    )
  })
})

describe('an imported producer.properties', () => {
  const imported = importProperties(
    producerOptions,
    [
      'bootstrap.servers=one:9092',
      'acks=all',
      'linger.ms=20',
      'lingerms=20',
      'batch.size=many',
      'compression.type=lz4',
      'sasl.jaas.config=org.apache.Login required username="u" password="hunter2";',
      'ssl.keystore.password=hunter2',
      'confluent.api.key=hunter2',
    ].join('\n'),
  )

  it('says what was read', () => {
    expect(imported.read).toEqual({ acks: 'all', 'linger.ms': '20' })
  })

  it('names what has no meaning in the model', () => {
    expect(imported.withoutMeaning.map(({ option }) => option)).toEqual(['bootstrap.servers', 'compression.type'])
  })

  it('refuses unknown names and wrong values with their lines', () => {
    expect(imported.problems).toMatchObject([
      { option: 'lingerms', line: 4, message: expect.stringContaining('linger.ms') },
      { option: 'batch.size', line: 5 },
    ])
  })

  it('drops credentials and keeps nothing of their values', () => {
    expect(imported.droppedCredentials).toEqual(['sasl.jaas.config', 'ssl.keystore.password', 'confluent.api.key'])
    expect(JSON.stringify(imported)).not.toContain('hunter2')
  })
})

describe('credentials', () => {
  it.each(['sasl.mechanism', 'listener.name.x.ssl.key', 'my.SECRET', 'oauth.token.url', 'db.password', 'private.key'])(
    'include %s',
    (name) => {
      expect(isCredential(name)).toBe(true)
    },
  )

  it('include no option that the model obeys', () => {
    for (const table of [producerOptions, consumerOptions]) {
      expect(Object.keys(table.options).filter(isCredential)).toEqual([])
    }
  })
})
