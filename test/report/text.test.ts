import { describe, expect, it } from 'vitest'
import { lessonAnswer, lessonQuestion } from '../../src/report/lesson.ts'
import { plainStyle } from '../../src/report/paint.ts'
import { quietReport, textReport } from '../../src/report/text.ts'
import { hostile, sampleRun, sampleScenario } from './sample-run.ts'

const source = { file: 'scenarios/01-delivery/at-least-once.yaml', set: [] }

describe('the text report', () => {
  it('says thresholds, verdicts, causes, figures and the command, in this order', () => {
    expect(textReport(sampleRun(), { source, width: 100 })).toMatchInlineSnapshot(`
      "  billing effect latency p99: 41.2 ms, as asked: effect latency p99 < 50 ms
        billing  no-loss          effect    holds, as expected
        billing  no-duplicates    effect    BROKEN, as this lesson expects
        billing  exactly-once     effect    BROKEN, of which this lesson says nothing
        billing  ordered-per-key  delivery  unknown: no key has two messages

        billing no-duplicates, exactly-once (effect): order-1 had its effect 2 times in billing. Why:
        billing-1 crashed (crash struck billing-1 at 1.006 s), after billing-1 applied order-1 to ledger
        and before billing-2 was handed order-1 (attempt 2).
          1.000 s   shop sent order-1 to mail/orders
          1.0009 s  shop took order-1 as confirmed
          1.001 s   billing-1 was handed order-1 (attempt 1)
          1.006 s   billing-1 applied order-1 to ledger
          1.006 s   billing-1 crashed (crash struck billing-1 in the step of effect-applied, before
                    anything was sent)
                    · A process that dies loses its memory, keeps what it wrote, and its peers see their
                      connections reset (by definition)
          1.406 s   billing-2 was handed order-1 (attempt 2), 400 ms after billing-1 crashed
                    · Messages may be handed over more than once (by definition)
          1.411 s   billing-2 applied order-1 to ledger
          → Messages may be handed over more than once. With stores.ledger.database.unique: operation the
            effect comes once: docs/idempotency.md

        billing no-loss (effect) held: order-1: it was handed out again after whoever had it failed
        (1.406 s).

        shop     sent 1, 1 confirmed; send to confirm p50 900 µs, max 900 µs
        billing  handled 1 of 2 deliveries (2/s), 1 redelivery, 1 duplicate effect; send to effect p50
                 6 ms, max 6 ms

        again: npx onceproof run scenarios/01-delivery/at-least-once.yaml --seed 'lesson 7'
      "
    `)
  })

  it('tells a verdict against an expectation from one that nobody stated', () => {
    const { rows } = sampleRun()
    const [holds, broken] = rows
    const changed = [
      { ...holds, expected: 'violated', met: false },
      { ...broken, expected: 'holds', met: false },
      { ...broken, expected: undefined, met: true },
    ] as typeof rows
    const text = textReport(sampleRun({ rows: changed }), { source, width: 120 })
    expect(text).toContain('holds, but this lesson expects it to break')
    expect(text).toContain('BROKEN, but this lesson expects it to hold')
    expect(text).toContain('BROKEN, of which this lesson says nothing')
    const scenario = { ...sampleScenario(), expectations: [], predict: undefined }
    expect(textReport(sampleRun({ scenario }), { source, width: 120 })).toContain('BROKEN, and nobody expected that')
  })

  it('keeps to the width of the terminal, but for the command, which is to be copied', () => {
    const lines = textReport(sampleRun(), { source, width: 60 }).split('\n')
    expect(lines.filter((line) => line.length > 60 && !line.includes('npx onceproof'))).toEqual([])
  })

  it('is plain unless somebody gives it colours', () => {
    const style = { ...plainStyle, broken: (text: string) => `<${text}>` }
    expect(textReport(sampleRun(), { source })).not.toContain('\u001b')
    expect(textReport(sampleRun(), { source, style, width: 120 })).toContain('<BROKEN, as this lesson expects>')
  })

  it('lets no name command the terminal', () => {
    const run = sampleRun({ notes: [hostile] }, { shop: hostile })
    expect(textReport(run, { source })).not.toContain('\u001b')
    expect(quietReport({ ...run, scenario: { ...run.scenario, name: hostile } })).not.toContain('\u001b')
  })

  it('quotes what a shell would take apart in the command', () => {
    const scenario = { ...sampleScenario(), variant: 'acks=all', seed: `it's` }
    const given = { file: 'my files/one.yaml', set: ['services.shop.sends.rate=5/s'] }
    expect(textReport(sampleRun({ scenario }), { source: given })).toContain(
      String.raw`npx onceproof run 'my files/one.yaml' --variant acks=all --set services.shop.sends.rate=5/s --seed 'it'\''s'`,
    )
  })

  it('says that a run got stuck or was cut off, and on what', () => {
    const waitingFor = 'order-1, which billing-1 holds'
    expect(textReport(sampleRun({ ending: 'stuck', waitingFor }), { source })).toContain(
      'note: the run got stuck, waiting for order-1, which billing-1 holds',
    )
    expect(textReport(sampleRun({ ending: 'bound' }), { source })).toContain('reached its bound')
  })

  it('prints the schedule that was drawn from a profile, without the faults of the scenario itself', () => {
    const own = sampleRun().faults
    const strike = { parameters: {}, strikes: { at: 1_500_000 } }
    const fault = { ...strike, action: 'partition', targets: [['shop'], ['queue']], duration: 2_000_000 }
    const drawnFor = {
      ...sampleScenario(),
      faults: own.map((each) => each.fault),
      nemesis: { profile: 'network', duration: 10_000_000 },
    }
    const drawn = sampleRun({ faults: [...own, { fault, state: 'over' }] })
    expect(textReport(drawn, { source, drawnFor })).toContain(
      '\n\n  drawn from network for 10 s: 1 fault\n    1.500 s  partition shop | queue  for 2 s\n\n',
    )
    expect(textReport(drawn, { source })).not.toContain('drawn from')
  })

  it('does not call as expected what nobody expected', () => {
    const scenario = { ...sampleScenario(), expectations: [], thresholds: [] }
    const rows = sampleRun().rows.map((row) => ({ ...row, expected: undefined }))
    const run = sampleRun({ scenario, rows, thresholds: [], conclusion: 'as-expected' })
    const style = { ...plainStyle, unknown: (text: string) => `<${text}>` }
    expect(quietReport(run, style)).toBe(
      '<nothing expected>: 01-delivery/at-least-once (seed lesson 7): 2 broken, 1 holds, 1 unknown\n',
    )
  })

  it('has a form of one line', () => {
    expect(quietReport(sampleRun())).toBe(
      'as expected: 01-delivery/at-least-once (seed lesson 7): 1 broken as expected, 1 broken besides, 1 holds, 1 unknown\n',
    )
  })
})

describe('a lesson', () => {
  it('asks before it answers', () => {
    const question = lessonQuestion(sampleScenario())
    expect(question).toContain('2. some twice')
    expect(question).not.toContain(sampleScenario().why)
  })

  it('compares the prediction with the answer and the usual mistake', () => {
    expect(lessonAnswer(sampleScenario(), 'once')).toBe(
      `  You said:   once
  The answer: some twice
  Most say:   once

  Between the effect and the acknowledgement there is a moment in which only the
  store knows.
`,
    )
  })
})
