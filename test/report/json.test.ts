import { describe, expect, it } from 'vitest'
import { jsonReport, jsonText } from '../../src/report/json.ts'
import { sampleRun } from './sample-run.ts'

describe('the JSON report', () => {
  it('has the documented keys in their order, and nothing else', () => {
    const report = jsonReport([sampleRun()])
    const [run] = report.runs
    expect(Object.keys(report)).toEqual(['schemaVersion', 'runs', 'asExpected'])
    expect(Object.keys(run ?? {})).toEqual(
      'scenario variant seed fingerprint events simulatedMs verdicts metrics stories asExpected'.split(' '),
    )
    expect(Object.keys(run?.verdicts[0] ?? {})).toEqual(
      'service guarantee level verdict violations expected met'.split(' '),
    )
  })

  it('says null where nobody expected or measured anything', () => {
    const [run] = jsonReport([sampleRun()]).runs
    expect(run?.verdicts[3]).toMatchObject({
      guarantee: 'ordered-per-key',
      verdict: 'unknown',
      expected: null,
      met: true,
    })
    expect(run?.metrics.services[0]).toMatchObject({ service: 'shop', sent: 1, effectLatency: null })
  })

  it.each([
    [['as-expected', 'as-expected'], true],
    [['as-expected', 'undecided'], null],
    [['undecided', 'not-as-expected'], false],
    [[], null],
  ] as const)('of the conclusions %j says asExpected %j', (conclusions, asExpected) => {
    expect(jsonReport(conclusions.map((conclusion) => sampleRun({ conclusion }))).asExpected).toBe(asExpected)
  })

  it('is one object that a parser reads back, the same bytes each time', () => {
    expect(JSON.parse(jsonText([sampleRun()]))).toEqual(jsonReport([sampleRun()]))
    expect(jsonText([sampleRun()])).toBe(jsonText([sampleRun()]))
  })
})
