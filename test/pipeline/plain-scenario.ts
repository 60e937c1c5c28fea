import type { AsksSpec, HandlingSpec, ReceivesSpec, SendsSpec, ServiceSpec } from '../../src/application/service.ts'
import { ledger } from '../../src/application/stores/ledger.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import { settlingDefaults } from '../../src/simulation/settling.ts'
import { defaultSettings, type OptionTable } from '../../src/systems/option.ts'
import { memory } from '../../src/systems/memory/memory.ts'

/** A shop that sends orders over the broker of a tutorial to billing, which writes them into a ledger. Nothing breaks. */
export function plainScenario(changes: Partial<Scenario> = {}): Scenario {
  return {
    name: 'plain',
    title: 'A plain scenario',
    question: '',
    predict: undefined,
    why: '',
    seed: 'plain',
    systems: { queue: { kind: 'memory', version: memory.versions.at(-1) ?? '', settings: memorySettings() } },
    stores: { ledger: { kind: 'ledger', settings: defaultSettings(ledger.options) } },
    services: [shop(), billing()],
    network: { everywhere: linkProfiles.lan, betweenZones: undefined, links: [] },
    faults: [],
    nemesis: undefined,
    settling: settlingDefaults,
    expectations: [],
    otherwise: 'anything',
    thresholds: [],
    variant: '',
    ...changes,
  }
}

/** The queue `orders` with these settings, beside their defaults. */
export function memorySettings(
  changes: Readonly<Record<string, unknown>> = {},
): Scenario['systems'][string]['settings'] {
  const { queues } = memory.options
  const table: OptionTable = queues?.type === 'map' ? queues.of : {}
  const orders = { ...defaultSettings(table).values, ...changes }
  return { values: { ...defaultSettings(memory.options).values, queues: { orders } }, explicit: Object.keys(changes) }
}

export function shop(changes: Partial<SendsSpec> = {}): ServiceSpec {
  const sends: SendsSpec = {
    to: { system: 'queue', path: 'orders' },
    name: 'order',
    workload: {
      kind: 'synthetic',
      messages: 30,
      arrival: { kind: 'constant', perSecond: 1000 },
      keys: 3,
      keyChoice: 'in-turn',
      size: 100,
      type: 'order',
    },
    after: 0,
    types: {},
    inFlight: 100,
    duplicates: undefined,
    onFailure: 'give-up',
    afterRestart: 'continue',
    settings: defaultSettings(memory.producerOptions),
    ...changes,
  }
  return service({ name: 'shop', sends: [sends] })
}

export function billing(handling: Partial<HandlingSpec> = {}, receives: Partial<ReceivesSpec> = {}): ServiceSpec {
  const from: ReceivesSpec = {
    from: { system: 'queue', path: 'orders' },
    group: 'billing',
    after: 0,
    limit: 10,
    settings: defaultSettings(memory.consumerOptions),
    ...receives,
  }
  return service({ name: 'billing', receives: [from] }, { takes: 500, store: 'ledger', effect: 'billed', ...handling })
}

function service(
  changes: Partial<ServiceSpec> & { readonly name: string; readonly asks?: readonly AsksSpec[] },
  handling: Partial<HandlingSpec> = {},
): ServiceSpec {
  return {
    members: 1,
    zones: [],
    sends: [],
    receives: [],
    forwards: [],
    asks: [],
    replies: false,
    handling: {
      takes: 0,
      varies: 0,
      strategy: { name: 'none', settings: { values: {}, explicit: [] }, stores: {} },
      store: undefined,
      effect: undefined,
      concurrency: 1,
      acknowledge: 'after',
      fails: undefined,
      onError: 'requeue',
      knows: undefined,
      interleaving: undefined,
      onUnknown: 'acknowledge',
      ...handling,
    },
    ...changes,
  }
}
