import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Lease } from '../../../../src/systems/kinesis/core/lease.ts'
import { LeaseTable } from '../../../../src/systems/kinesis/core/lease-table.ts'

const shard = 'shardId-000000000000'
const start = { type: 'TRIM_HORIZON' } as const

function tableWith(owner: string): { table: LeaseTable; lease: Lease } {
  const table = new LeaseTable()
  table.create(shard, [], start)
  const lease = table.take(shard, 0, owner)
  if (lease === undefined) throw new Error('A new lease can be taken.')
  return { table, lease }
}

describe('A lease table', () => {
  it('makes a lease once', () => {
    const { table } = tableWith('one')
    expect(table.create(shard, [], { type: 'LATEST' })).toBe(false)
    expect(table.lease(shard)).toMatchObject({ owner: 'one', checkpoint: start })
  })

  it('gives a lease to one of two who saw the same state of it', () => {
    const { table, lease } = tableWith('one')
    expect(table.take(shard, lease.counter, 'two')).toMatchObject({ owner: 'two' })
    expect(table.take(shard, lease.counter, 'three')).toBeUndefined()
  })

  it('takes no checkpoint of somebody who has lost the lease', () => {
    const { table, lease } = tableWith('one')
    table.take(shard, lease.counter, 'two')
    const checkpoint = { type: 'AFTER_SEQUENCE_NUMBER', sequence: 7 } as const
    expect(table.checkpoint({ shard, owner: 'one', counter: lease.counter }, checkpoint)).toBeUndefined()
    expect(table.lease(shard)?.checkpoint).toEqual(start)
  })

  it('lets everybody take what was given up', () => {
    const { table, lease } = tableWith('one')
    const given = table.evict({ shard, owner: 'one', counter: lease.counter })
    expect(given?.owner).toBeUndefined()
    expect(table.take(shard, given?.counter ?? -1, 'two')).toMatchObject({ owner: 'two', checkpoint: start })
  })

  it('lets of all writers that know one state exactly one write, whatever they write', () => {
    const write = fc.record({ how: fc.constantFrom('renew', 'take', 'evict', 'checkpoint'), lag: fc.nat(3) })
    fc.assert(
      fc.property(fc.array(write, { maxLength: 40 }), (writes) => {
        const { table, lease } = tableWith('one')
        const states: Lease[] = [lease]
        for (const { how, lag } of writes) {
          const known = states.at(-1 - lag) ?? lease
          const holding = { shard, owner: known.owner ?? 'nobody', counter: known.counter }
          const checkpoint = { type: 'AFTER_SEQUENCE_NUMBER', sequence: states.length } as const
          const written = {
            renew: () => table.renew(holding),
            take: () => table.take(shard, known.counter, `worker ${states.length}`),
            evict: () => table.evict(holding),
            checkpoint: () => table.checkpoint(holding, checkpoint),
          }[how]()
          const isCurrent = known.counter === states.at(-1)?.counter
          const mayWrite = isCurrent && (how === 'take' || known.owner !== undefined)
          expect(written !== undefined).toBe(mayWrite)
          if (written !== undefined) states.push(written)
        }
        expect(states.map(({ counter }) => counter)).toEqual(states.map((_, place) => lease.counter + place))
      }),
    )
  })
})
