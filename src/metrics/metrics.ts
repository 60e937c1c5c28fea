import type { FactOf, Name } from '../history/fact.ts'
import * as facts from '../history/facts.ts'
import type { NeutralFact } from '../history/facts.ts'
import type { Fold } from '../history/fold.ts'
import { follow, replay } from '../history/fold.ts'
import type { History } from '../history/history.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { Names } from '../history/names.ts'
import type { Band } from './bands.ts'
import { BandCollector } from './bands.ts'
import type { Distribution } from './samples.ts'
import { distributionOf } from './samples.ts'
import type { ServiceMetrics } from './service-metrics.ts'
import { ServiceCounter } from './service-metrics.ts'
import { Submissions } from './submissions.ts'
import { bucketWidth, CountTimeline, LevelTimeline } from './timeline.ts'

/** What a run was like, as plain data. Times and durations in µs. */
export interface Metrics {
  readonly services: readonly ServiceMetrics[]
  readonly series: Series
  readonly bands: readonly Band[]
}

/** Figures over virtual time: the n-th of each belongs to the bucket that begins at n × width. */
export interface Series {
  readonly width: number
  readonly sent: readonly number[]
  readonly confirmed: readonly number[]
  readonly delivered: readonly number[]
  readonly effects: readonly number[]
  readonly redeliveries: readonly number[]
  /** Most messages that were sent and not finished by anybody, at any moment of the bucket. */
  readonly backlog: readonly number[]
  /** Most deliveries that were being handled, at any moment of the bucket. */
  readonly inFlight: readonly number[]
  /** Latency from sending to the effect, of the effects in the bucket. */
  readonly effectLatency: readonly (Distribution | undefined)[]
}

/** Measures a kept history. */
export function measure(history: History): Metrics {
  const measuring = new Measuring(history.names)
  replay(history, [measuring])
  return measuring.finish()
}

/** Measures a run while it goes on: begin before the first fact, finish after the last. */
export function measureLive(history: History): { finish(): Metrics } {
  const measuring = new Measuring(history.names)
  follow(history, [measuring])
  return measuring
}

/** A figure that a threshold can bound, by its path. Durations are µs, rates a second. */
export interface MetricName {
  readonly name: string
  readonly unit: 'duration' | 'rate' | 'count'
}

const counts = [
  'sent',
  'confirmed',
  'assumed',
  'rejected',
  'unknown',
  'delivered',
  'redeliveries',
  'handled',
  'failed',
  'effects',
  'duplicateEffects',
]
const latencyNames = ['confirmLatency', 'deliveryLatency', 'effectLatency'].flatMap((latency) =>
  ['mean', 'p50', 'p99', 'p999', 'max'].map((figure) => `${latency}.${figure}`),
)

export const metricNames: readonly MetricName[] = [
  ...counts.map((name) => ({ name, unit: 'count' }) as const),
  { name: 'handledPerSecond', unit: 'rate' },
  ...latencyNames.map((name) => ({ name, unit: 'duration' }) as const),
]

/** The figure of a service with this name (`effectLatency.p99`), or nothing where it was not measured. */
export function metricAt(metrics: Metrics, service: string, name: string): number | undefined {
  const found = metrics.services.find((candidate) => candidate.service === service)
  const [first = '', second] = name.split('.')
  const value = found === undefined ? undefined : Object.entries(found).find(([key]) => key === first)?.[1]
  if (second === undefined) return typeof value === 'number' ? value : undefined
  return typeof value === 'object' ? Object.entries<number>(value).find(([key]) => key === second)?.[1] : undefined
}

class Measuring implements Fold {
  readonly kinds = [
    ...[facts.submitted, facts.answered, facts.delivered, facts.handled, facts.handlingFailed, facts.effectApplied],
    ...[
      facts.faultStruck,
      facts.faultEnded,
      facts.nodeCrashed,
      facts.nodeLostPower,
      facts.nodeStopped,
      facts.nodeStarted,
    ],
    ...[facts.nodePaused, facts.nodeResumed, facts.runEnded],
  ]
  readonly #names: Names
  readonly #submissions = new Submissions()
  readonly #finished = new IntegerMap()
  #finishedCount = 0
  readonly #services = new Map<Name, ServiceCounter>()
  readonly #bands: BandCollector
  readonly #counts = {
    sent: new CountTimeline(),
    confirmed: new CountTimeline(),
    delivered: new CountTimeline(),
    effects: new CountTimeline(),
    redeliveries: new CountTimeline(),
    backlog: new LevelTimeline(),
    inFlight: new LevelTimeline(),
  }
  readonly #inFlightOn = new Map<Name, number>()
  #inFlight = 0
  #end = 0

  constructor(names: Names) {
    this.#names = names
    this.#bands = new BandCollector(names)
  }

  see(fact: NeutralFact): void {
    switch (fact.kind) {
      case 'submitted':
        return this.#submitted(fact)
      case 'answered':
        return this.#answered(fact)
      case 'delivered':
        return this.#delivered(fact)
      case 'handled':
        return this.#handled(fact)
      case 'handling-failed':
        return this.#handlingFailed(fact)
      case 'effect-applied':
        return this.#effectApplied(fact)
      case 'node-crashed':
      case 'node-lost-power':
      case 'node-stopped':
        this.#forgetInFlight(fact.node, fact.time)
    }
    this.#end = fact.time
    this.#bands.see(fact)
  }

  finish(): Metrics {
    const width = bucketWidth(this.#end)
    const upTo = (timeline: CountTimeline | LevelTimeline): readonly number[] => timeline.upTo(this.#end, width)
    const { sent, confirmed, delivered, effects, redeliveries, backlog, inFlight } = this.#counts
    return {
      services: [...this.#services.values()].map((service) => service.finish()),
      series: {
        width,
        sent: upTo(sent),
        confirmed: upTo(confirmed),
        delivered: upTo(delivered),
        effects: upTo(effects),
        redeliveries: upTo(redeliveries),
        backlog: upTo(backlog),
        inFlight: upTo(inFlight),
        effectLatency: this.#effectLatencies(width),
      },
      bands: this.#bands.finish(this.#end),
    }
  }

  #submitted({ time, message, service }: FactOf<typeof facts.submitted>): void {
    this.#end = time
    this.#submissions.note(message, time)
    this.#serviceOf(service).submitted(message)
    this.#counts.sent.add(time)
    this.#noteBacklog(time)
  }

  #answered({ time, message, service, outcome }: FactOf<typeof facts.answered>): void {
    this.#end = time
    const told = this.#names.text(outcome)
    this.#serviceOf(service).answered(message, time, told)
    if (told === 'confirmed') this.#counts.confirmed.add(time)
  }

  #delivered({ time, node, message, service, attempt }: FactOf<typeof facts.delivered>): void {
    this.#end = time
    this.#serviceOf(service).delivered(message, time, attempt)
    this.#counts.delivered.add(time)
    if (attempt > 1) this.#counts.redeliveries.add(time)
    this.#changeInFlight(node, 1, time)
  }

  #handled({ time, node, message, service }: FactOf<typeof facts.handled>): void {
    this.#end = time
    this.#serviceOf(service).handled(time)
    if (this.#finished.add(message, 1) === 1) this.#finishedCount++
    this.#noteBacklog(time)
    this.#changeInFlight(node, -1, time)
  }

  #handlingFailed({ time, node, service }: FactOf<typeof facts.handlingFailed>): void {
    this.#end = time
    this.#serviceOf(service).handlingFailed()
    this.#changeInFlight(node, -1, time)
  }

  #effectApplied({ time, message, operation, effect, service }: FactOf<typeof facts.effectApplied>): void {
    this.#end = time
    this.#serviceOf(service).effectApplied(message, time, effect, operation)
    this.#counts.effects.add(time)
  }

  #noteBacklog(time: number): void {
    this.#counts.backlog.set(time, Math.max(0, this.#submissions.count - this.#finishedCount))
  }

  #changeInFlight(node: Name, change: number, time: number): void {
    this.#inFlight += change
    this.#inFlightOn.set(node, (this.#inFlightOn.get(node) ?? 0) + change)
    this.#counts.inFlight.set(time, Math.max(0, this.#inFlight))
  }

  /** A process died with what it was handling. */
  #forgetInFlight(node: Name, time: number): void {
    this.#inFlight -= this.#inFlightOn.get(node) ?? 0
    this.#inFlightOn.delete(node)
    this.#counts.inFlight.set(time, Math.max(0, this.#inFlight))
  }

  #effectLatencies(width: number): readonly (Distribution | undefined)[] {
    const buckets: number[][] = Array.from({ length: Math.floor(this.#end / width) + 1 }, () => [])
    for (const service of this.#services.values()) {
      service.effectLatencies.each((time, latency) => buckets[Math.floor(time / width)]?.push(latency))
    }
    return buckets.map((latencies) => distributionOf(Float64Array.from(latencies)))
  }

  #serviceOf(service: Name): ServiceCounter {
    const known = this.#services.get(service)
    if (known !== undefined) return known
    const counter = new ServiceCounter(this.#names.text(service), this.#submissions)
    this.#services.set(service, counter)
    return counter
  }
}
