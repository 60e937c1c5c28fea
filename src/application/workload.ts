import type { Micros } from '../simulation/duration.ts'
import { second } from '../simulation/duration.ts'
import type { Random } from '../simulation/random.ts'
import type { Arrival, KeyChoice, TracedMessage, Workload } from './service.ts'

/** What a message is but for when it is sent, and how many of its key came before it. */
type Content = Omit<TracedMessage, 'time'>

/**
 * The messages of a workload in the order of sending. When they are sent and their versions are columns; the rest of a message is put together
 * each time that somebody asks for it, so that a million of them take 24 MB.
 */
export class Plan {
  readonly #times: Float64Array
  readonly #versions: Int32Array
  /** What a message is, but for what the columns hold. */
  readonly contentOf: (index: number) => Content

  /** `keys` tells the keys apart, and need not be what the messages call them. */
  constructor(times: Float64Array, keys: ArrayLike<unknown>, contentOf: (index: number) => Content) {
    this.#times = times
    this.contentOf = contentOf
    const latest = new Map<unknown, number>()
    this.#versions = new Int32Array(times.length).map((_, index) => {
      const version = (latest.get(keys[index]) ?? 0) + 1
      latest.set(keys[index], version)
      return version
    })
  }

  get length(): number {
    return this.#times.length
  }

  /** µs after the workload begins. */
  timeOf(index: number): Micros {
    return this.#times[index] ?? 0
  }

  /** How many messages of its key there are up to this one. */
  versionOf(index: number): number {
    return this.#versions[index] ?? 0
  }
}

/** What a workload wants sent. The n-th message takes the n-th draws, whatever the others do. */
export function planOfMessages(workload: Workload, random: Random): Plan {
  return workload.kind === 'trace' ? traced(workload.messages) : drawn(workload, random)
}

function traced(messages: readonly TracedMessage[]): Plan {
  const times = Float64Array.from(messages, ({ time }) => time)
  const keys = messages.map(({ key }) => key)
  return new Plan(times, keys, (index) => {
    const message = messages[index]
    if (message === undefined) throw new RangeError(`The trace has no message ${index}.`)
    return message
  })
}

function drawn(workload: Exclude<Workload, { kind: 'trace' }>, random: Random): Plan {
  const { messages, size, type } = workload
  const drawKey = keyDrawer(workload.keys, workload.keyChoice, random.fork('keys'))
  const arrivals = arrivalTimes(workload.arrival, random.fork('arrivals'))
  const keys = new Int32Array(messages).map((_, index) => drawKey(index))
  const times = new Float64Array(messages).map(() => arrivals.next().value)
  const names: string[] = []
  const nameOf = (key: number): string => (names[key] ??= workload.keys > 0 ? `key-${key}` : '')
  return new Plan(times, keys, (index) => {
    return { key: nameOf(keys[index] ?? 0), size, type, operation: undefined, body: undefined }
  })
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

function keyDrawer(keys: number, choice: KeyChoice, random: Random): (index: number) => number {
  if (keys <= 0) return () => 0
  if (choice === 'in-turn') return (index) => index % keys
  if (choice === 'uniform') return () => random.below(keys)
  const cumulative: number[] = []
  for (let key = 1, sum = 0; key <= keys; key++) cumulative.push((sum += 1 / key))
  const total = cumulative.at(-1) ?? 1
  return () => firstAbove(cumulative, random.next() * total)
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
