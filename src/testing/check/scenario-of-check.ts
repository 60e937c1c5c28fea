import { readFileSync } from 'node:fs'
import path from 'node:path'
import { stringify } from 'yaml'
import type { SendsSpec, ServiceSpec, TracedMessage } from '../../application/service.ts'
import { catalogue } from '../../pipeline/catalogue.ts'
import { buildWorld } from '../../pipeline/simulate.ts'
import { parseScenario } from '../../scenario/parse-scenario.ts'
import type { ScenarioProblem } from '../../scenario/problem.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { checkTargets } from '../../scenario/target-places.ts'
import { second } from '../../simulation/duration.ts'
import type { Fault } from '../../simulation/fault.ts'
import type { FixtureMessage } from './check.ts'
import { CheckError } from './check-error.ts'
import type { ReadCheck } from './read-check.ts'
import { forwardsDocument, readersDocument, sendingByItself, withPlaces } from './sends-of-check.ts'
import { storesOfCheck } from './stores-of-check.ts'
import type { DescribedSystem } from './systems.ts'

/** A check as a scenario in which nothing breaks yet, and which of its services is the code under test. */
export interface CheckScenario {
  readonly scenario: Scenario
  readonly service: string
  /** The messages in the order in which they are sent. */
  readonly messages: readonly FixtureMessage[]
  /** The schedule that the check gives, where it gives one. */
  readonly schedule: readonly Fault[]
}

/** Whoever sends the messages. */
export const sender = 'upstream'

/** What the messages are called: `message-7` is the eighth. */
const messageName = 'message'

/** Makes the scenario of a check; throws a {@link CheckError} that lists what is wrong with it. `folder` is that of the test file. */
export function scenarioOfCheck(check: ReadCheck, folder: string): CheckScenario {
  const { system } = check
  if (system.from === 'file') throw new CheckError(check.name, ['scenario files are not read yet'])
  const service = serviceName(check.name)
  const said = parsed(check, documentOf(check, system, service, system.consumer), folder)
  const spoken = said.services.find(({ name }) => name === service)?.receives[0]?.settings.explicit ?? []
  const unsaid = Object.entries(system.consumerUnlessSaid).filter(([name]) => !spoken.includes(name))
  const scenario =
    unsaid.length === 0
      ? said
      : parsed(check, documentOf(check, system, service, { ...system.consumer, ...Object.fromEntries(unsaid) }), folder)
  return withMessages(check, scenario, service)
}

function documentOf(
  check: ReadCheck,
  system: DescribedSystem,
  service: string,
  consumer: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { product, sendTo, receiveFrom, group, producer, firstMessageAfter } = system
  const { members, concurrency, messages, rate, faults, sends } = check
  const { document: stores, forEffects } = storesOfCheck(check)
  return {
    systems: { [product]: { [product]: withPlaces(system, sends) } },
    stores,
    services: {
      [sender]: {
        sends: {
          to: `${product}/${sendTo}`,
          name: messageName,
          after: firstMessageAfter,
          'on-failure': 'send-again',
          ...(typeof messages === 'string' ? { trace: messages } : { messages: messages.length, rate: `${rate}/s` }),
        },
        producer,
      },
      [service]: {
        receives: { from: `${product}/${receiveFrom}`, ...(group === undefined ? {} : { group }) },
        consumer,
        members,
        handling: { effect: 'done', concurrency, ...(forEffects === undefined ? {} : { store: forEffects }) },
        ...(sends.length === 0 ? {} : { forwards: forwardsDocument(sends, system) }),
      },
      ...readersDocument(sends, system),
    },
    ...('name' in faults ? {} : { faults }),
  }
}

function parsed(check: ReadCheck, document: Readonly<Record<string, unknown>>, folder: string): Scenario {
  const text = stringify(document, { aliasDuplicateObjects: false })
  const result = parseScenario(text, catalogue, {
    file: ownFile,
    name: check.name,
    seed: check.seed,
    readText: (name) => readFileSync(path.resolve(folder, name), 'utf8'),
  })
  const problems = result.ok ? wrongTargets(result) : result.problems
  if (!result.ok || problems.length > 0) throw new CheckError(check.name, problems.map(toldToUser))
  return result.scenario
}

const ownFile = 'check'

function wrongTargets({
  scenario,
  targets,
}: Extract<ReturnType<typeof parseScenario>, { ok: true }>): readonly ScenarioProblem[] {
  const { world } = buildWorld(scenario)
  return checkTargets(targets, (expression) => world.targets.unknown(expression))
}

/** The document is of our own making: its lines say nothing to anybody, its paths do; a file of the user's has both. */
function toldToUser({ file, line, path: where, message, suggestion }: ScenarioProblem): string {
  const place = file === ownFile ? where : `${file}:${line ?? 1}`
  return `${place === '' ? '' : `${place}: `}${message}${suggestion === undefined ? '' : `. ${suggestion}`}`
}

/** The scenario with the messages themselves, exact to the last byte: a document would not carry what is no plain data. */
function withMessages(check: ReadCheck, scenario: Scenario, service: string): CheckScenario {
  const sends = scenario.services.find(({ name }) => name === sender)?.sends[0]
  if (sends === undefined) throw new Error(`The scenario of a check has nobody named ${sender}.`)
  const messages = typeof check.messages === 'string' ? fixturesOf(sends) : check.messages
  const traced = messages.map((message, n) => tracedMessage(check, message, n, sends))
  const services = scenario.services.map((spec) => {
    if (spec.name === sender) return sending(spec, sends, traced)
    return spec.name === service ? sendingByItself(spec) : spec
  })
  return { scenario: { ...scenario, services, faults: [] }, service, messages, schedule: scenario.faults }
}

function sending(spec: ServiceSpec, sends: SendsSpec, messages: readonly TracedMessage[]): ServiceSpec {
  return { ...spec, sends: [{ ...sends, workload: { kind: 'trace', messages } }] }
}

/** The messages of a recorded trace. */
function fixturesOf({ workload }: SendsSpec): readonly FixtureMessage[] {
  if (workload.kind !== 'trace') return []
  return workload.messages.map(({ key, body, type, headers }) => ({
    key,
    value: body,
    type,
    ...(headers && { headers }),
  }))
}

function tracedMessage(check: ReadCheck, message: FixtureMessage, n: number, { workload }: SendsSpec): TracedMessage {
  const recorded = workload.kind === 'trace' ? workload.messages[n] : undefined
  const { key, value, headers, type } = message
  return {
    time: recorded?.time ?? Math.floor((n * second) / check.rate),
    key: key ?? '',
    size: recorded?.size ?? sizeOf(value),
    type: type ?? recorded?.type ?? '',
    operation: operationOf(check, message, n) ?? recorded?.operation,
    ...(headers === undefined ? {} : { headers }),
    body: value,
  }
}

function operationOf(check: ReadCheck, message: FixtureMessage, n: number): string | undefined {
  try {
    const operation: unknown = check.operation(message)
    if (operation === undefined || typeof operation === 'string') return operation
    if (typeof operation === 'number' || typeof operation === 'bigint') return String(operation)
    throw new TypeError('it gave no text')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CheckError(check.name, [`\`operation\` does not say what message ${n} is about: ${reason}`])
  }
}

function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return Math.max(1, value.length)
  const text = typeof value === 'string' ? value : (JSON.stringify(value, plainly) ?? '')
  return Math.max(1, Buffer.byteLength(text))
}

function plainly(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** Nodes are named after the service: `payments consumer` becomes `payments-consumer`. */
function serviceName(check: string): string {
  const name = check
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return name === '' || /^\d+$/.test(name) || reserved.includes(name) ? `${name === '' ? '' : `${name}-`}service` : name
}

const reserved = [sender, 'kafka', 'rabbitmq', 'memory', 'consumer', 'producer', 'broker', 'controller', 'all', 'run']
