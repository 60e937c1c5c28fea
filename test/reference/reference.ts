/*
 * The queue, the network and the disk of the machine once more, as slowly and plainly as possible: no events, no classes of their own, one
 * list walked from front to back. Tests run random programs on both.
 */

/** A request that comes to a queue with k servers. */
export interface Arrival {
  readonly at: number
  readonly lane: string
  readonly takes: number
}

/** When each request is done: always the first, by arrival, whose lane nobody works on, as soon as a server is free. Time passes µs by µs. */
export function workedOff(requests: readonly Arrival[], servers: number): readonly number[] {
  const done = requests.map(() => Number.NaN)
  const working = new Map<number, number>()
  let waiting: number[] = []
  for (let now = 0; done.some((time) => Number.isNaN(time)); now++) {
    for (const [request, until] of working) {
      if (until !== now) continue
      working.delete(request)
      done[request] = now
    }
    waiting = [...waiting, ...requests.flatMap(({ at }, request) => (at === now ? [request] : []))]
    for (const request of [...waiting]) {
      const lanes = [...working.keys()].map((other) => requests[other]?.lane)
      if (working.size >= servers || lanes.includes(requests[request]?.lane)) continue
      working.set(request, now + (requests[request]?.takes ?? 0))
      waiting = waiting.filter((other) => other !== request)
    }
  }
  return done
}

/** The way is cut from `from` on, until `until`. */
export interface Blackout {
  readonly from: number
  readonly until: number
}

/**
 * When each message arrives that is sent over an open connection whose way there is cut at times, and whose latency is always the same.
 * TCP: what is lost is sent again 0.2 s after it would have arrived, then 0.4 s, 0.8 s, … after that; what was sent behind it waits, and if it
 * was lost too follows in one round trip.
 */
export function arrivals(sent: readonly number[], latency: number, blackouts: readonly Blackout[]): readonly number[] {
  const cut = (time: number): boolean => blackouts.some(({ from, until }) => from <= time && time < until)
  const arrived: number[] = []
  let resentAt = -1
  for (const [place, departure] of sent.entries()) {
    const before = arrived[place - 1] ?? 0
    let lost = cut(departure)
    let time = Math.max(departure + latency, before)
    // Was it on its way when the one before it got through after all? Then that told the sender to send it again.
    if (lost && departure <= resentAt) {
      time = Math.max(departure + latency, resentAt + 2 * latency, before)
      lost = false
    }
    for (let pause = 200_000; lost || cut(time); pause = Math.min(pause * 2, 120_000_000)) {
      time += pause
      lost = false
      if (!cut(time)) resentAt = time
    }
    arrived.push(time)
  }
  return arrived
}

export type DiskStep =
  | { readonly do: 'write'; readonly value: number }
  | { readonly do: 'fsync' }
  | { readonly do: 'truncate'; readonly length: number }
  | { readonly do: 'wait'; readonly micros: number }
  | { readonly do: 'crash' }
  | { readonly do: 'power loss' }

/** What a log holds after each step. Each record knows when it was written and when an fsync has it on the disk at the latest. */
export function diskContents(steps: readonly DiskStep[], fsyncLatency: number, writeBack: number): readonly number[][] {
  let records: { value: number; durableAt: number }[] = []
  let [now, busyUntil] = [0, 0]
  return steps.map((step) => {
    if (step.do === 'wait') now += step.micros
    if (step.do === 'write') records.push({ value: step.value, durableAt: now + writeBack })
    if (step.do === 'truncate') records = records.slice(0, step.length)
    if (step.do === 'fsync') {
      busyUntil = Math.max(busyUntil, now) + fsyncLatency
      for (const record of records) record.durableAt = Math.min(record.durableAt, busyUntil)
    }
    if (step.do === 'power loss') {
      const lost = records.findIndex(({ durableAt }) => durableAt > now)
      if (lost >= 0) records = records.slice(0, lost)
      for (const record of records) record.durableAt = now
      busyUntil = now
    }
    return records.map(({ value }) => value)
  })
}
