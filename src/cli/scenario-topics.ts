import { catalogue } from '../pipeline/catalogue.ts'
import { scenarioSchema } from '../scenario/scenario-schema.ts'
import type { Topic } from './topics.ts'

/** The parts of a scenario whose keys are its own. */
const parts = ['predict', 'services', 'network', 'nemesis', 'settle']

/** The others: what stands below them has words of its own, and is a topic by those. */
const alone = ['title', 'question', 'why', 'seed', 'systems', 'stores', 'faults', 'expect', 'thresholds', 'variants']

/** What every fault has beside its action, which is a topic by itself. */
const ofFaults = ['at', 'when', 'cut', 'for']

/** Keys whose words are topics of a product or of a strategy. */
const elsewhere = new Set(['producer', 'consumer', 'strategy'])

export const scenarioKey = 'a key of a scenario'

/** The keys of a scenario that say what they are, by their paths: `services.*.handling.acknowledge`. */
export function scenarioTopics(): readonly Topic[] {
  const found = new Map<string, Topic>()
  const whole = childOf(scenarioSchema(catalogue), 'properties')
  for (const part of parts) visit(childOf(whole, part), part, found)
  for (const part of alone) note(childOf(whole, part), part, found)
  const fault = childOf(oneFault(childOf(whole, 'faults')), 'properties')
  for (const key of ofFaults) visit(childOf(fault, key), `faults.*.${key}`, found)
  return [...found.values()]
}

function visit(schema: unknown, path: string, found: Map<string, Topic>): void {
  if (typeof schema !== 'object') return
  note(schema, path, found)
  for (const alternative of listOf(childOf(schema, 'anyOf'))) visit(alternative, path, found)
  visit(childOf(schema, 'items'), path, found)
  visit(childOf(schema, 'additionalProperties'), `${path}.*`, found)
  for (const [name, child] of Object.entries(childOf(schema, 'properties') ?? {}))
    if (!elsewhere.has(name)) visit(child, `${path}.${name}`, found)
}

function note(schema: unknown, path: string, found: Map<string, Topic>): void {
  const description = childOf(schema, 'description')
  if (typeof description === 'string' && !found.has(path)) found.set(path, keyTopic(schema, path, description))
}

/** The schema of the first kind of fault: all have the same keys beside their action. */
function oneFault(faults: unknown): unknown {
  const [list] = listOf(childOf(faults, 'anyOf'))
  return listOf(childOf(childOf(list, 'items'), 'anyOf'))[0]
}

function keyTopic(schema: unknown, name: string, summary: string): Topic {
  const choices = choicesOf(schema)
  const fallback = childOf(schema, 'default')
  const details: Topic['details'] = [
    ...(choices.length === 0 ? [] : ([['takes', choices.join(', ')]] as const)),
    ...(fallback === undefined ? [] : ([['default', String(fallback)]] as const)),
  ]
  return { name, what: scenarioKey, summary, details, page: 'docs/scenario.md' }
}

function choicesOf(schema: unknown): readonly string[] {
  const own = [...listOf(childOf(schema, 'enum')), childOf(schema, 'const')]
  const words = own.filter((one) => typeof one === 'string')
  return [...words, ...listOf(childOf(schema, 'anyOf')).flatMap(choicesOf)]
}

function childOf(schema: unknown, key: string): unknown {
  if (typeof schema !== 'object' || schema === null) return undefined
  return Object.entries(schema).find(([name]) => name === key)?.[1]
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
