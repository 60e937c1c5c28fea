/**
 * What Kafka costs: `npm run bench -- kafka`, or `node scripts/run-typescript.mjs bench/kafka.ts [messages] [runs]`.
 * Whole runs with every check and metric on, and lessons as an exploration runs them, one after another in a warm process.
 */
import { performance } from 'node:perf_hooks'
import { catalogue } from '../src/pipeline/catalogue.ts'
import { run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

/** Four consumers that take 100 µs for a message can handle 40,000 a second; four fifths of that arrive. */
const throughput = (messages: number): string => `
title: Kafka under a steady load
seed: bench
systems:
  events: { kafka: { brokers: 3, topics: { orders: { partitions: 12, replication.factor: 3, min.insync.replicas: 2 } } } }
services:
  shop: { sends: { to: events/orders, messages: ${messages}, rate: 32000/s, keys: 1000, in-flight: 100000, after: 8s } }
  billing:
    receives: { from: events/orders, limit: 500 }
    members: 4
    consumer: { auto.offset.reset: earliest }
    handling: { takes: 100us, effect: billed }
expect:
  billing: { no-loss: holds, no-duplicates: holds, ordered-per-key: holds }
`

/** V8 still compiles in the first hundreds of runs. */
const runsToWarmUp = 500

const lesson = `
title: A leader dies
seed: bench
systems:
  events: { kafka: { brokers: 3, topics: { orders: { partitions: 2, replication.factor: 3, min.insync.replicas: 2 } } } }
services:
  shop: { sends: { to: events/orders, messages: 200, rate: 100/s, keys: 10, after: 8s } }
  billing:
    receives: { from: events/orders }
    consumer: { auto.offset.reset: earliest }
    handling: { takes: 1ms, effect: billed }
faults:
  - { when: { fact: appended, message: order-60 }, cut: after-state, crash: leader(events/orders/0), for: 10min }
expect:
  billing: { no-loss: holds, no-duplicates: holds, ordered-per-key: holds }
`

function scenarioOf(text: string): Scenario {
  const parsed = parseScenario(text, catalogue)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.scenario
}

/** What a run costs: of the processor, with V8's own threads, which compile and collect beside it; and by the clock. */
interface Cost {
  readonly cpuMicros: number
  readonly clockMicros: number
  readonly events: number
  readonly facts: number
}

function costOf(scenario: Scenario): Cost {
  const begin = performance.now()
  const before = process.cpuUsage()
  const { events, history, conclusion, rows } = run(scenario)
  const { user, system } = process.cpuUsage(before)
  const clockMicros = 1000 * (performance.now() - begin)
  if (conclusion !== 'as-expected') throw new Error(`The run came out ${conclusion}: ${JSON.stringify(rows)}`)
  return { cpuMicros: user + system, clockMicros, events, facts: history.length }
}

/** A whole run, in a process that has run small ones. */
function measureThroughput(messages: number): Cost {
  const cost = costOf(scenarioOf(throughput(messages)))
  const { cpuMicros, clockMicros, events, facts } = cost
  const memory = process.resourceUsage().maxRSS / 2 ** 20
  console.log(
    `${String(messages).padStart(9)} messages: ${(cpuMicros / 1e6).toFixed(2).padStart(6)} s CPU (${(clockMicros / 1e6).toFixed(2)} s by the clock), ` +
      `${(cpuMicros / messages).toFixed(2)} µs a message, ${(events / messages).toFixed(2)} events, ${(facts / messages).toFixed(2)} facts, ${memory.toFixed(2)} GiB so far`,
  )
  return cost
}

function measureLessons(runs: number): void {
  const scenario = scenarioOf(lesson)
  for (let warmUp = 0; warmUp < runsToWarmUp; warmUp++) run(scenario)
  const costs = Array.from({ length: runs }, () => costOf(scenario))
  const [first] = costs
  console.log(
    `lesson with a leader's crash: by the clock ${spread(costs.map(({ clockMicros }) => clockMicros))}; ` +
      `CPU ${spread(costs.map(({ cpuMicros }) => cpuMicros))}; ${first?.events ?? 0} events, ${first?.facts ?? 0} facts`,
  )
}

/** The fastest, the fastest tenth, the middle one and the slowest tenth, in ms. */
function spread(micros: readonly number[]): string {
  const sorted = micros.toSorted((a, b) => a - b)
  const at = (fraction: number): string => ((sorted[Math.floor(fraction * (sorted.length - 1))] ?? 0) / 1000).toFixed(2)
  return `${at(0.5)} ms a run (fastest ${at(0)}, fastest tenth to ${at(0.1)}, slowest tenth from ${at(0.9)})`
}

/** Which events a run consists of, by what they are for, and which packets: polls, heartbeats and the rest. */
function profile(title: string, text: string): void {
  const scenario = scenarioOf(text)
  const events = new Tally()
  const packets = new Tally()
  const { history } = run(scenario, {
    observeNetwork: true,
    observer: ({ target, code }) => events.add(`${target.constructor.name}/${code}`),
  })
  for (const fact of history) {
    if (fact.kind === 'packet-arrived') packets.add(history.names.text(Number(fact['about'])))
  }
  console.log(`${title}, events: ${events.text()}`)
  console.log(`${title}, packets: ${packets.text()}`)
}

/** Counts things by name. */
class Tally {
  readonly #counts = new Map<string, number>()
  #all = 0

  add(name: string): void {
    this.#all++
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  /** The most frequent ones, with their shares. */
  text(): string {
    const most = [...this.#counts].toSorted(([, a], [, b]) => b - a).slice(0, 8)
    return `${this.#all}: ${most.map(([name, count]) => `${name} ${((100 * count) / this.#all).toFixed(1)} %`).join(', ')}`
  }
}

const [largest = 1_000_000, runs = 1000] = process.argv.slice(2).map(Number)

measureLessons(runs)
profile('lesson', lesson)
measureThroughput(10_000)
const small = measureThroughput(Math.min(100_000, largest))
if (largest > 100_000) {
  const large = measureThroughput(largest)
  const times = (what: 'cpuMicros' | 'clockMicros'): string =>
    ((large[what] / small[what] / largest) * 100_000).toFixed(2)
  console.log(
    `a message of ${largest} costs ${times('cpuMicros')} times one of 100000 (${times('clockMicros')} by the clock)`,
  )
}
profile('steady load', throughput(20_000))
