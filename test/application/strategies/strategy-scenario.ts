import type { Strategy } from '../../../src/application/strategies/strategy.ts'
import { catalogue } from '../../../src/pipeline/catalogue.ts'
import type { Run } from '../../../src/run.ts'
import { run } from '../../../src/run.ts'
import { parseScenario } from '../../../src/scenario/parse-scenario.ts'

/** A queue, or a log with positions. */
export type Source = 'queue' | 'log'

const systems: Readonly<Record<Source, string>> = {
  queue: 'memory: { queues: { orders: { visibility-timeout: 5s, attempts: 10 }, bills: {} } }',
  log: 'kafka: { brokers: 1, topics: { orders: { partitions: 2, replication.factor: 1 }, bills: { replication.factor: 1 } } }',
}

/** The stores that a strategy needs, one of the first fitting kind for each role. */
function storesOf(strategy: Strategy): string {
  const needed = Object.entries(strategy.stores).map(
    ([role, [kind = '']]) => `${role === 'store' ? 'records' : role}: ${kind}`,
  )
  return `{ ${needed.join(', ')} }`
}

/** Runs a scenario that is written as text. */
export function runText(text: string): Run {
  const parsed = parseScenario(text, catalogue)
  if (!parsed.ok) throw new Error(parsed.problems.map(({ line, message }) => `${line}: ${message}`).join('\n'))
  return run(parsed.scenario)
}

/** Orders that are handled by two members with a strategy, and passed on. */
function shopText(strategy: string, stores: string, source: Source, more = ''): string {
  const consumer = source === 'log' ? '{ auto.offset.reset: earliest }' : ''
  return `title: A strategy
systems: { broker: { ${systems[source]} } }
stores: ${stores}
services:
  shop: { sends: { to: broker/orders, messages: 40, rate: 200/s, keys: 5 } }
  billing:
    receives: broker/orders
    members: 2
    consumer: ${consumer}
    handling: { strategy: ${strategy} }
    forwards: broker/bills
  archive: { receives: broker/bills, consumer: ${consumer} }
${more}`
}

export function faultless(strategy: Strategy, source: Source): Run {
  return runText(shopText(strategy.name, storesOf(strategy), source))
}
