import { describe, expect, it } from 'vitest'
import { hasSymptom, parseSymptom } from '../../src/exploration/symptom.ts'
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
})
