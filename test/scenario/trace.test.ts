import { describe, expect, it } from 'vitest'
import type { Workload } from '../../src/application/service.ts'
import { parse, problemsIn, scenarioOf, simple } from './fake-catalogue.ts'

function workloadOf(name: string, file: string): Workload | undefined {
  const text = simple.replace('messages: 50', `trace: ${name}`)
  return scenarioOf(text, { readText: (path) => (path === name ? file : undefined) }).services[0]?.sends[0]?.workload
}

describe('a trace', () => {
  it('is read from CSV, its times counted from the first message', () => {
    const csv = `time,key,size,type,operation,body,region
1700000000.250,a,1 KiB,,pay-7,"{""amount"": 5}",eu
1700000000.000,b,,refund,,hello,us

1700000001,"c, d",12,,,,
`
    expect(workloadOf('trace.csv', csv)).toEqual({
      kind: 'trace',
      messages: [
        { time: 0, key: 'b', size: 5, type: 'refund', operation: undefined, body: 'hello' },
        { time: 250_000, key: 'a', size: 1024, type: 'order', operation: 'pay-7', body: { amount: 5 } },
        { time: 1_000_000, key: 'c, d', size: 12, type: 'order', operation: undefined, body: undefined },
      ],
    })
  })

  it('is read from JSON lines', () => {
    const lines = '{"time": "5ms", "key": 7, "body": [1, null]}\n\n{"time": "7ms", "size": 9}\n'
    expect(workloadOf('trace.jsonl', lines)).toEqual({
      kind: 'trace',
      messages: [
        { time: 0, key: '7', size: 8, type: 'order', operation: undefined, body: [1, null] },
        { time: 2_000, key: '', size: 9, type: 'order', operation: undefined, body: undefined },
      ],
    })
  })

  it('may stand in the scenario itself, where its times are as written', () => {
    const text = simple.replace('messages: 50', 'trace: [{ time: 2s, key: b }, { time: 5ms, key: a, body: "äö" }]')
    expect(scenarioOf(text).services[0]?.sends[0]?.workload).toMatchObject({
      messages: [
        { time: 5_000, key: 'a', size: 4 },
        { time: 2_000_000, key: 'b', size: 256 },
      ],
    })
  })

  const withTrace = (name: string): string => simple.replace('messages: 50', `trace: ${name}`)

  it.each([
    [
      'trace.csv',
      undefined,
      [
        'shop.yaml:5:46 services.shop.sends.trace: the trace "trace.csv" cannot be read. It is looked for beside the scenario.',
      ],
    ],
    [
      'trace.xml',
      '<a/>',
      [
        'shop.yaml:5:46 services.shop.sends.trace: expected a trace ending in .csv, .jsonl or .ndjson, found "trace.xml".',
      ],
    ],
    ['trace.csv', 'tiem,key\n1,a\n', ['trace.csv:1:1: expected a header with a column time, found none.']],
    [
      'trace.csv',
      'time,size\n1,2\n-3,4\nx,5\n4,huge\n',
      [
        'trace.csv:3:1: expected a time in seconds or with a unit in the column time, found "-3".',
        'trace.csv:4:1: expected a time in seconds or with a unit in the column time, found "x".',
        'trace.csv:5:1: expected a size such as 512 or 1 KiB in the column size, found "huge".',
      ],
    ],
    ['trace.csv', 'time,key\n1,a\n2\n', ['trace.csv:3:1: not CSV: record inconsistent columns.']],
    ['trace.csv', 'time,key\n1,"a\n', ['trace.csv:2:1: not CSV: quote not closed.']],
    ['trace.csv', 'time,key\n', ['shop.yaml:5:46 services.shop.sends.trace: expected messages, found none.']],
    [
      'trace.jsonl',
      '{"time": 1}\n[1]\n{"time":\n',
      [
        'trace.jsonl:2:1: expected a JSON object, found something else.',
        'trace.jsonl:3:1: expected a JSON object, found something else.',
      ],
    ],
    [
      'trace.jsonl',
      '{"key": 1}',
      ['trace.jsonl:1:1: expected a time in seconds or with a unit in the column time, found nothing.'],
    ],
  ])('%s that is %j is answered with problems', (name, file, problems) => {
    expect(problemsIn(withTrace(name), { readText: () => file })).toEqual(problems)
  })

  it('says a few problems of a file of another kind, not one a line', () => {
    const lines = Array.from({ length: 1000 }, () => 'x,y').join('\n')
    expect(problemsIn(withTrace('a.csv'), { readText: () => `time,key\n${lines}` }).length).toBeLessThan(30)
  })

  it('stands alone', () => {
    const text = simple.replace('messages: 50', 'messages: 50, rate: 3/s, trace: [{ time: 1s }]')
    expect(problemsIn(text)).toEqual([
      'shop.yaml:5:39 services.shop.sends.messages: expected messages or a trace, found both: a trace says it already.',
      'shop.yaml:5:53 services.shop.sends.rate: expected rate or a trace, found both: a trace says it already.',
    ])
  })

  it('that fails to be read is a problem and no exception', () => {
    const readText = (): string => {
      throw new Error('no such file')
    }
    expect(parse(withTrace('trace.csv'), { readText }).ok).toBe(false)
  })
})
