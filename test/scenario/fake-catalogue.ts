import { neutralFacts } from '../../src/history/facts.ts'
import { defineFact } from '../../src/history/fact.ts'
import type { Catalogue } from '../../src/scenario/catalogue.ts'
import { metricNamed } from '../../src/scenario/catalogue.ts'
import { problemText } from '../../src/scenario/problem.ts'
import type { ParsedScenario, ParseOptions } from '../../src/scenario/parse-scenario.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { faultKinds } from '../../src/simulation/faults/registry.ts'
import type { OptionTable } from '../../src/systems/option.ts'
import type { SettingProblem, SystemKind, Use } from '../../src/systems/system.ts'
import { recordOf } from '../../src/scenario/record.ts'

const toyOptions = {
  queues: {
    type: 'map',
    summary: 'Queues by name.',
    of: {
      attempts: { type: 'count', fallback: 3, minimum: 1, summary: 'Deliveries.' },
      'time.to.live.ms': { type: 'duration', fallback: null, minimum: 1000, summary: 'For how long a message stays.' },
      'dead-letter': { type: 'text', fallback: null, summary: 'Where messages go.' },
    },
  },
  limits: {
    type: 'group',
    summary: 'Bounds.',
    of: {
      memory: { type: 'size', fallback: 1024, summary: 'Bytes.' },
      share: { type: 'probability', fallback: 0.5, summary: 'Part of it.' },
      speed: { type: 'rate', fallback: 100, summary: 'Requests.' },
      scale: { type: 'number', fallback: 1, summary: 'Any number.' },
    },
  },
  mode: { type: 'choice', choices: ['0', '1', 'all'], fallback: 'all', summary: 'How many answer.' },
  heartbeat: { type: 'duration', unit: 's', fallback: 60_000_000, minimum: 1_000_000, summary: 'Between two.' },
  'x-expires': { type: 'duration', unit: 'ms', fallback: null, summary: 'Its life.' },
  racks: { type: 'list', fallback: [], summary: 'Names.' },
  'security.tokens': { type: 'count', fallback: 0, summary: 'An option that sounds like a credential.' },
} as const satisfies OptionTable

const producerOptions = {
  confirm: { type: 'flag', fallback: true, summary: 'Waits for an answer.' },
  'linger.ms': { type: 'duration', fallback: 0, summary: 'Waits for more.' },
} as const satisfies OptionTable

const consumerOptions = {
  lease: { type: 'duration', fallback: 30_000_000, minimum: 1, summary: 'Holds a message so long.' },
} as const satisfies OptionTable

/** A product with an option of each type, two versions, and queues that have to be declared. */
export const toy: SystemKind = {
  name: 'toy',
  title: 'Toy',
  versions: ['1.9', '1.10'],
  options: toyOptions,
  producerOptions,
  consumerOptions,
  facts: [
    defineFact(
      'appended',
      'broker',
      { message: 'name', offset: 'int', waited: 'micros', last: 'flag' },
      '{node} appended',
    ),
  ],
  omissions: [],
  claims: () => [],
  problems: (settings, uses) => {
    const queues = Object.keys(recordOf(settings.values['queues']))
    return [...uses.flatMap((use) => problemsOf(use, queues)), ...tooFew(recordOf(settings.values['queues']))]
  },
  build: () => {
    throw new Error('Nobody builds a toy.')
  },
}

function problemsOf(use: Use, queues: readonly string[]): readonly SettingProblem[] {
  if (!queues.includes(use.address))
    return [{ use, path: ['address'], message: `there is no queue ${use.address}`, suggestion: 'declare it' }]
  if (use.settings.explicit.includes('lease') && use.settings.values['lease'] === 1)
    return [{ use, path: ['lease'], message: 'a lease of 1us ends before it begins' }]
  return []
}

function tooFew(queues: Readonly<Record<string, unknown>>): readonly SettingProblem[] {
  return Object.entries(queues)
    .filter(([, queue]) => recordOf(queue)['attempts'] === 13)
    .map(([name]) => ({ path: ['queues', name, 'attempts'], message: '13 attempts bring bad luck' }))
}

const rows = { type: 'count', fallback: 10, summary: 'How many.' } as const

/** A small world of names, so that nothing here changes when a product does. */
export const fakeCatalogue: Catalogue = {
  kinds: [toy, { ...toy, name: 'second', versions: ['1'] }],
  planned: ['someday'],
  stores: [
    { name: 'ledger', options: { rows } },
    { name: 'cache', options: {}, takesEffects: false },
  ],
  plannedStores: ['database'],
  strategies: [
    { name: 'none', summary: 'Every time.', options: {}, stores: {} },
    { name: 'dedup-table', summary: 'Once for each key.', options: { size: rows }, stores: {} },
    { name: 'inbox', summary: 'In one transaction.', options: {}, stores: { store: ['ledger'] } },
    {
      name: 'claim',
      summary: 'Says first that it will.',
      options: { dedup: { type: 'text', fallback: null, summary: 'Where.' } },
      stores: { dedup: ['cache', 'ledger'] },
    },
  ],
  guarantees: ['no-loss', 'no-duplicates', 'accounted'],
  metrics: ['duplicateEffects', 'effectLatency.p99', 'effectLatency.p999', 'handledPerSecond'].map(metricNamed),
  faultKinds,
  facts: neutralFacts,
  nemeses: ['production-day'],
}

export function parse(text: string, options: ParseOptions = {}): ParsedScenario {
  return parseScenario(text, fakeCatalogue, { file: 'shop.yaml', ...options })
}

/** The scenario of a text in which nothing is wrong. */
export function scenarioOf(text: string, options: ParseOptions = {}): Scenario {
  const parsed = parse(text, options)
  if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
  return parsed.scenario
}

/** Everything that is wrong with a text, a line each. */
export function problemsIn(text: string, options: ParseOptions = {}): readonly string[] {
  const parsed = parse(text, options)
  return parsed.ok ? [] : parsed.problems.map(problemText)
}

/** One producer, one queue, one consumer. */
export const simple = `title: The simplest thing
systems:
  events: { toy: { queues: { orders: {} } } }
services:
  shop: { sends: { to: events/orders, messages: 50 } }
  billing: { receives: events/orders }
faults:
  - { at: 1s, crash: billing, for: 2s }
expect:
  billing: { no-loss: holds }
`
