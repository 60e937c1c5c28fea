/** A run of fifty messages on a queue in memory, with each strategy of idempotency, after warming up. A run is meant to take less than 2 ms. */
import { performance } from 'node:perf_hooks'
import { strategies } from '../src/application/strategies/registry.ts'
import { catalogue } from '../src/pipeline/catalogue.ts'
import { run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'

const rounds = 100

for (const { name, stores } of strategies) {
  const needed = Object.entries(stores).map(([role, [kind = '']]) => `${role === 'store' ? 'records' : role}: ${kind}`)
  const parsed = parseScenario(
    `title: ${name}
systems: { queue: { memory: { queues: { orders: {} } } } }
stores: { ${needed.join(', ')} }
services:
  shop: { sends: { to: queue/orders, messages: 50, rate: 1000/s } }
  billing: { receives: queue/orders, handling: { strategy: ${name} } }
`,
    catalogue,
  )
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  for (let round = 0; round < rounds; round++) run(parsed.scenario)
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now()
    run(parsed.scenario)
    return performance.now() - begin
  }).toSorted((one, other) => one - other)
  const { events } = run(parsed.scenario)
  const median = times[rounds / 2] ?? 0
  const fastest = times[0] ?? 0
  console.log(
    `${name.padEnd(36)} ${fastest.toFixed(2)} ms at best, ${median.toFixed(2)} ms in the middle of ${rounds} runs, ${events} events`,
  )
}
