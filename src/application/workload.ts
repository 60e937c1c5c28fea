import type { Micros } from '../simulation/duration.ts'
import { second } from '../simulation/duration.ts'
import type { Random } from '../simulation/random.ts'
import type { Arrival, KeyChoice, Workload } from './service.ts'

/** A message that a workload wants sent. */
export interface PlannedMessage {
  readonly index: number
  /** µs after the workload begins. */
  readonly time: Micros
  readonly key: string
  /** How many messages of this key there are up to this one: 1, 2, 3. */
  readonly version: number
  readonly size: number
  readonly type: string
  readonly operation: string | undefined
  readonly headers?: Readonly<Record<string, string>>
  readonly body: unknown
}

/** The messages of a workload in the order of sending. The n-th message takes the n-th draws, whatever the others do. */
export function* plannedMessages(workload: Workload, random: Random): Generator<PlannedMessage> {
  const versions = new Map<string, number>()
  const next = (key: string): number => {
    const version = (versions.get(key) ?? 0) + 1
    versions.set(key, version)
    return version
  }
  if (workload.kind === 'trace') {
    for (const [index, message] of workload.messages.entries()) yield { index, version: next(message.key), ...message }
    return
  }
  const drawKey = keyDrawer(workload.keys, workload.keyChoice, random.fork('keys'))
  const arrivals = arrivalTimes(workload.arrival, random.fork('arrivals'))
  for (let index = 0; index < workload.messages; index++) {
    const key = drawKey(index)
    const time = arrivals.next().value
    yield {
      index,
      time,
      key,
      version: next(key),
      size: workload.size,
      type: workload.type,
      operation: undefined,
      body: undefined,
    }
  }
}

function* arrivalTimes(arrival: Arrival, random: Random): Generator<Micros, never> {
  for (let index = 0, clock = 0; ; index++) {
    switch (arrival.kind) {
      case 'constant':
        yield Math.floor((index * second) / arrival.perSecond)
        break
      case 'poisson':
        yield Math.floor(clock)
        clock += (drawExponential(random.fork(String(index))) * second) / arrival.perSecond
        break
      case 'burst':
        yield Math.floor(index / arrival.size) * arrival.every
    }
  }
}

/**
 * A draw from the exponential distribution with mean 1, by von Neumann's comparisons: it needs no logarithm, which engines round differently.
 */
function drawExponential(random: Random): number {
  for (let whole = 0; ; whole++) {
    const first = random.next()
    let last = first
    let falling = 1
    for (let draw = random.next(); draw < last; draw = random.next()) {
      last = draw
      falling++
    }
    if (falling % 2 === 1) return whole + first
  }
}

function keyDrawer(keys: number, choice: KeyChoice, random: Random): (index: number) => string {
  if (keys <= 0) return () => ''
  if (choice === 'in-turn') return (index) => keyName(index % keys)
  if (choice === 'uniform') return () => keyName(random.below(keys))
  const cumulative: number[] = []
  for (let key = 1, sum = 0; key <= keys; key++) cumulative.push((sum += 1 / key))
  const total = cumulative.at(-1) ?? 1
  return () => keyName(firstAbove(cumulative, random.next() * total))
}

function keyName(number: number): string {
  return `key-${number}`
}

function firstAbove(cumulative: readonly number[], draw: number): number {
  let low = 0
  let high = cumulative.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cumulative[middle] ?? 0) > draw) high = middle
    else low = middle + 1
  }
  return low
}
