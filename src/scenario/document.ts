import { stringify } from 'yaml'
import type { Catalogue } from './catalogue.ts'
import { faultDocument } from './fault-document.ts'
import { quantileName } from './network-reader.ts'
import { formatBandwidth, formatDuration, formatProbability } from './quantity.ts'
import type { NetworkSpec, Scenario } from './scenario.ts'
import { compact, serviceDocument } from './service-document.ts'
import { settingsDocument } from './settings-document.ts'
import type { LinkProfile } from '../simulation/link-profile.ts'
import { linkProfiles } from '../simulation/link-profile.ts'
import { settlingDefaults } from '../simulation/settling.ts'

/** A scenario as a YAML file that parses to the same scenario, but for its name and the name of its variant: those are the file's. */
export function stringifyScenario(scenario: Scenario, catalogue: Catalogue): string {
  return stringify(toDocument(scenario, catalogue), { lineWidth: 0, aliasDuplicateObjects: false })
}

/** The same as plain data, as a person would have written it: without what is so by default. */
export function toDocument(scenario: Scenario, catalogue: Catalogue): Readonly<Record<string, unknown>> {
  const { title, question, predict, why, seed, systems, stores, services, faults, nemesis, otherwise } = scenario
  const kindOf = (name: string) => catalogue.kinds.find((kind) => kind.name === systems[name]?.kind)
  return compact({
    title: title === '' ? undefined : title,
    question: question === '' ? undefined : question,
    predict,
    why: why === '' ? undefined : why,
    seed,
    systems: systemsDocument(scenario, catalogue),
    stores: Object.fromEntries(
      Object.entries(stores).map(([name, { kind, settings }]) => {
        const table = catalogue.stores.find((choice) => choice.name === kind)?.options ?? {}
        return [name, { [kind]: settingsDocument(table, settings) }]
      }),
    ),
    services: Object.fromEntries(
      services.map((service) => [service.name, serviceDocument(service, kindOf, catalogue.strategies)]),
    ),
    network: networkDocument(scenario.network),
    faults: faults.map((fault) => faultDocument(fault, catalogue)),
    nemesis: nemesis === undefined ? undefined : { profile: nemesis.profile, for: formatDuration(nemesis.duration) },
    settle: settlingDocument(scenario),
    expect: expectationsDocument(scenario),
    otherwise: otherwise === 'anything' ? undefined : otherwise,
    thresholds: grouped(scenario.thresholds.map(({ service, text }) => [service, text])),
  })
}

function systemsDocument({ systems }: Scenario, { kinds }: Catalogue): Readonly<Record<string, unknown>> {
  const documents = Object.entries(systems).map(([name, { kind: kindName, version, settings }]) => {
    const kind = kinds.find((candidate) => candidate.name === kindName)
    const options = settingsDocument(kind?.options ?? {}, settings)
    const isDefault = kind?.versions.at(-1) === version || Object.hasOwn(kind?.options ?? {}, 'version')
    return [name, { [kindName]: isDefault ? options : { version, ...options } }]
  })
  return Object.fromEntries(documents)
}

function networkDocument({ everywhere, betweenZones, links }: NetworkSpec): unknown {
  const profile = profileDocument(everywhere)
  if (betweenZones === undefined && links.length === 0) return profile === 'lan' ? undefined : profile
  return compact({
    ...asMap(profile),
    'between-zones': betweenZones === undefined ? undefined : profileDocument(betweenZones),
    links: links.map(({ between, profile: special }) => ({ between, ...asMap(profileDocument(special)) })),
  })
}

function asMap(profile: string | Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return typeof profile === 'string' ? { profile } : profile
}

/** The name of a profile that is as it comes, else what it is made of. */
function profileDocument(profile: LinkProfile): string | Readonly<Record<string, unknown>> {
  const name = Object.entries(linkProfiles).find(([, known]) => isSame(known, profile))?.[0]
  if (name !== undefined) return name
  return {
    quantiles: Object.fromEntries(
      profile.latency.map(([fraction, micros]) => [quantileName(fraction), formatDuration(micros)]),
    ),
    bandwidth: formatBandwidth(profile.bandwidth),
    loss: formatProbability(profile.loss),
    duplication: formatProbability(profile.duplication),
  }
}

function isSame(one: LinkProfile, other: LinkProfile): boolean {
  return figures(one) === figures(other)
}

function figures({ latency, bandwidth, loss, duplication }: LinkProfile): string {
  return [...latency.flat(), bandwidth, loss, duplication].join()
}

function settlingDocument({ settling }: Scenario): unknown {
  const { healAfter, heal, bound } = settling
  const document = compact({
    'heal-after': healAfter === settlingDefaults.healAfter ? undefined : formatDuration(healAfter),
    heal: heal === 'all' ? undefined : heal.length === 0 ? 'none' : [...heal],
    bound: bound === settlingDefaults.bound ? undefined : formatDuration(bound),
  })
  return Object.keys(document).length === 0 ? undefined : document
}

function expectationsDocument({ expectations }: Scenario): unknown {
  const services = [...new Set(expectations.map(({ service }) => service))]
  const ofService = (name: string) =>
    expectations
      .filter(({ service }) => service === name)
      .map(
        ({ guarantee, level, verdict }) =>
          [level === undefined ? guarantee : `${guarantee}/${level}`, verdict] as const,
      )
  return Object.fromEntries(services.map((name) => [name, Object.fromEntries(ofService(name))]))
}

function grouped(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, readonly string[]>> {
  const names = [...new Set(pairs.map(([name]) => name))]
  return Object.fromEntries(
    names.map((name) => [name, pairs.filter(([other]) => other === name).map(([, text]) => text)]),
  )
}
