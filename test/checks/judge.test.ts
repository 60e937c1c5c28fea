import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { worstVerdict } from '../../src/checks/check.ts'
import { judge, judgeLive } from '../../src/checks/judge.ts'
import { History } from '../../src/history/history.ts'
import { historyOf, neutralKinds } from '../../src/history/plain-fact.ts'
import { referenceRows } from './reference.ts'
import { anyTale, talePlan } from './any-tale.ts'
import { chain, handed, rowsOf, settled, stored, type Told } from './telling.ts'

describe('judging a history', () => {
  it('says of any small history what the definitions say', () => {
    fc.assert(
      fc.property(anyTale, (facts) => {
        const rows = rowsOf(facts, talePlan)
          .filter(({ level }) => level !== 'run')
          .map(({ service, guarantee, level, verdict, violations }) => ({
            service,
            guarantee,
            level,
            verdict,
            violations,
          }))
        const expected = referenceRows(facts, talePlan)
        expect(sorted(rows)).toEqual(sorted(expected))
      }),
      { numRuns: 1000 },
    )
  })

  it('meets every verdict of every guarantee in those histories, so that the property is not empty', () => {
    const met = new Set(
      fc
        .sample(anyTale, { numRuns: 1500, seed: 7 })
        .flatMap((facts) =>
          rowsOf(facts, talePlan).map(({ guarantee, level, verdict }) => `${guarantee} ${level} ${verdict}`),
        ),
    )
    const atBothLevels = [
      'no-loss',
      'no-duplicates',
      'exactly-once',
      'no-invention',
      'ordered-per-key',
      'ordered-per-partition',
      'ordered-per-producer',
      'total-order',
    ].flatMap((guarantee) => [`${guarantee} delivery`, `${guarantee} effect`])
    for (const row of [...atBothLevels, 'no-stale-writes effect'])
      for (const verdict of ['holds', 'violated', 'unknown']) expect(met).toContain(`${row} ${verdict}`)
  })

  it('says the same of a run while it goes on, whether its history keeps the facts or not', () => {
    fc.assert(
      fc.property(anyTale, fc.boolean(), (facts, keep) => {
        expect(liveRows(facts, keep)).toEqual(spelled(rowsOf(facts, talePlan), historyOf(timed(facts))))
      }),
      { numRuns: 200 },
    )
  })

  it('gives a row for each service, guarantee and level, services before pairs', () => {
    const rows = rowsOf([...stored('m1'), settled], chain)
    const loss = rows.filter(({ guarantee }) => guarantee === 'no-loss')
    expect(loss.map(({ service, level }) => `${service} ${level}`)).toEqual([
      'packing delivery',
      'shipping delivery',
      'shipping effect',
      'shop→shipping delivery',
      'shop→shipping effect',
    ])
  })

  it('judges with the checks that it is given', () => {
    expect(judge(historyOf([settled]), talePlan, [])).toEqual([])
  })

  it('keeps the worst five witnesses and counts the others', () => {
    const facts = Array.from({ length: 9 }, (_, n) => [
      handed(`m${n}`),
      handed(`m${n}`),
      ...(n > 5 ? [handed(`m${n}`)] : []),
    ])
    const row = rowsOf([...facts.flat(), settled]).find(({ guarantee }) => guarantee === 'no-duplicates')
    expect(row?.violations).toBe(9)
    expect(row?.witnesses.map(({ item }) => item)).toEqual(['m6', 'm7', 'm8', 'm0', 'm1'])
  })
})

describe('the worst of several verdicts', () => {
  it('is violated before unknown before holds, and unknown of none', () => {
    expect(worstVerdict(['holds', 'unknown', 'violated'])).toBe('violated')
    expect(worstVerdict(['holds', 'unknown'])).toBe('unknown')
    expect(worstVerdict(['holds'])).toBe('holds')
    expect(worstVerdict([])).toBe('unknown')
  })
})

function sorted<R extends { readonly service: string; readonly guarantee: string; readonly level: string }>(
  rows: readonly R[],
): readonly R[] {
  const key = ({ service, guarantee, level }: R): string => JSON.stringify([service, guarantee, level])
  return rows.toSorted((one, other) => (key(one) < key(other) ? -1 : 1))
}

function timed(facts: readonly Told[]): readonly Told[] {
  return facts.map((fact, place) => ({ at: place * 1000, ...fact }))
}

/** Judges the facts one after another, as a run would record them. */
function liveRows(facts: readonly Told[], keep: boolean): readonly unknown[] {
  const tale = historyOf(timed(facts))
  const history = new History({ keep })
  const judging = judgeLive(history, talePlan)
  for (const fact of tale) {
    const kind = neutralKinds.get(fact.kind)
    if (kind === undefined) throw new Error(`There is no kind ${fact.kind}.`)
    const values = Object.entries(kind.fields).map(([field, type]) => [
      field,
      type === 'name' ? history.names.intern(tale.names.text(Number(fact[field]))) : Number(fact[field]),
    ])
    const node = history.names.intern(tale.names.text(fact.node))
    history.record(kind, fact.time, node, Object.fromEntries(values), fact.cause, fact.waitedFor)
  }
  return spelled(judging.finish(), history)
}

/** Rows without the numbers of names, which depend on the history. */
function spelled(rows: ReturnType<typeof judge>, { names }: History): readonly unknown[] {
  return rows.map((row) => ({
    ...row,
    witnesses: row.witnesses.map(({ item, sentence, evidence }) => ({
      item,
      sentence,
      evidence: evidence.map(({ kind, index, time, node }) => ({ kind, index, time, node: names.text(node) })),
    })),
  }))
}
