import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, simple } from './fake-catalogue.ts'

const planted = 'hunter2-planted'

/** Keys that real configurations use. */
const secretKeys = [
  'password',
  'PASSWORD',
  'db_password',
  'passwd',
  'secret',
  'clientSecret',
  'aws_secret_access_key',
  'AWS_ACCESS_KEY_ID',
  'access-key',
  'accessKey',
  'token',
  'authToken',
  'refresh_token',
  'sasl.jaas.config',
  'sasl.username',
  'ssl.key.password',
  'ssl.keystore.key',
  'ssl.truststore.location',
  'api_key',
  'apiKey',
  'private-key',
  'credentials',
  'authorization',
  'connection-string',
  'AccountKey',
  'cookie',
]

/** Texts that are credentials, wherever they are. */
const secretTexts = [
  `amqps://shop:${planted}@broker:5671/`,
  `redis-server://:${planted}@cache`,
  `Host=db;Username=shop;Password=${planted};`,
  `Bearer ${planted}${planted}`,
  `-----BEGIN RSA PRIVATE KEY-----\n${planted}`,
  `Endpoint=sb://x;SharedAccessKey=${planted}`,
]

function expectNowhere(
  text: string,
  files: Readonly<Record<string, string>> = {},
  set: readonly string[] = [],
): string {
  const parsed = parse(text, { set, readText: (name) => files[name] })
  const said = JSON.stringify(parsed)
  expect(said).not.toContain(planted)
  expect(parsed.droppedSecrets).not.toEqual([])
  return said
}

describe('credentials in a scenario', () => {
  it.each(secretKeys)('under %s are dropped and only the key is named', (key) => {
    const parsed = parse(simple.replace('messages: 50', `messages: 50, producer: { ${key}: ${planted} }`))
    expect(parsed).toMatchObject({ ok: true, droppedSecrets: [`services.shop.sends.producer.${key}`] })
    expect(JSON.stringify(parsed)).not.toContain(planted)
  })

  it.each(secretTexts)('that are texts like %j are dropped', (text) => {
    expectNowhere(simple.replace('title: The simplest thing', `title: ${JSON.stringify(text)}`))
    expectNowhere(simple.replace('receives: events/orders', `receives: [events/orders, ${JSON.stringify(text)}]`))
  })

  it('are dropped with all that is below them, in lists, in variants, and where the document is wrong', () => {
    expectNowhere(`${simple}variants: { a: { why: { password: { value: ${planted} } } } }`)
    expectNowhere(`credentials: [${planted}]\n${simple}`)
    expectNowhere(`nonsense: [{ token: ${planted} }]\nservices: 3`)
    expectNowhere(`x-password: &p ${planted}\n${simple}`)
    expectNowhere(simple, {}, [`services.shop.producer={ sasl.password: ${planted} }`])
    expectNowhere(simple, {}, [`title=https://me:${planted}@x`])
  })

  it('are not seen in options and names that merely sound like one', () => {
    const text = simple
      .replace('toy: {', 'toy: { security.tokens: 3,')
      .replaceAll('billing', 'token-issuer')
      .replace('orders: {}', 'orders: {}, secrets: { attempts: 2 }')
    const parsed = parse(text)
    expect(parsed.droppedSecrets).toEqual([])
    expect(parsed.ok && parsed.scenario.services[1]?.name).toBe('token-issuer')
    expect(parsed.ok && parsed.scenario.systems['events']?.settings.explicit).toEqual([
      'queues.orders',
      'queues.secrets',
      'queues.secrets.attempts',
      'security.tokens',
    ])
  })
})

describe('credentials in a trace', () => {
  const text = simple.replace('messages: 50', 'trace: trace.FORMAT')

  it.each(secretKeys)('are dropped from bodies and columns: %s', (key) => {
    const message = { time: 1, [key]: planted, key: 'a', body: { deep: [{ [key]: planted }], amount: 5 } }
    const said = expectNowhere(text.replace('FORMAT', 'jsonl'), { 'trace.jsonl': JSON.stringify(message) })
    expect(said).toContain('"body":{"deep":[{}],"amount":5}')
    const csv = `time,key,${key},body\n1,a,${planted},"{""${key}"": ""${planted}"", ""amount"": 5}"\n`
    expect(expectNowhere(text.replace('FORMAT', 'csv'), { 'trace.csv': csv })).toContain('"body":{"amount":5}')
  })

  it.each([
    `password=${planted}&user=a`,
    `token: ${planted}`,
    `{"a": "{\\"password\\": \\"${planted}\\"}"}`,
    ...secretTexts,
  ])('are dropped with texts like %j', (body) => {
    expectNowhere(text.replace('FORMAT', 'jsonl'), { 'trace.jsonl': JSON.stringify({ time: 1, body }) })
  })

  it('are dropped from keys, types and operations, and from messages written in the scenario', () => {
    const row = { time: 1, key: secretTexts[0], type: secretTexts[2], operation: secretTexts[3] }
    expectNowhere(text.replace('FORMAT', 'jsonl'), { 'trace.jsonl': JSON.stringify(row) })
    expectNowhere(simple.replace('messages: 50', `trace: [{ time: 1s, body: { password: ${planted} } }]`))
  })

  it('are not repeated by what is wrong with the file', () => {
    const broken = [`time,size\n1,"${planted}`, `time,password\n1,${planted},${planted}`, `time,password\nx,${planted}`]
    for (const file of broken) {
      const parsed = parse(text.replace('FORMAT', 'csv'), { readText: () => file })
      expect(parsed.ok).toBe(false)
      expect(JSON.stringify(parsed)).not.toContain(planted)
    }
  })
})

it('reaches nothing from any place of a document', () => {
  const leaf = fc.constantFrom<unknown>(3, 'text', true, null)
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('systems', 'services', 'faults', 'a', 'body', 'types', 'queues'), tie('tree'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
      fc.constantFrom(...secretKeys).map((key) => ({ [key]: planted })),
      fc.constantFrom(...secretTexts),
    ),
  }))
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('title', 'services', 'systems', 'variants', 'faults', 'x'), tree, {
        noNullPrototype: true,
      }),
      (document) => {
        expect(JSON.stringify(parse(JSON.stringify(document)))).not.toContain(planted)
      },
    ),
    { numRuns: 150 },
  )
})
