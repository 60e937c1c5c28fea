import type { Run } from '../../run.ts'
import { durationText } from '../quantities.ts'
import { valueText } from '../resolved-options.ts'

type Scenario = Run['scenario']
type Option = Run['systems'][number]['options'][string]

/** One value that two scenarios have differently, as a scenario file names it. */
export interface Change {
  /** `services.shop.producer.acks`. */
  readonly path: string
  readonly from: string
  readonly to: string
  /** Where the option is documented. */
  readonly page: string | undefined
}

/** What a variant has otherwise than a scenario, but for what is said and expected of it. */
export function changesBetween(run: Run, variant: Scenario): readonly Change[] {
  return differences(designOf(run.scenario), designOf(variant), []).map(({ path, from, to }) => {
    const option = optionAt(run, path)
    const shown = (value: unknown): string => (option === undefined ? plainText(path, value) : valueText(option, value))
    return { path: writtenPath(path, run.scenario), from: shown(from), to: shown(to), page: option?.page }
  })
}

type Path = readonly string[]

interface Difference {
  readonly path: Path
  readonly from: unknown
  readonly to: unknown
}

/** The parts of a scenario that decide what happens, services by their names. */
function designOf({ systems, stores, services, network, settling }: Scenario): Readonly<Record<string, unknown>> {
  const named = services.map(({ name, ...service }) => [name, service])
  return { systems, stores, services: Object.fromEntries(named), network, settling }
}

/** The leaves in which two values differ. Which of the values were set is not among them. */
function differences(from: unknown, to: unknown, path: Path): readonly Difference[] {
  if (!isPlain(from) || !isPlain(to)) return sameText(from, to) ? [] : [{ path, from, to }]
  // Another strategy has other options, which say nothing beside those of the one before.
  if (path.at(-1) === 'strategy' && from['name'] !== to['name']) return [{ path, from: from['name'], to: to['name'] }]
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((key) => key !== 'explicit')
  return keys.flatMap((key) => differences(from[key], to[key], [...path, key]))
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    (!Array.isArray(value) || value.some((entry) => typeof entry === 'object'))
  )
}

function sameText(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

const roles: Readonly<Record<string, string>> = {
  sends: 'producer',
  forwards: 'producer',
  receives: 'consumer',
  asks: 'producer',
}

/**
 * As it is written in a scenario, and given to `--set`: options stand below the kind of their system or store, or the name of their strategy; the
 * settings of what a service sends are those of its `producer`.
 */
function writtenPath(path: Path, scenario: Scenario): string {
  const [part = '', name = '', use = '', place = '', settings = '', , ...option] = path
  const role = roles[use]
  if (part === 'services' && settings === 'settings' && role !== undefined)
    return [part, name, role, ...option].join('.')
  const kind = kindOf(path, scenario)
  const framed = path.map((key, at) => (key === 'settings' && at > 1 ? kind : key))
  const without = framed.filter(
    (key, at) => key !== '' && !isFrame(key, at) && !(part === 'services' && at === 3 && /^\d+$/.test(place)),
  )
  return without.map((key, at) => (part === 'services' && at > 1 ? asWritten(key) : key)).join('.')
}

/** What options are written below: the product, the kind of store, the strategy; empty where they stand by themselves. */
function kindOf([part = '', name = '', ...rest]: Path, { systems, stores, services }: Scenario): string {
  if (part === 'systems') return systems[name]?.kind ?? ''
  if (part === 'stores') return stores[name]?.kind ?? ''
  const service = services.find((one) => one.name === name)
  return rest[0] === 'handling' && rest[1] === 'strategy' ? (service?.handling.strategy.name ?? '') : ''
}

/** `onError` is written `on-error` in a file. Names of options are their products' own and come out as they are. */
function asWritten(key: string): string {
  return /^[a-z]+([A-Z][a-z]+)+$/.test(key) ? key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : key
}

/** What only the resolved scenario has: settings and their values. */
function isFrame(key: string, at: number): boolean {
  return (key === 'settings' || key === 'values') && at > 1
}

/** The option that a path leads to: of a system, of a client of one, of a store or of a strategy. */
function optionAt({ systems, parts }: Run, path: Path): Leaf | undefined {
  const [part = '', name = '', ...rest] = path
  const isStrategy = part === 'services' && rest[0] === 'handling' && rest[1] === 'strategy'
  const described = part === 'stores' ? parts.stores : isStrategy ? parts.strategies : []
  const found = described.find((one) => one.name === name)
  if (found !== undefined) return leafAt(found.options, rest.slice(rest.indexOf('values') + 1))
  if (part === 'systems') return leafAt(systems.find((system) => system.name === name)?.options, rest.slice(2))
  const role = roles[rest[0] ?? '']
  const clients = systems.flatMap((system) => system.clients)
  const client = clients.find((one) => one.service === name && one.role === role)
  return part === 'services' && client !== undefined ? leafAt(client.options, rest.slice(4)) : undefined
}

type Leaf = Exclude<Option, { readonly type: 'map' | 'group' }>

function leafAt(table: Readonly<Record<string, Option>> | undefined, [key = '', ...rest]: Path): Leaf | undefined {
  const option = table?.[key]
  if (option === undefined) return undefined
  if (option.type === 'group') return leafAt(option.of, rest)
  return option.type === 'map' ? leafAt(option.of, rest.slice(1)) : option
}

const durations: ReadonlySet<string> = new Set(['takes', 'after', 'timeout', 'gap', 'bound', 'healAfter', 'every'])

function plainText(path: Path, value: unknown): string {
  if (value === undefined || value === null || value === '') return 'none'
  if (typeof value === 'number' && durations.has(path.at(-1) ?? '')) return value === 0 ? '0' : durationText(value)
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(' and ')
  return typeof value === 'object' ? 'there' : String(value)
}
