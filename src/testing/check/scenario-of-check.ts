import { stringify } from 'yaml'
import type { Scenario } from '../../scenario/scenario.ts'
import { CheckError } from './check-error.ts'
import type { CheckScenario } from './check-scenario.ts'
import { parsedScenario } from './parsed-scenario.ts'
import type { ReadCheck } from './read-check.ts'
import { scenarioOfFile } from './scenario-of-file.ts'
import { forwardsDocument, readersDocument, sendingByItself, withPlaces } from './sends-of-check.ts'
import { storesOfCheck } from './stores-of-check.ts'
import { wrongSystemOptions } from './system-options.ts'
import type { DescribedSystem } from './systems/checked-system.ts'
import { sendingMessages } from './traced-messages.ts'

/** Whoever sends the messages. */
export const sender = 'upstream'

/** How many processes run the code, where the check does not say. */
const defaultMembers = 2

/** What the messages are called: `message-7` is the eighth. */
const messageName = 'message'

/** Makes the scenario of a check; throws a {@link CheckError} that lists what is wrong with it. `folder` is that of the test file. */
export function scenarioOfCheck(check: ReadCheck, folder: string): CheckScenario {
  const { system } = check
  if (system.from === 'file') return scenarioOfFile(check, system, folder)
  const wrong = wrongSystemOptions(system)
  if (wrong.length > 0) throw new CheckError(check.name, wrong)
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
        members: members ?? defaultMembers,
        handling: {
          effect: 'done',
          concurrency: concurrency ?? 1,
          ...(forEffects === undefined ? {} : { store: forEffects }),
        },
        ...(sends.length === 0 ? {} : { forwards: forwardsDocument(sends, system) }),
      },
      ...readersDocument(sends, system),
    },
    ...('name' in faults ? {} : { faults }),
  }
}

function parsed(check: ReadCheck, document: Readonly<Record<string, unknown>>, folder: string): Scenario {
  return parsedScenario(check, stringify(document, { aliasDuplicateObjects: false }), folder)
}

/** The scenario with the messages themselves, exact to the last byte: a document would not carry what is no plain data. */
function withMessages(check: ReadCheck, scenario: Scenario, service: string): CheckScenario {
  const upstream = scenario.services.find(({ name }) => name === sender)
  const sends = upstream?.sends[0]
  if (upstream === undefined || sends === undefined)
    throw new Error(`The scenario of a check has nobody named ${sender}.`)
  const sending = sendingMessages(check, upstream, sends)
  const services = scenario.services.map((spec) => {
    if (spec.name === sender) return sending.spec
    return spec.name === service ? sendingByItself(spec) : spec
  })
  const { messages, ignored } = sending
  return { scenario: { ...scenario, services, faults: [] }, service, messages, ignored, schedule: scenario.faults }
}

/** Nodes are named after the service: `payments consumer` becomes `payments-consumer`. */
function serviceName(check: string): string {
  const name = check
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
  return name === '' || /^\d+$/.test(name) || reserved.includes(name) ? `${name === '' ? '' : `${name}-`}service` : name
}

const reserved = [
  sender,
  'kafka',
  'rabbitmq',
  'sqs',
  'redis',
  'kinesis',
  'memory',
  'consumer',
  'producer',
  'broker',
  'controller',
  'all',
  'run',
]
