import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketWidth, CountTimeline, LevelTimeline } from '../../src/metrics/timeline.ts'

const changes = fc
  .array(fc.record({ time: fc.nat(3_000_000), level: fc.nat(20) }, { noNullPrototype: true }), { maxLength: 60 })
  .map((each) => each.toSorted((one, other) => one.time - other.time))

describe('a timeline', () => {
  it('counts in each bucket what happened in it, however long the run became', () => {
    fc.assert(
      fc.property(changes, (happened) => {
        const timeline = new CountTimeline()
        for (const { time } of happened) timeline.add(time)
        const end = happened.at(-1)?.time ?? 0
        const width = bucketWidth(end)
        const counted = happened.reduce<number[]>(
          (counts, { time }) => {
            counts[Math.floor(time / width)] = (counts[Math.floor(time / width)] ?? 0) + 1
            return counts
          },
          Array.from({ length: Math.floor(end / width) + 1 }, () => 0),
        )
        expect(timeline.upTo(end, width)).toEqual(counted)
      }),
    )
  })

  it('knows the highest level of each bucket, and the one it stayed at where nothing changed', () => {
    fc.assert(
      fc.property(changes, (happened) => {
        const timeline = new LevelTimeline()
        for (const { time, level } of happened) timeline.set(time, level)
        const end = happened.at(-1)?.time ?? 0
        const width = bucketWidth(end)
        const highest = Array.from({ length: Math.floor(end / width) + 1 }, (_, place) => {
          const before = happened.filter(({ time }) => time < place * width).at(-1)?.level ?? 0
          const inside = happened.filter(({ time }) => Math.floor(time / width) === place).map(({ level }) => level)
          return Math.max(before, ...inside)
        })
        expect(timeline.upTo(end, width)).toEqual(highest)
      }),
    )
  })
})
