import { describe, expect, it } from 'vitest'
import { present } from '../../../../../src/systems/kafka/core/invariant.ts'
import {
  batchOverheadBytes,
  type ProducerBatch,
} from '../../../../../src/systems/kafka/core/producer/producer-batch.ts'
import { ProducerSequences } from '../../../../../src/systems/kafka/core/producer/producer-sequences.ts'
import {
  type AccumulatorSettings,
  RecordAccumulator,
} from '../../../../../src/systems/kafka/core/producer/record-accumulator.ts'

/** Batches hold two records of 100 bytes. Times in this file are plain numbers. */
const settings: AccumulatorSettings = {
  batchSize: batchOverheadBytes + 200,
  linger: 5,
  deliveryTimeout: 1_000,
  retryBackoff: { initial: 10, maximum: 100 },
  bufferMemory: 10_000,
}
const led = [{ partition: 0, leaderEpoch: 1 }]

function fill(accumulator: RecordAccumulator, partition: number, messages: readonly number[], now = 0): void {
  for (const message of messages) accumulator.append({ partition, message, sizeBytes: 100, timestamp: now }, now)
}

function drainOne(accumulator: RecordAccumulator, now = 0): ProducerBatch | undefined {
  return accumulator.drain(led, 0, 1e6, now).batches[0]
}

function idempotent(): { readonly accumulator: RecordAccumulator; readonly sequences: ProducerSequences } {
  const sequences = new ProducerSequences()
  sequences.initialise(9, 0)
  return { accumulator: new RecordAccumulator(settings, sequences), sequences }
}

/** Puts batches back in an order of the network's choosing. */
function comeBack(accumulator: RecordAccumulator, batches: readonly (ProducerBatch | undefined)[], now = 0): void {
  for (const batch of batches) if (batch !== undefined) accumulator.reenqueue(batch, 0.5, now)
}

describe('a batch', () => {
  it('waits for linger.ms after its first record', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1], 20)
    expect(accumulator.sendableAt(0, 1)).toBe(25)
  })

  it('goes at once when it is full, or when another waits behind it', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2], 20)
    expect(accumulator.sendableAt(0, 1)).toBe(20)
    fill(accumulator, 0, [3], 21)
    drainOne(accumulator, 21)
    expect(accumulator.sendableAt(0, 1)).toBe(26)
  })

  it('goes at once while a flush or a sender without memory waits', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1], 20)
    accumulator.hurry = true
    expect(accumulator.sendableAt(0, 1)).toBe(20)
  })

  it('takes no more records once it was sent', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1])
    const sent = drainOne(accumulator)
    comeBack(accumulator, [sent])
    fill(accumulator, 0, [2])
    expect(sent?.messages).toEqual([1])
    expect(accumulator.queuedBatches(0)).toBe(2)
  })

  it('holds a record that alone is larger than batch.size', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    expect(accumulator.append({ partition: 0, message: 1, sizeBytes: 900, timestamp: 0 }, 0)).toMatchObject({
      lastIsFull: true,
    })
    expect(drainOne(accumulator)?.messages).toEqual([1])
  })

  it('of one partition is alone in a request, beside those of others', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2, 3, 4])
    fill(accumulator, 1, [5])
    const both = [...led, { partition: 1, leaderEpoch: 1 }]
    expect(accumulator.drain(both, 0, 1e6, 0).batches.map(({ messages }) => messages)).toEqual([[1, 2], [5]])
  })

  it('that would make a request too large waits, and is the first of the next', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2])
    fill(accumulator, 1, [3])
    const both = [...led, { partition: 1, leaderEpoch: 1 }]
    const { batches, nextIndex } = accumulator.drain(both, 0, 300, 0)
    expect(batches.map(({ messages }) => messages)).toEqual([[1, 2]])
    expect(nextIndex).toBe(1)
  })

  it('is not sent while its partition is muted', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2])
    accumulator.mute(0)
    expect(accumulator.sendableAt(0, 1)).toBeUndefined()
    expect(drainOne(accumulator)).toBeUndefined()
    accumulator.unmute(0)
    expect(drainOne(accumulator)?.messages).toEqual([1, 2])
  })
})

describe('the buffer', () => {
  it('keeps batch.size for every batch until its fate is known', () => {
    const accumulator = new RecordAccumulator({ ...settings, bufferMemory: 600 }, undefined)
    fill(accumulator, 0, [1, 2, 3])
    expect(accumulator.append({ partition: 1, message: 9, sizeBytes: 100, timestamp: 0 }, 0)).toEqual({
      type: 'buffer-full',
    })
    const sent = drainOne(accumulator)
    expect(accumulator.availableBytes).toBe(600 - 2 * settings.batchSize)
    if (sent !== undefined) accumulator.release(sent)
    expect(accumulator.append({ partition: 1, message: 9, sizeBytes: 100, timestamp: 0 }, 0).type).toBe('appended')
  })
})

describe('a batch that comes back', () => {
  it('waits out its back-off, twice as long the second time', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2])
    comeBack(accumulator, [drainOne(accumulator, 0)], 50)
    expect(accumulator.sendableAt(0, 1)).toBe(60)
    expect(drainOne(accumulator, 59)).toBeUndefined()
    comeBack(accumulator, [drainOne(accumulator, 60)], 70)
    expect(accumulator.sendableAt(0, 1)).toBe(90)
  })

  it('does not wait when a new leader is known', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2])
    comeBack(accumulator, [drainOne(accumulator, 0)], 50)
    expect(accumulator.sendableAt(0, 2)).toBe(0)
    expect(accumulator.drain([{ partition: 0, leaderEpoch: 2 }], 0, 1e6, 51).batches).toHaveLength(1)
  })

  it('goes to the front without idempotence, though a later one may be in the log already', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2, 3, 4, 5, 6])
    const first = drainOne(accumulator)
    const second = drainOne(accumulator)
    comeBack(accumulator, [first, second])
    expect(drainOne(accumulator, 900)?.messages).toEqual([3, 4])
    expect(drainOne(accumulator, 900)?.messages).toEqual([1, 2])
  })

  it('stands in order of sequence with idempotence, whatever the order of return', () => {
    const { accumulator, sequences } = idempotent()
    fill(accumulator, 0, [1, 2, 3, 4, 5, 6])
    const sent = [drainOne(accumulator), drainOne(accumulator)]
    comeBack(accumulator, sent)
    const again = drainOne(accumulator, 900)
    expect(again?.messages).toEqual([1, 2])
    expect(drainOne(accumulator, 900)).toBeUndefined() // One in flight at a time until the retries are through.
    if (again !== undefined) sequences.completed(again)
    expect(drainOne(accumulator, 900)?.messages).toEqual([3, 4])
  })

  it('expires delivery.timeout.ms after its creation', () => {
    const accumulator = new RecordAccumulator(settings, undefined)
    fill(accumulator, 0, [1, 2], 100)
    comeBack(accumulator, [drainOne(accumulator, 100)], 800)
    expect(accumulator.nextExpiry).toBe(1_100)
    expect(accumulator.takeExpired(1_099)).toEqual([])
    expect(accumulator.takeExpired(1_100)).toMatchObject([{ messages: [1, 2], wasSent: true }])
  })

  it('as too large comes back in parts that carry on its sequence', () => {
    const { accumulator, sequences } = idempotent()
    fill(accumulator, 0, [1, 2])
    const sent = present(drainOne(accumulator), 'the batch was full')
    const small = new RecordAccumulator({ ...settings, batchSize: batchOverheadBytes + 100 }, sequences)
    const parts = small.splitAndReenqueue(sent)
    expect(parts.map(({ messages, baseSequence }) => [messages, baseSequence])).toEqual([
      [[1], 0],
      [[2], 1],
    ])
    expect(sequences.inFlight(0)).toEqual(parts)
    expect(drainOne(small)?.messages).toEqual([1])
  })
})
