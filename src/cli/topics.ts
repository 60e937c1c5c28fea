import { storeKinds } from '../application/stores/registry.ts'
import { strategies } from '../application/strategies/registry.ts'
import { checks } from '../checks/registry.ts'
import type { FactKind } from '../history/fact.ts'
import { neutralFacts } from '../history/facts.ts'
import { evidenceWords } from '../report/story/rule.ts'
import { valueText } from '../report/resolved-options.ts'
import type { FaultKind } from '../simulation/fault.ts'
import { nemesisProfiles } from '../simulation/nemesis.ts'
import { faultKinds } from '../simulation/faults/registry.ts'
import type { OptionSpec, OptionTable } from '../systems/option.ts'
import { systemKinds } from '../systems/registry.ts'
import { scenarioTopics } from './scenario-topics.ts'

/** Something that a person may ask about. */
export interface Topic {
  /** The word in a scenario; of an option its whole path. */
  readonly name: string
  /** `a guarantee`, `an option of a product, of its producers`. */
  readonly what: string
  /** What it is, in a sentence or two. */
  readonly summary: string
  readonly details: readonly (readonly [label: string, text: string])[]
  readonly page: string | undefined
}

/** What faults are drawn from: `--faults`, `--nemesis`, and `nemesis` of a scenario. */
export const faultProfile = 'a profile of faults'

/** All that can be explained: guarantees, faults, their profiles, strategies, stores, facts and options, as the registries have them, and the keys of a scenario. */
export function topics(): readonly Topic[] {
  return [
    ...checks.map(({ name, title, scope }) =>
      topic(name, scope === 'audit' ? 'an audit' : 'a guarantee', sentenceOf(title), [
        ['defined in', 'docs/guarantees.md'],
      ]),
    ),
    ...faultKinds.map(faultTopic),
    ...Object.entries(nemesisProfiles).map(([name, { summary }]) =>
      topic(name, faultProfile, summary, [], 'docs/scenario.md'),
    ),
    ...strategies.flatMap(({ name, summary, why, options }) => [
      topic(name, 'an idempotency strategy', summary, [['why', why]]),
      ...optionTopics(options, `an option of the strategy ${name}`, ''),
    ]),
    ...storeKinds.flatMap(({ name, summary, options, facts = [] }) => [
      topic(name, 'a kind of store', summary),
      ...optionTopics(options, `an option of the store ${name}`, ''),
      ...facts.map((kind) => factTopic(kind, `a fact of the store ${name}`)),
    ]),
    ...neutralFacts.map((kind) => factTopic(kind, 'a fact')),
    ...systemKinds.flatMap((product) => [
      topic(
        product.name,
        'a product',
        `${product.title}, as version ${product.versions.join(' or ')}.`,
        product.omissions.length === 0
          ? []
          : [['left out', `${product.omissions.length} things; its reports name them`]],
      ),
      ...optionTopics(product.options, `an option of ${inSentence(product.title)}`, ''),
      ...optionTopics(product.producerOptions, `an option of ${inSentence(product.title)}, of its producers`, ''),
      ...optionTopics(product.consumerOptions, `an option of ${inSentence(product.title)}, of its consumers`, ''),
      ...product.facts.map((kind) => factTopic(kind, `a fact of ${inSentence(product.title)}`)),
    ]),
    ...scenarioTopics(),
  ]
}

/** The names that begin with these letters, for a shell to complete; of an option also the last part of its path. */
export function topicNames(letters: string): readonly string[] {
  const names = topics().flatMap(({ name }) => [name, name.replace(/^.*\./, '')])
  return [...new Set(names)].filter((name) => name.startsWith(letters)).sort()
}

function topic(name: string, what: string, summary: string, details: Topic['details'] = [], page?: string): Topic {
  return { name, what, summary, details, page }
}

function sentenceOf(title: string): string {
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}.`
}

/** A title that begins with an article, in the middle of a sentence. */
function inSentence(title: string): string {
  return title.replace(/^The /, 'the ')
}

function faultTopic({ name, summary, takes, parameters }: FaultKind): Topic {
  const said = Object.entries(parameters).map(
    ([key, spec]) => [key, `${spec.summary}; ${String(spec.fallback)} unless said`] as const,
  )
  return topic(name, 'a fault', summary, [['strikes', targetTexts[takes]], ...said])
}

const targetTexts: Readonly<Record<FaultKind['takes'], string>> = {
  nodes: 'nodes or roles, e.g. billing or leader(events/orders/0)',
  pair: 'what is between two nodes',
  sides: 'two sides or more',
}

function factTopic({ name, scope, fields, phrase, rule }: FactKind, what: string): Topic {
  const details: Topic['details'] = [
    ['known to', scopeTexts[scope]],
    ['has', Object.keys(fields).join(', ')],
    ...(rule === undefined ? [] : ([['rule', `${rule.statement} (${evidenceWords[rule.evidence]})`]] as const)),
  ]
  return topic(name, what, `“${phrase}”`, details, rule?.page)
}

const scopeTexts: Readonly<Record<FactKind['scope'], string>> = {
  client: 'clients: guarantees may be judged by it',
  store: 'stores: guarantees may be judged by it',
  broker: 'brokers: only audits and stories use it',
  node: 'the machine',
  network: 'the network, where somebody observes it',
  fault: 'the fault schedule',
  run: 'the run',
}

/** Options in groups and of named things have the names of both in their paths: `topics.*.retention.ms`. */
function optionTopics(table: OptionTable, what: string, prefix: string): readonly Topic[] {
  return Object.entries(table).flatMap(([name, spec]) => optionTopic(`${prefix}${name}`, spec, what))
}

function optionTopic(name: string, spec: OptionSpec, what: string): readonly Topic[] {
  if (spec.type === 'group') return optionTopics(spec.of, what, `${name}.`)
  if (spec.type === 'map')
    return [topic(name, what, spec.summary, [], spec.page), ...optionTopics(spec.of, what, `${name}.*.`)]
  const kind = spec.type === 'choice' ? spec.choices.join(', ') : spec.type
  const bounds = 'minimum' in spec || 'maximum' in spec ? [boundsText(spec)] : []
  return [
    topic(
      name,
      what,
      spec.summary,
      [
        ['takes', [kind, ...bounds].join(', ')],
        ['default', valueText(spec, spec.fallback)],
      ],
      spec.page,
    ),
  ]
}

function boundsText(spec: Extract<OptionSpec, { readonly minimum?: number }>): string {
  const { minimum, maximum } = spec
  const bound = (word: string, value: number | undefined): readonly string[] =>
    value === undefined ? [] : [`${word} ${valueText(spec, value)}`]
  return [...bound('from', minimum), ...bound('to', maximum)].join(' ')
}
