/**
 * What RabbitMQ costs: `npm run bench -- rabbitmq`, or `node scripts/run-typescript.mjs bench/rabbitmq.ts [messages] [runs]`.
 * Whole runs with every check and metric on, and lessons as an exploration runs them, one after another in a warm process.
 */
import { performance } from 'node:perf_hooks'
import { catalogue } from '../src/pipeline/catalogue.ts'
import { run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

/** Each message goes to two queues with four consumers each, which take 100 µs and could handle 40,000 a second; half of that arrives. */
const throughput = (messages: number): string => `
title: RabbitMQ under a steady load
seed: bench
systems:
  rabbit:
    rabbitmq:
      exchanges: { shop: { type: topic } }
      queues: { billing: {}, mailing: {} }
      bindings: { billing: { source: shop, routing_key: 'order.*' }, mailing: { source: shop, routing_key: '#.created' } }
services:
  shop:
    sends: { to: rabbit/shop/order.created, messages: ${messages}, rate: 20000/s, keys: 1000, in-flight: 100000 }
    producer: { confirms: true, delivery_mode: 2 }
  billing: { receives: rabbit/billing, members: 4, consumer: { prefetch: 100 }, handling: { takes: 100us, effect: billed } }
  mailing: { receives: rabbit/mailing, members: 4, consumer: { prefetch: 100 }, handling: { takes: 100us, effect: mailed } }
expect:
  billing: { no-loss: holds, no-duplicates: holds }
  mailing: { no-loss: holds, no-duplicates: holds }
`

const lesson = `
title: A broker dies
seed: bench
systems: { rabbit: { rabbitmq: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: rabbit/orders, messages: 200, rate: 100/s }, producer: { confirms: true, delivery_mode: 2, republish: 3 } }
  billing: { receives: rabbit/orders, members: 2, consumer: { prefetch: 10 }, handling: { takes: 1ms, effect: billed } }
faults:
  - { when: { fact: copy-stored, message: order-60 }, crash: rabbit, for: 1s }
expect:
  billing: { no-loss: holds }
`

function scenarioOf(text: string): Scenario {
  const parsed = parseScenario(text, catalogue)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.scenario
}

interface Cost {
  readonly cpuMicros: number
  readonly events: number
  readonly facts: number
}

function costOf(scenario: Scenario): Cost {
  const before = process.cpuUsage()
  const { events, history, conclusion, rows } = run(scenario)
  const { user, system } = process.cpuUsage(before)
  if (conclusion !== 'as-expected') throw new Error(`The run came out ${conclusion}: ${JSON.stringify(rows)}`)
  return { cpuMicros: user + system, events, facts: history.length }
}

/** A whole run, in a process that has run small ones. */
function measureThroughput(messages: number): number {
  const { cpuMicros, events, facts } = costOf(scenarioOf(throughput(messages)))
  const perMessage = cpuMicros / messages
  const memory = process.resourceUsage().maxRSS / 2 ** 20
  console.log(
    `${String(messages).padStart(9)} messages: ${(cpuMicros / 1e6).toFixed(2).padStart(6)} s CPU, ${perMessage.toFixed(2)} µs a message, ` +
      `${Math.round((1e6 * events) / cpuMicros)} events a second, ${(events / messages).toFixed(2)} events, ${(facts / messages).toFixed(2)} facts, ` +
      `${memory.toFixed(2)} GiB so far`,
  )
  return perMessage
}

function measureLessons(runs: number): void {
  const scenario = scenarioOf(lesson)
  for (let warmUp = 0; warmUp < 50; warmUp++) run(scenario)
  const begin = performance.now()
  const costs = Array.from({ length: runs }, () => costOf(scenario))
  const took = performance.now() - begin
  const sorted = costs.map(({ cpuMicros }) => cpuMicros / 1000).toSorted((a, b) => a - b)
  const at = (fraction: number): string => (sorted[Math.floor(fraction * (sorted.length - 1))] ?? 0).toFixed(2)
  const [first] = costs
  console.log(
    `lesson with a broker's crash: ${at(0.5)} ms CPU a run (fastest ${at(0)}, slowest tenth from ${at(0.9)}), ` +
      `${((1000 * runs) / took).toFixed(0)} runs a second, ${first?.events ?? 0} events, ${first?.facts ?? 0} facts`,
  )
}

const [largest = 1_000_000, runs = 200] = process.argv.slice(2).map(Number)

measureLessons(runs)
measureThroughput(10_000)
const small = measureThroughput(Math.min(100_000, largest))
if (largest > 100_000) {
  const large = measureThroughput(largest)
  console.log(`a message of ${largest} costs ${(large / small).toFixed(2)} times one of 100000`)
}
