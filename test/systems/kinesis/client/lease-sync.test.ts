import { describe, expect, it } from 'vitest'
import { shardsToLease } from '../../../../src/systems/kinesis/client/lease-sync.ts'

const shards = [
  { shard: 'parent', parents: ['long gone'], isOpen: false },
  { shard: 'left', parents: ['parent'], isOpen: true },
  { shard: 'right', parents: ['parent'], isOpen: true },
  { shard: 'other', parents: [], isOpen: true },
]
const names = (leases: ReturnType<typeof shardsToLease>): readonly string[] => leases.map(({ shard }) => shard)

describe('An application without leases', () => {
  it('begins at the trim horizon with the shards that come from none that is there', () => {
    expect(names(shardsToLease(shards, { type: 'TRIM_HORIZON' }, true))).toEqual(['parent', 'other'])
  })

  it('begins at the latest with the open shards', () => {
    expect(names(shardsToLease(shards, { type: 'LATEST' }, true))).toEqual(['left', 'right', 'other'])
  })

  it('that reads whatever is listed begins with all of them, the children at their beginning', () => {
    const leases = shardsToLease(shards, { type: 'LATEST' }, false)
    expect(names(leases)).toEqual(['parent', 'left', 'right', 'other'])
    expect(leases.map(({ checkpoint }) => checkpoint.type)).toEqual([
      'LATEST',
      'TRIM_HORIZON',
      'TRIM_HORIZON',
      'LATEST',
    ])
  })
})
