import { describe, expect, it } from 'vitest'
import type { Plan } from '../../src/checks/plan.ts'
import { applied, ended, handed, plan, rowOf, rowsOf, settled, skipped, stored, undone, type Told } from './telling.ts'

const states: Plan = { ...plan, services: [{ name: 'billing', effects: true, writes: 'state' }] }

const two = [...stored('m1'), ...stored('m2')]

/** The effect of `m1` has version 1. */
function written(message: string, more: Parameters<typeof applied>[1] = {}): Told {
  return applied(message, { version: Number(message.replace(/\D/g, '')), ...more })
}

describe('no-stale-writes', () => {
  const stale = (...facts: readonly Told[]) => rowOf([...two, ...facts], 'no-stale-writes', 'effect', states)

  it('holds when the newest version is what remains', () => {
    expect(stale(written('m1'), written('m2'), settled)).toMatchObject({ verdict: 'holds', judged: 1 })
  })

  it('is violated by an older version that wrote over a newer one, and names both', () => {
    const row = stale(written('m2'), written('m1', { consumer: 'billing-2' }), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1, judged: 1 })
    expect(row.witnesses[0]?.sentence).toBe(
      'billing is left with an old state: m1 (version 1) by billing-2 at 0.005 s wrote over m2 (version 2) by billing-1 at 0.004 s.',
    )
    expect(row.witnesses[0]?.evidence.map(({ index }) => index)).toEqual([4, 5])
  })

  it('sees the same message write its old state once more', () => {
    expect(stale(written('m1'), written('m2'), written('m1'), settled).verdict).toBe('violated')
  })

  it('forgives what a newer version has written over since', () => {
    expect(stale(written('m2'), written('m1'), written('m3'), settled).verdict).toBe('holds')
  })

  it('holds where the older version was left out', () => {
    expect(stale(written('m2'), skipped('m1', 'superseded'), settled).verdict).toBe('holds')
  })

  it('takes back what a store lost', () => {
    expect(stale(written('m2'), written('m1'), undone('m1'), settled).verdict).toBe('holds')
    expect(stale(written('m2'), written('m1'), undone('m2'), settled).verdict).toBe('holds')
    expect(stale(written('m2'), written('m1'), written('m3'), undone('m3'), settled).verdict).toBe('violated')
    expect(stale(written('m1'), undone('m1'), settled)).toMatchObject({
      verdict: 'unknown',
      reason: 'billing left no state',
    })
  })

  it('compares nothing across keys, stores and names of effects', () => {
    for (const other of [{ key: 'l' }, { store: 'archive' }, { effect: 'mail' }])
      expect(stale(written('m2'), written('m1', other), settled)).toMatchObject({ verdict: 'holds', judged: 2 })
  })

  it('compares no versions of different senders, who both count from 1', () => {
    const theirs = stored('m9', { service: 'web', node: 'web-1' })
    expect(stale(...theirs, written('m2'), written('m9', { version: 1 }), settled).verdict).toBe('holds')
  })

  it('takes what went to no store for no state', () => {
    expect(stale(written('m2', { store: '' }), written('m1', { store: '' }), settled).verdict).toBe('unknown')
  })

  it('is unknown when the run was cut off, unless it is broken', () => {
    expect(stale(written('m1'), written('m2'), ended('bound')).verdict).toBe('unknown')
    expect(stale(written('m2'), written('m1'), ended('bound')).verdict).toBe('violated')
  })
})

describe('no-stale-writes of effects that add up', () => {
  const facts = [...two, written('m2'), written('m1'), settled]
  const adding: Plan = { ...plan, services: [{ name: 'billing', effects: true, writes: 'delta' }] }

  it('is not judged while nobody asks', () => {
    const rows = rowsOf(facts, { ...adding, asked: [] })
    expect(rows.filter(({ guarantee }) => guarantee === 'no-stale-writes')).toEqual([])
  })

  it('is unknown to whoever asks', () => {
    const asked = [{ service: 'billing', guarantee: 'no-stale-writes' }]
    expect(rowOf(facts, 'no-stale-writes', 'effect', { ...adding, asked })).toMatchObject({
      verdict: 'unknown',
      reason: 'the effects of billing write no states',
    })
  })

  it('is judged of states though nobody asks', () => {
    expect(
      rowOf([...two, handed('m1'), written('m1'), settled], 'no-stale-writes', 'effect', { ...states, asked: [] }),
    ).toMatchObject({ verdict: 'holds' })
  })
})
