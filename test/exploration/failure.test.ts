import { describe, expect, it } from 'vitest'
import { failuresOf } from '../../src/exploration/failure.ts'
import { run } from '../../src/run.ts'
import { scenarioOf, small } from './small-scenario.ts'

const crash = '\nfaults: [{ when: { fact: effect-applied, message: order-4 }, crash: handler(order-4), for: 1s }]\n'
const unique = small.replace('ledger: {}', 'ledger: { unique: operation }')

function found(text: string, ...guarantees: readonly string[]) {
  return failuresOf(run(scenarioOf(text)), { guarantees, symptom: undefined })
}

describe('the failures of a run', () => {
  it('are none where nothing breaks', () => {
    expect(found(small)).toEqual([])
  })

  it('say what broke, at which level, why as kinds, and which fault is blamed', () => {
    expect(found(small + crash)).toEqual([
      {
        service: 'billing',
        guarantee: 'no-duplicates',
        level: 'effect',
        kind: 'billing no-duplicates: crash of billing after effect-applied before delivered',
        sentence: expect.stringContaining('order-4'),
        fault: 0,
      },
    ])
  })

  it('are of one kind whichever message and member they are about', () => {
    const [one] = found(small + crash)
    const [other] = found(small + crash.replaceAll('order-4', 'order-7'))
    expect(other).toMatchObject({ kind: one?.kind })
    expect(other?.sentence).not.toBe(one?.sentence)
  })

  it('leave out what the scenario expects', () => {
    expect(found(`${small}${crash}expect: { billing: { no-duplicates: violated, exactly-once: violated } }\n`)).toEqual(
      [],
    )
  })

  it('leave out what came twice without an effect twice, unless somebody asks', () => {
    expect(found(unique + crash)).toEqual([])
    expect(found(unique + crash, 'no-duplicates')).toEqual([])
    expect(found(unique + crash, 'no-duplicates/delivery')).toMatchObject([{ level: 'delivery' }])
    expect(found(`${unique}${crash}expect: { billing: { no-duplicates: holds } }\n`)).toMatchObject([
      { level: 'delivery' },
    ])
  })

  it('are those of the guarantees that are asked for, expected or not', () => {
    const expected = `${small}${crash}expect: { billing: { no-duplicates: violated } }\n`
    expect(found(expected, 'no-duplicates').map(({ guarantee }) => guarantee)).toEqual(['no-duplicates'])
    expect(found(expected, 'no-loss')).toEqual([])
    expect(found(small + crash, 'exactly-once')).toMatchObject([{ guarantee: 'exactly-once' }])
  })

  it('keep those apart that have different causes', () => {
    const pause = '\nfaults: [{ when: { fact: effect-applied, message: order-4 }, pause: handler(order-4), for: 4s }]\n'
    expect(found(small + pause)[0]?.kind).not.toBe(found(small + crash)[0]?.kind)
  })
})
