import {
  acknowledged,
  delivered,
  effectApplied,
  handled,
  operationAnswered,
  operationBegan,
} from '../../history/facts.ts'
import type { AnyFact } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { memberNames } from '../../application/service.ts'
import { nodesOf } from '../../exploration/search-space.ts'
import type { Ground, Moment } from './plans/plan.ts'

/** Facts of the handling of a message at which faults can strike. */
const momentKinds = [delivered, operationBegan, operationAnswered, effectApplied, handled, acknowledged]

/** Those of them that nobody records unless somebody listens. */
export const silentKinds = [operationBegan, operationAnswered]

/** Looks at the run in which nothing broke. */
export function groundOf(scenario: Scenario, history: History, service: string, versions: number): Ground {
  const facts = [...history].filter((fact) => isMoment(history, fact, service))
  const nodes = nodesOf(scenario)
  const members = scenario.services.filter(({ name }) => name === service).flatMap(memberNames)
  const named = (part: string): readonly string[] => nodes.filter((node) => node.part === part).map(({ name }) => name)
  return {
    members: named('consumer').filter((name) => members.includes(name)),
    brokers: named('broker'),
    restartable: named('broker').filter((name) => !forgets(scenario, name)),
    stores: named('store'),
    databases: Object.entries(scenario.stores).flatMap(([name, { kind }]) => (kind === 'database' ? [name] : [])),
    apis: apisOf(scenario),
    moments: facts.map((fact) => momentOf(history, fact)),
    begins: facts[0]?.time ?? 0,
    ends: facts.at(-1)?.time ?? 0,
    versions,
  }
}

function isMoment(history: History, fact: AnyFact, service: string): boolean {
  const isOfService = typeof fact['service'] === 'number' && history.names.text(fact['service']) === service
  return isOfService && momentKinds.some(({ name }) => name === fact.kind)
}

/** By what it is about, not by how many came before it: so it is found again after a change of timing. */
function momentOf({ names }: History, fact: AnyFact): Moment {
  const message = names.text(Number(fact['message']))
  const { operation, step } = fact
  const isOperation = typeof operation === 'number' && typeof step === 'number'
  const values = { message, ...(isOperation ? { operation: names.text(operation), step } : {}) }
  return { anchor: { fact: fact.kind, values, nth: 1 }, message }
}

function apisOf({ stores }: Scenario): Ground['apis'] {
  const apis = Object.entries(stores).filter(([, { kind }]) => kind === 'http-api')
  return new Map(apis.map(([name, { settings }]) => [name, Number(settings.values['takes'])]))
}

function forgets({ systems }: Scenario, node: string): boolean {
  return Object.entries(systems).some(
    ([name, { kind }]) => kind === 'memory' && (node === name || node.startsWith(`${name}-`)),
  )
}
