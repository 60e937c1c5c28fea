import { describe, expect, it } from 'vitest'
import { storeKinds } from '../../../src/application/stores/registry.ts'
import { strategies } from '../../../src/application/strategies/registry.ts'
import type { Strategy } from '../../../src/application/strategies/strategy.ts'
import type { Source } from './strategy-scenario.ts'
import { faultless } from './strategy-scenario.ts'

/** Why a strategy cannot work somewhere. */
const exceptions: Readonly<Record<string, Partial<Record<Source, string>>>> = {
  'stored-position': { queue: 'a queue gives its messages no positions' },
  'position-and-version': { queue: 'a queue gives its messages no positions' },
}

describe.each(strategies.map((strategy) => [strategy.name, strategy] as const))('%s', (name, strategy: Strategy) => {
  it('says in a sentence what it does, and why it is safe where it is', () => {
    for (const sentence of [strategy.summary, strategy.why]) expect(sentence).toMatch(/^[A-Z].+\.$/)
  })

  it('needs only stores that there are', () => {
    const known = storeKinds.map((kind) => kind.name)
    for (const kinds of Object.values(strategy.stores)) expect(known).toEqual(expect.arrayContaining([...kinds]))
  })

  const sources = (['queue', 'log'] as const).filter((source) => exceptions[name]?.[source] === undefined)
  it.each(sources)('has every effect once on a %s where nothing breaks', (source) => {
    const { rows, ending, metrics } = faultless(strategy, source)
    const judged = rows.filter(({ service }) => service === 'billing' || service === 'archive')
    expect(
      judged
        .filter(({ verdict }) => verdict !== 'holds')
        .map(({ service, guarantee, level }) => ({ service, guarantee, level })),
    ).toEqual([])
    expect(ending).toBe('settled')
    expect(metrics.services.find(({ service }) => service === 'billing')).toMatchObject({
      effects: 40,
      duplicateEffects: 0,
    })
  })
})
