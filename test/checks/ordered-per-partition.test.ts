import { describe, expect, it } from 'vitest'
import { applied, ended, handed, plan, rowOf, rowsOf, settled, stored, type Told } from './telling.ts'

describe('ordered-per-partition', () => {
  const order = (level: string, ...facts: readonly Told[]) => rowOf(facts, 'ordered-per-partition', level)
  const two = [...stored('m1', { key: 'a' }), ...stored('m2', { key: 'b' })]
  const from = (partition: string, message: string): Told => handed(message, { partition })

  it('holds when what one producer sent into a partition comes out of it in a row, whatever the keys', () => {
    expect(order('delivery', ...two, from('0', 'm1'), from('0', 'm2'), settled)).toMatchObject({
      verdict: 'holds',
      judged: 1,
    })
  })

  it('is violated by what was overtaken inside of a partition, and names the partition', () => {
    const row = order('delivery', ...two, from('0', 'm2'), from('0', 'm1'), settled)
    expect(row).toMatchObject({ verdict: 'violated', violations: 1 })
    expect(row.witnesses[0]?.sentence).toBe(
      'billing was handed m1 after m2, which shop-1 had sent later (orders, partition 0): m2 at 0.004 s by billing-1, m1 at 0.005 s by billing-1.',
    )
    expect(row.witnesses[0]?.evidence.map(({ index }) => index)).toEqual([0, 2, 4, 5])
  })

  it('compares nothing across partitions, channels and producers', () => {
    const nothing = {
      verdict: 'unknown',
      reason: 'no two operations of one producer came out of one partition or queue',
    }
    expect(order('delivery', ...two, from('0', 'm2'), from('1', 'm1'), settled)).toMatchObject(nothing)
    const elsewhere = handed('m1', { partition: '0', channel: 'retries' })
    expect(order('delivery', ...two, from('0', 'm2'), elsewhere, settled)).toMatchObject(nothing)
    const producers = [...stored('m1'), ...stored('m2', { node: 'shop-2' })]
    expect(order('delivery', ...producers, from('0', 'm2'), from('0', 'm1'), settled)).toMatchObject(nothing)
  })

  it('takes positions for numbers of the broker, which a new leader gives out again', () => {
    const facts = [handed('m1', { partition: '0', position: 7 }), handed('m2', { partition: '0', position: 5 })]
    expect(order('delivery', ...two, ...facts, settled).verdict).toBe('holds')
  })

  it('keeps an operation in the partition out of which it first came', () => {
    expect(order('delivery', ...two, from('1', 'm2'), from('0', 'm1'), from('1', 'm1'), settled).verdict).toBe(
      'unknown',
    )
  })

  it('judges effects by the partition out of which their operations came', () => {
    const facts = [...two, from('0', 'm1'), from('0', 'm2'), applied('m2'), applied('m1'), settled]
    expect(order('delivery', ...facts).verdict).toBe('holds')
    expect(order('effect', ...facts).witnesses[0]?.sentence).toContain('billing applied m1 after m2')
  })

  it('is unknown when the run was cut off before anything was overtaken', () => {
    expect(order('delivery', ...two, from('0', 'm1'), from('0', 'm2'), ended('bound')).verdict).toBe('unknown')
  })

  it('is judged only of whom somebody asks it, at the level that is asked for', () => {
    const facts = [...two, from('0', 'm1'), from('0', 'm2'), settled]
    const rows = (asked: NonNullable<typeof plan.asked>): readonly string[] =>
      rowsOf(facts, { ...plan, asked })
        .filter(({ guarantee }) => guarantee === 'ordered-per-partition')
        .map(({ level }) => level)
    expect(rows([])).toEqual([])
    expect(rows([{ service: 'shipping', guarantee: 'ordered-per-partition' }])).toEqual([])
    expect(rows([{ service: 'billing', guarantee: 'ordered-per-partition' }])).toEqual(['delivery', 'effect'])
    expect(rows([{ service: 'billing', guarantee: 'ordered-per-partition', level: 'effect' }])).toEqual(['effect'])
  })
})
