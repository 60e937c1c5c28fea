import type { AnyFact, Evidence, FactRule } from '../../history/fact.ts'
import * as facts from '../../history/facts.ts'
import { faultSummary } from '../../pipeline/part-descriptions.ts'
import type { Run } from '../../run.ts'
import { durationText } from '../quantities.ts'
import { type ResolvedOption, resolvedOptions } from '../resolved-options.ts'

/** The rule that a step of a story rests on, and how well it is evidenced. */
export interface StoryRule {
  readonly statement: string
  readonly evidence: Evidence
  readonly page: string | undefined
}

/** The rule behind a fact, where anybody names one. */
export type RuleSource = (fact: AnyFact) => StoryRule | undefined

/** How each degree of evidence is said. */
export const evidenceWords: Readonly<Record<Evidence, string>> = {
  documented: 'documented',
  source: 'read in source',
  inferred: 'inferred',
  defined: 'by definition',
}

type Told = Pick<Run, 'history' | 'systems' | 'parts' | 'scenario'>

/**
 * A rule comes with the kind of a fact or with its product's word on facts of all products; else the reason that a fact gives is the name of an
 * option; or the vendor says it of this client; or the scenario has chosen it.
 */
export function ruleSourceOf(run: Told): RuleSource {
  const sources = [ofKind(run), ofProduct(run), ofOption(run), ofVendor(run), ofService(run), ofFault(run)]
  return (fact) => {
    for (const source of sources) {
      const rule = source(fact)
      if (rule !== undefined) return rule
    }
    return undefined
  }
}

/** How well something is evidenced that is said on a page of the web, or on none. */
function evidenceOf(page: string | undefined): Evidence {
  if (page === undefined || !/^https?:/.test(page)) return 'defined'
  return page.startsWith('https://github.com/') ? 'source' : 'documented'
}

function storyRule({ statement, evidence, page }: FactRule): StoryRule {
  return { statement, evidence, page: page === '' ? undefined : page }
}

function said(statement: string, page?: string): StoryRule {
  return { statement, evidence: evidenceOf(page), page: page === '' ? undefined : page }
}

function ofKind({ history }: Told): RuleSource {
  return (fact) => {
    const rule = history.kindOf(fact.kind)?.rule
    return rule && storyRule(rule)
  }
}

/** What the product of its place says of such a fact. */
function ofProduct({ history, systems }: Told): RuleSource {
  return (fact) => {
    const place = textOf(history, fact, 'place')
    const system = systems.find(({ name }) => place.startsWith(`${name}/`))
    const found = system?.rules.find(
      (rule) =>
        rule.fact === fact.kind &&
        Object.entries(rule.values).every(([field, text]) => textOf(history, fact, field).includes(text)),
    )
    return found && storyRule(found.rule)
  }
}

function ofOption({ history, systems }: Told): RuleSource {
  const options = systems.flatMap(({ name, options: table, settings }) =>
    resolvedOptions(table, settings).map((option) => ({ system: name, option })),
  )
  return (fact) => {
    const option = optionNamed(textOf(history, fact, 'reason'), textOf(history, fact, 'place'), options)
    return option && said(`${option.path} is ${option.value}: ${firstClause(option.summary)}`, option.page)
  }
}

/** What its vendor says of a client of this configuration: of the answer to a producer, and of a delivery to a consumer that is not the first. */
function ofVendor({ history, systems }: Told): RuleSource {
  return (fact) => {
    const guarantee = vendorGuarantees.get(fact.kind)
    if (guarantee === undefined || (fact.kind === facts.delivered.name && fact['attempt'] === 1)) return undefined
    const service = textOf(history, fact, 'service')
    const role = fact.kind === facts.delivered.name ? 'consumer' : 'producer'
    const claims = systems.flatMap((system) =>
      system.claims.filter(
        (claim) => claim.service === service && claim.guarantee === guarantee && claim.role === role,
      ),
    )
    const [claim] = claims
    return claim && said(claim.statement, claim.page)
  }
}

const vendorGuarantees: ReadonlyMap<string, string> = new Map([
  [facts.answered.name, 'no-loss'],
  [facts.delivered.name, 'no-duplicates'],
])

/** What the scenario has chosen for a service: when it acknowledges, what follows an error, what its strategy does. */
function ofService({ history, scenario, parts }: Told): RuleSource {
  return (fact) => {
    const name = textOf(history, fact, 'service')
    const service = scenario.services.find((one) => one.name === name)
    const handling = service?.handling
    const asked = service?.receives.length === 0 ? service.asks[0] : undefined
    const strategy = parts.strategies.find((part) => part.name === name)
    switch (fact.kind) {
      case facts.acknowledged.name:
        return handling && said(`services.${name}.handling.acknowledge is ${handling.acknowledge}.`)
      case facts.handled.name:
        return handling?.acknowledge === 'never' ? said(`services.${name}.handling.acknowledge is never.`) : undefined
      case facts.handlingFailed.name:
        if (asked !== undefined) return said(`services.${name}.asks.timeout is ${durationText(asked.timeout)}.`)
        return handling && said(`services.${name}.handling.on-error is ${handling.onError}.`)
      case facts.effectApplied.name:
      case facts.effectSkipped.name:
        return strategy === undefined || strategy.kind === 'none'
          ? undefined
          : said(`services.${name}.handling.strategy is ${strategy.kind}: ${strategy.summary}`)
      default:
        return undefined
    }
  }
}

function ofFault({ history }: Told): RuleSource {
  return (fact) => {
    const summary = fact.kind === facts.faultStruck.name ? faultSummary(textOf(history, fact, 'action')) : undefined
    return summary === undefined ? undefined : { statement: summary, evidence: 'defined', page: 'docs/machine.md' }
  }
}

/** The text of a field that is a name; empty where the kind has no such field. */
function textOf(history: Run['history'], fact: AnyFact, field: string): string {
  return history.kindOf(fact.kind)?.fields[field] === 'name' ? history.names.text(Number(fact[field])) : ''
}

/** The option of this place that a reason names, in whatever way the two are spelled. */
function optionNamed(
  reason: string,
  place: string,
  options: readonly { readonly system: string; readonly option: ResolvedOption }[],
): ResolvedOption | undefined {
  const wanted = letters(reason)
  if (wanted.length < 4) return undefined
  const of = place.slice(place.indexOf('/') + 1)
  const named = options.filter(
    ({ system, option: { path } }) =>
      letters(path).endsWith(wanted) && place.startsWith(`${system}/`) && path.includes(`.${of}.`),
  )
  return named.length === 1 ? named[0]?.option : undefined
}

/** What an option is for; what else there is to say of it stands behind a semicolon. */
function firstClause(summary: string): string {
  return summary.replace(/;.*$/, '')
}

function letters(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z]/g, '')
}
