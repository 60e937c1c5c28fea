import {
  acknowledged,
  delivered,
  derived,
  effectApplied,
  handled,
  handlingFailed,
  operationAnswered,
  operationBegan,
} from '../../history/facts.ts'
import type { AnyFact, Name } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'
import type { Names } from '../../history/names.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { memberNames } from '../../application/service.ts'
import { nodesOf } from '../../exploration/search-space.ts'
import type { Ground, Moment } from './plans/plan.ts'

/** Facts at which faults can strike, most of them of the handling of a message. */
const momentKinds = [delivered, operationBegan, operationAnswered, effectApplied, handled, acknowledged]

/** Those of them that nobody records unless somebody listens. */
export const silentKinds = [operationBegan, operationAnswered]

interface Timed {
  readonly time: Micros
}

/** Looks at the run in which nothing broke. */
export function groundOf(scenario: Scenario, history: History, service: string, versions: number): Ground {
  const nodes = nodesOf(scenario)
  const members = scenario.services.filter(({ name }) => name === service).flatMap(memberNames)
  const moments = momentsIn(history, service, members)
  const named = (part: string): readonly string[] => nodes.filter((node) => node.part === part).map(({ name }) => name)
  return {
    members: named('consumer').filter((name) => members.includes(name)),
    brokers: named('broker'),
    restartable: named('broker').filter((name) => !forgets(scenario, name)),
    stores: named('store'),
    databases: Object.entries(scenario.stores).flatMap(([name, { kind }]) => (kind === 'database' ? [name] : [])),
    apis: apisOf(scenario),
    moments,
    begins: moments[0]?.time ?? 0,
    ends: moments.at(-1)?.time ?? 0,
    versions,
  }
}

/** The moments in the order in which they came, and when they were. */
function momentsIn(history: History, service: string, members: readonly string[]): readonly (Moment & Timed)[] {
  const { names } = history
  const own = names.intern(service)
  const nodes = new Set(members.map((member) => names.intern(member)))
  const seen = new Set<unknown>()
  const busy = new Set<Name>()
  return [...history].flatMap((fact) => {
    const { kind, node, time } = fact
    if (kind === derived.name) return nodes.has(node) && !busy.has(node) ? [{ ...sendOf(names, fact), time }] : []
    if (fact['service'] !== own) return []
    if (kind === delivered.name) {
      seen.add(fact['message'])
      busy.add(node)
    }
    if (kind === handled.name || kind === handlingFailed.name) busy.delete(node)
    if (!momentKinds.some(({ name }) => name === kind)) return []
    const moment = seen.has(fact['message']) ? handlingMoment(names, fact) : effectOutside(names, fact, members)
    return [{ ...moment, time }]
  })
}

/** By what it is about, not by how many came before it: so it is found again after a change of timing. */
function handlingMoment(names: Names, fact: AnyFact): Moment {
  const message = names.text(Number(fact['message']))
  const { operation, step } = fact
  const isOperation = typeof operation === 'number' && typeof step === 'number'
  const values = { message, ...(isOperation ? { operation: names.text(operation), step } : {}) }
  return { anchor: { fact: fact.kind, values, nth: 1 }, struck: [`handler(${message})`] }
}

/** What is sent by code that handles nothing, a relay for instance: it is named by what it was made of, as a check knows no other messages than its own. */
function sendOf(names: Names, fact: AnyFact): Moment {
  const values = { parent: names.text(Number(fact['parent'])) }
  return { anchor: { fact: fact.kind, values, nth: 1 }, struck: [names.text(fact.node)] }
}

/** Of an effect of such code nobody knows which member it ran in. */
function effectOutside(names: Names, fact: AnyFact, members: readonly string[]): Moment {
  const values = { operation: names.text(Number(fact['operation'])) }
  return { anchor: { fact: fact.kind, values, nth: 1 }, struck: members }
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
