import type { Arrival, Workload } from '../application/service.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent } from './reading.ts'
import type { sendsSchema } from './service-schema.ts'
import type { TraceReader } from './trace.ts'
import type { z } from 'zod'

type WrittenWorkload = Pick<
  z.output<typeof sendsSchema>,
  'messages' | 'rate' | 'arrival' | 'keys' | 'size' | 'type' | 'trace'
>

const defaultRate: Arrival = { kind: 'constant', perSecond: 100 }

/** Of a message of which nothing is said, bytes. */
const defaultSize = 256

/** What is sent when: as described, or as recorded. */
export function readWorkload(
  { reading, traces }: { readonly reading: Reading; readonly traces: TraceReader },
  spot: Spot,
  written: WrittenWorkload,
  name: string,
): Workload | undefined {
  const { messages, keys, size, type, trace } = written
  if (trace !== null && trace !== undefined) {
    refuseBesideTrace(reading, spot)
    const read = traces.read(reading, below(spot, 'trace'), trace, name)
    return read === undefined ? undefined : { kind: 'trace', messages: read }
  }
  const arrival = readArrival(reading, spot, written)
  if (arrival === undefined) return undefined
  const drawn = typeof keys === 'number' || keys === null || keys === undefined ? { count: keys ?? 10 } : keys
  return {
    kind: 'synthetic',
    messages: messages ?? 100,
    arrival,
    keys: drawn.count,
    keyChoice: ('choice' in drawn ? drawn.choice : undefined) ?? 'in-turn',
    size: size ?? defaultSize,
    type: type ?? name,
  }
}

function refuseBesideTrace(reading: Reading, spot: Spot): void {
  for (const key of ['messages', 'rate', 'arrival', 'keys', 'size', 'type']) {
    if (!isAbsent(below(spot, key)))
      reading.refuseName(spot, key, `expected ${key} or a trace, found both: a trace says it already`)
  }
}

function readArrival(reading: Reading, spot: Spot, { rate, arrival }: WrittenWorkload): Arrival | undefined {
  if (arrival === null || arrival === undefined) {
    return rate === null || rate === undefined ? defaultRate : { kind: 'constant', perSecond: rate }
  }
  if (rate !== null && rate !== undefined)
    reading.refuseName(
      spot,
      'rate',
      'expected a rate or an arrival, found both',
      'Say { arrival: { constant: 100/s } }.',
    )
  const { constant, poisson, burst, every } = arrival
  const inside = below(spot, 'arrival')
  const given = [constant, poisson, burst].filter((value) => value !== null && value !== undefined)
  if (given.length !== 1) {
    reading.refuse(
      inside,
      `expected one of constant, poisson and burst, found ${given.length === 0 ? 'none' : 'several'}`,
    )
    return undefined
  }
  const isEvery = every !== null && every !== undefined
  if (burst !== null && burst !== undefined) {
    if (isEvery) return { kind: 'burst', size: burst, every }
    reading.refuse(inside, 'expected every beside burst, found nothing', 'Say { burst: 50, every: 1s }.')
    return undefined
  }
  if (isEvery) reading.refuseName(inside, 'every', 'expected every beside a burst only, found it without one')
  return poisson !== null && poisson !== undefined
    ? { kind: 'poisson', perSecond: poisson }
    : { kind: 'constant', perSecond: constant ?? 0 }
}
