import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { LeaseTable } from '../../../src/systems/kinesis/core/lease-table.ts'
import { Shard } from '../../../src/systems/kinesis/core/shard.ts'
import type { NegativeControl } from './negative-controls.ts'
import { breaksOf, negativeControls } from './negative-controls.ts'

const controls = Object.values(negativeControls).map((control) => [control.statement, control] as const)

/** Whether scenarios in which the promise is made, or others, are seen to break it. */
function isSeenToBreak(control: NegativeControl, documents = control.scenarios, runs = 150): boolean {
  const kept = fc.property(documents, (document) => breaksOf(control, document).length === 0)
  return fc.check(kept, { numRuns: runs, endOnFailure: true }).failed
}

describe('whatever the options of the safe region and the faults that the promise assumes', () => {
  it.each(controls)(
    '%s',
    (_, control) => {
      fc.assert(
        fc.property(control.scenarios, (document) => {
          expect(breaksOf(control, document)).toEqual([])
        }),
        { numRuns: 20 },
      )
    },
    120_000,
  )
})

describe('beyond the safe region it is seen to break:', () => {
  it.each(controls.filter(([, { beyond }]) => beyond !== undefined))(
    '%s',
    (_, control) => expect(isSeenToBreak(control, control.beyond)).toBe(true),
    120_000,
  )
})

describe('a planted bug is found:', () => {
  afterEach(() => vi.restoreAllMocks())

  it('a lease table that takes checkpoints of whoever had the lease', () => {
    const checkpoint = LeaseTable.prototype.checkpoint
    vi.spyOn(LeaseTable.prototype, 'checkpoint').mockImplementation(function (this: LeaseTable, holding, written) {
      const { owner, counter } = this.lease(holding.shard) ?? { owner: undefined, counter: 0 }
      return checkpoint.call(this, { ...holding, owner: owner ?? holding.owner, counter }, written)
    })
    const control = negativeControls['checkpoints-go-forward']
    expect(control && isSeenToBreak(control)).toBe(true)
  }, 120_000)

  it('a shard that ends with its first read after it was closed', () => {
    const read = Shard.prototype.read
    vi.spyOn(Shard.prototype, 'read').mockImplementation(function (this: Shard<unknown>, after, limit) {
      const reading = read.call(this, after, limit)
      return { ...reading, atEnd: !this.isOpen }
    })
    const control = negativeControls['at-least-once']
    expect(control && isSeenToBreak(control)).toBe(true)
  }, 120_000)
})
