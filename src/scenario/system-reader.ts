import type { Address } from '../application/service.ts'
import type { SystemKind } from '../systems/system.ts'
import type { ConfigurationFiles } from './configuration-files.ts'
import { described, quoted } from './issue.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent, namesOf } from './reading.ts'
import type { StoreUse, SystemUse } from './scenario.ts'
import { addressExpected } from './service-schema.ts'
import { readSettings } from './settings.ts'
import { plainOf, without } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'
import { textSchema } from './value-schema.ts'

/** A system of the document. `use` is nothing where its options are wrong. */
interface KnownSystem {
  readonly kind: SystemKind
  readonly use: SystemUse | undefined
  /** The place of its options. */
  readonly spot: Spot
}

/** The systems of a document by name; nothing for those whose product is not known. */
export type KnownSystems = ReadonlyMap<string, KnownSystem | undefined>

export function readSystems(reading: Reading, spot: Spot, files: ConfigurationFiles): KnownSystems {
  return new Map(readNames(reading, spot).map((name) => [name, readSystem(reading, below(spot, name), files)]))
}

function readSystem(reading: Reading, spot: Spot, files: ConfigurationFiles): KnownSystem | undefined {
  const { kinds, planned } = reading.catalogue
  const chosen = readKind(reading, spot, { what: 'product', known: kinds.map(({ name }) => name), planned })
  const kind = kinds.find(({ name }) => name === chosen?.name)
  if (chosen === undefined || kind === undefined) return undefined
  const { options: written, version: versionSpot } = versioned(kind, chosen.spot)
  const options = { ...written, node: files.resolved(reading, written, kind.files?.system) }
  const settings = readSettings(reading, kind.options, options, (name) => kind.reasonWithoutMeaning?.('system', name))
  const version = readVersion(reading, kind, versionSpot)
  const use = settings === undefined || version === undefined ? undefined : { kind: kind.name, version, settings }
  return { kind, use, spot: options }
}

/** The version is beside the options, unless the product has an option of that name. */
function versioned(kind: SystemKind, spot: Spot): { readonly options: Spot; readonly version: Spot } {
  const taken = Object.hasOwn(kind.options, 'version')
  const version = taken ? below(spot, 'of this product') : below(spot, 'version')
  return { options: taken ? spot : { node: without(spot.node, ['version']), path: spot.path }, version }
}

function readVersion(reading: Reading, kind: SystemKind, spot: Spot): string | undefined {
  if (isAbsent(spot)) return kind.versions.at(-1) ?? ''
  const version = reading.read(versionSchema, spot)
  if (version === undefined) return undefined
  return reading.knows(spot, `version of ${kind.title}`, version, kind.versions) ? version : undefined
}

/** The stores of a document by name; nothing for those that are wrong. */
export function readStores(reading: Reading, spot: Spot): ReadonlyMap<string, StoreUse | undefined> {
  const { stores, plannedStores } = reading.catalogue
  const choice = { what: 'kind of store', known: stores.map(({ name }) => name), planned: plannedStores }
  const read = (name: string): StoreUse | undefined => {
    const chosen = readKind(reading, below(spot, name), choice)
    const kind = stores.find((candidate) => candidate.name === chosen?.name)
    const settings =
      kind === undefined || chosen === undefined ? undefined : readSettings(reading, kind.options, chosen.spot)
    return kind === undefined || settings === undefined ? undefined : { kind: kind.name, settings }
  }
  return new Map(readNames(reading, spot).map((name) => [name, read(name)]))
}

const versionSchema = textSchema('a version')
const addressSchema = textSchema(addressExpected)

/** `events/orders`, or `orders` alone where there is one system. */
export function readAddress(reading: Reading, systems: KnownSystems, spot: Spot): Address | undefined {
  const text = reading.read(addressSchema, spot)
  if (text === undefined) return undefined
  const slash = text.indexOf('/')
  const names = [...systems.keys()]
  const [only] = names
  if (slash < 0 && only !== undefined && names.length === 1 && text !== only && text !== '')
    return { system: only, path: text }
  const [system, path] = slash < 0 ? [text, ''] : [text.slice(0, slash), text.slice(slash + 1)]
  if (!reading.knows(spot, 'system', system, names)) return undefined
  if (path !== '') return { system, path }
  reading.refuse(spot, `expected ${addressExpected}, found ${quoted(text)}`)
  return undefined
}

interface Choice {
  readonly what: string
  readonly known: readonly string[]
  readonly planned: readonly string[]
}

/** What something is: `{ memory: { ... } }`, or `memory` for one with nothing set. */
export function readKind(
  reading: Reading,
  spot: Spot,
  choice: Choice,
): { readonly name: string; readonly spot: Spot } | undefined {
  const { node, path } = spot
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const nothing: Spot = { node: { kind: 'scalar', value: null, place: node.place }, path: [...path, node.value] }
    return isKnown(reading, spot, node.value, choice) ? { name: node.value, spot: nothing } : undefined
  }
  const names = namesOf(spot)
  const [name] = names
  if (name === undefined || names.length > 1) {
    const found = names.length > 1 ? names.join(' and ') : 'none'
    reading.refuse(spot, `expected one ${choice.what}, found ${found}`, suggestionFor('', choice.known))
    return undefined
  }
  return isKnown(reading, spot, name, choice) ? { name, spot: below(spot, name) } : undefined
}

function isKnown(reading: Reading, spot: Spot, name: string, { what, known, planned }: Choice): boolean {
  if (known.includes(name)) return true
  const close = suggestionFor(name, [...known, ...planned])
  const [message, suggestion] = planned.includes(name)
    ? [`the ${what} ${quoted(name)} is planned and not there yet`, `Known: ${known.join(', ')}.`]
    : [`there is no ${what} ${quoted(name)}`, close]
  if (spot.node.kind === 'map') reading.refuseName(spot, name, message, suggestion)
  else reading.refuse(spot, message, suggestion)
  return false
}

/** Characters that mean something where the name is used: in addresses, chains and targets. */
const usableName = /^(?!\d+$)[^\s/()→>,]+$/u

/** The names of a map of named things; those that could not be referred to are refused. */
export function readNames(reading: Reading, spot: Spot): readonly string[] {
  if (!isAbsent(spot) && spot.node.kind !== 'map') {
    reading.refuse(spot, `expected a map from names, found ${described(plainOf(spot.node))}`)
  }
  return namesOf(spot).filter((name) => {
    if (usableName.test(name)) return true
    reading.refuseName(
      spot,
      name,
      `expected a name that is no number and has no spaces, slashes, arrows, commas or brackets, found ${quoted(name)}`,
    )
    return false
  })
}
