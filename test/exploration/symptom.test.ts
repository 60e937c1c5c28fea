import { describe, expect, it } from 'vitest'
import { anything, failuresOf } from '../../src/exploration/failure.ts'
import { hasSymptom, parseSymptom, showing } from '../../src/exploration/symptom.ts'
import { run } from '../../src/run.ts'
import { scenarioOf, small } from './small-scenario.ts'

function symptomOf(text: string) {
  const symptom = parseSymptom(text)
  if (symptom === undefined) throw new Error(`"${text}" was not understood.`)
  return symptom
}

describe('a symptom', () => {
  it('says how many effects an operation had, and how far apart they were', () => {
    expect(parseSymptom('effects(op)=2, gap 30s..40s')).toEqual({
      of: 'effects',
      item: undefined,
      count: { least: 2, most: 2 },
      gap: { least: 30_000_000, most: 40_000_000 },
    })
  })

  it('may name an operation and leave an end open', () => {
    expect(parseSymptom('deliveries(order-7)=2..')).toEqual({
      of: 'deliveries',
      item: 'order-7',
      count: { least: 2, most: Infinity },
      gap: { least: 0, most: Infinity },
    })
  })

  it.each([
    '',
    'effects',
    'effects(op)',
    'effects(op)=x',
    'losses(op)=1',
    'effects(op)=2, gap 5..6',
    'effects(op)=3..2',
  ])('is refused when it says "%s"', (text) => expect(parseSymptom(text)).toBeUndefined())

  it('is found in a run that shows it, and only there', () => {
    const faults =
      '\nfaults: [{ when: { fact: effect-applied, message: order-4 }, crash: handler(order-4), for: 1s }]\n'
    const { history } = run(scenarioOf(small + faults))
    expect(hasSymptom(history, symptomOf('effects(op)=2, gap 1s..4s'))).toBe(true)
    expect(hasSymptom(history, symptomOf('effects(order-4)=2'))).toBe(true)
    expect(hasSymptom(history, symptomOf('effects(order-5)=2'))).toBe(false)
    expect(hasSymptom(history, symptomOf('effects(op)=2, gap 10s..'))).toBe(false)
    expect(hasSymptom(run(scenarioOf(small)).history, symptomOf('effects(op)=2..'))).toBe(false)
  })

  /** order-11 is lost once it was confirmed, order-2 is billed twice. */
  const broken = run(
    scenarioOf(`${small.replace('rate: 100/s', 'rate: 1/s')}
faults:
  - { at: 10500ms, crash: [billing-1, billing-2], for: 5s }
  - { when: { fact: answered, message: order-11 }, power-loss: queue, for: 1s }
  - { when: { fact: effect-applied, message: order-2 }, crash: handler(order-2), for: 1s }
`),
  )

  it('may be that there was nothing at all', () => {
    expect([...showing(broken.history, symptomOf('effects(op)=0'))]).toEqual(['order-11'])
    expect(hasSymptom(broken.history, symptomOf('deliveries(order-11)=0'))).toBe(true)
    expect(hasSymptom(broken.history, symptomOf('effects(order-3)=0'))).toBe(false)
    expect(hasSymptom(run(scenarioOf(small)).history, symptomOf('effects(op)=0'))).toBe(false)
  })

  it('keeps what is broken for what shows it, and not what else is', () => {
    const guarantees = (text: string): readonly string[] =>
      failuresOf(broken, { guarantees: [], symptom: symptomOf(text) }).map(({ guarantee }) => guarantee)
    expect(failuresOf(broken, anything).map(({ guarantee }) => guarantee)).toEqual(
      expect.arrayContaining(['no-loss', 'no-duplicates']),
    )
    expect(guarantees('effects(op)=2')).toEqual(['no-duplicates'])
    expect(guarantees('effects(op)=0')).toEqual(['no-loss'])
    expect(guarantees('effects(op)=7')).toEqual([])
  })
})
