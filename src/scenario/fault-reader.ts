import { z } from 'zod'
import type { Anchor, Fault, FaultCut, FaultKind, ParameterSpec, ParameterValue } from '../simulation/fault.ts'
import { withFallbacks } from '../simulation/fault.ts'
import { quoted } from './issue.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent, itemsOf, namesOf } from './reading.ts'
import { plainOf } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'
import {
  choiceSchema,
  countSchema,
  driftSchema,
  durationSchema,
  factorSchema,
  flagSchema,
  listed,
  mapSchema,
  probabilitySchema,
  someSchema,
  textSchema,
} from './value-schema.ts'

/** What a fact of the catalogue looks like; `name` fields are texts. */
type FactShape = Reading['catalogue']['facts'][number]

/** Keys of a fault besides its action and parameters. */
const frameKeys = ['at', 'when', 'cut', 'for']

const faultExpected = 'a fault such as { at: 2s, crash: broker-1, for: 2s }'
const anyFaultSchema = mapSchema(faultExpected, {})
const momentSchema = durationSchema()
const ordinalSchema = countSchema({ minimum: 1 }).nullish()
const factNameSchema = textSchema('the name of a fact')
const targetSchema = textSchema('a target such as broker-1')

const groupSchema = someSchema(targetSchema, 'a target or a list of targets')
const targetsSchema = (expected: string) => z.union([targetSchema, z.array(groupSchema)], { error: expected })
const targetsSchemas = {
  nodes: targetsSchema('a target or a list of targets'),
  pair: targetsSchema('two targets such as [client, broker]'),
  sides: targetsSchema('sides such as [[a, b], [c]]'),
}

const cutSchema = z.union(
  [
    choiceSchema(['before', 'after-state', 'after-step']),
    mapSchema('a map such as { after-sends: 1 }', { 'after-sends': countSchema() }),
  ],
  { error: 'before, after-state, after-step or { after-sends: 1 }' },
)

type FaultSchema = ReturnType<typeof buildFaultSchema>

const faultSchemas = new WeakMap<FaultKind, FaultSchema>()

/** The schema of one kind of fault: its action is a key, its targets the value, its parameters other keys. */
export function faultSchema(kind: FaultKind): FaultSchema {
  const schema = faultSchemas.get(kind) ?? buildFaultSchema(kind)
  faultSchemas.set(kind, schema)
  return schema
}

function buildFaultSchema(kind: FaultKind) {
  const parameters = Object.entries(kind.parameters).map(([name, spec]) => [
    name,
    parameterSchema(name, spec).nullish().meta({ description: spec.summary, default: spec.fallback }),
  ])
  return mapSchema(faultExpected, {
    at: durationSchema().nullish().meta({ description: 'When it strikes, from the start of the run.' }),
    when: z
      .union([z.string(), z.record(z.string(), z.unknown())], {
        error: 'a fact such as { fact: delivered, message: order-7 }',
      })
      .nullish()
      .meta({ description: 'The fact at which it strikes: { fact, at, nth } and values of its fields.' }),
    cut: cutSchema.nullish().meta({ description: 'Where in the step of the fact.', default: 'after-step' }),
    for: durationSchema().nullish().meta({ description: 'How long; without it, until everything is healed.' }),
    [kind.name]: targetsSchemas[kind.takes].meta({ description: kind.summary }),
    ...Object.fromEntries(parameters),
  })
}

export function readFaults(reading: Reading, spot: Spot, isMessage: IsMessage): readonly Fault[] {
  return itemsOf(spot).flatMap((item) => readFault(reading, item, isMessage) ?? [])
}

/** Whether a message of this name can exist; else what may have been meant. */
export type IsMessage = (name: string) => { readonly suggestion: string | undefined } | undefined

function readFault(reading: Reading, spot: Spot, isMessage: IsMessage): Fault | undefined {
  const kind = kindAt(reading, spot)
  if (kind === undefined) return undefined
  const written = reading.read(faultSchema(kind), spot)
  const strikes = readStrikes(reading, spot, isMessage)
  const targets = readTargets(reading, kind, below(spot, kind.name))
  if (written === undefined || strikes === undefined || targets === undefined) return undefined
  const values: Readonly<Record<string, unknown>> = written
  const parameters = Object.keys(kind.parameters).flatMap((name): (readonly [string, ParameterValue])[] => {
    const value = values[name]
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value]] : []
  })
  const lacking = kind.lacks?.(withFallbacks(kind, Object.fromEntries(parameters)))
  if (lacking !== undefined)
    reading.refuse(below(spot, kind.name), `expected ${lacking} beside ${kind.name}, which else changes nothing`)
  const duration = quietly(momentSchema.nullish(), below(spot, 'for')) ?? undefined
  return { action: kind.name, targets, parameters: Object.fromEntries(parameters), strikes, duration }
}

/** The one key of a fault that is the name of a kind. */
function kindAt(reading: Reading, spot: Spot): FaultKind | undefined {
  const { faultKinds } = reading.catalogue
  if (spot.node.kind !== 'map') {
    reading.read(anyFaultSchema, spot)
    return undefined
  }
  const names = namesOf(spot)
  const kinds = faultKinds.filter(({ name }) => names.includes(name))
  const [kind] = kinds
  if (kinds.length === 1) return kind
  const known = faultKinds.map(({ name }) => name)
  const parameters = new Set(faultKinds.flatMap((candidate) => Object.keys(candidate.parameters)))
  const unknown = names.filter((name) => !frameKeys.includes(name) && !parameters.has(name))
  if (kinds.length > 1)
    reading.refuse(
      spot,
      `expected one fault, found ${kinds.map(({ name }) => name).join(' and ')}`,
      'Make them two entries.',
    )
  else if (unknown.length === 0) reading.refuse(spot, 'expected what happens, found nothing', suggestionFor('', known))
  for (const name of kinds.length === 0 ? unknown : [])
    reading.refuseName(spot, name, `there is no fault ${quoted(name)}`, suggestionFor(name, known))
  return undefined
}

function readStrikes(reading: Reading, spot: Spot, isMessage: IsMessage): Fault['strikes'] | undefined {
  const [atSpot, whenSpot, cutSpot] = [below(spot, 'at'), below(spot, 'when'), below(spot, 'cut')]
  if (isAbsent(atSpot) === isAbsent(whenSpot)) {
    reading.refuse(spot, `expected at or when, found ${isAbsent(atSpot) ? 'neither' : 'both'}`)
    return undefined
  }
  if (isAbsent(whenSpot)) {
    if (!isAbsent(cutSpot)) reading.refuseName(spot, 'cut', 'expected cut beside when only, found it beside at')
    const at = quietly(momentSchema, atSpot)
    return at === undefined ? undefined : { at }
  }
  const when = readAnchor(reading, whenSpot, isMessage)
  const cut = quietly(cutSchema.nullish(), cutSpot) ?? 'after-step'
  return when === undefined ? undefined : { when, cut: typeof cut === 'string' ? cut : cutOf(cut['after-sends']) }
}

function cutOf(afterSends: number): FaultCut {
  return { afterSends }
}

/** A fact by identity; the values are those of its fields. */
function readAnchor(reading: Reading, spot: Spot, isMessage: IsMessage): Anchor | undefined {
  const map = spot.node.kind === 'scalar' ? factAlone(spot) : spot
  if (map.node.kind !== 'map') return undefined
  const factSpot = below(map, 'fact')
  const name = reading.read(factNameSchema, factSpot)
  if (name === undefined) return undefined
  const kinds: readonly FactShape[] = [
    ...reading.catalogue.facts,
    ...reading.catalogue.kinds.flatMap(({ facts }) => facts),
  ]
  const fact = kinds.find((kind) => kind.name === name)
  if (fact === undefined) {
    reading.knows(
      factSpot,
      'fact',
      name,
      kinds.map((kind) => kind.name),
    )
    return undefined
  }
  const at = reading.read(targetSchema.nullish(), below(map, 'at'))
  const nth = reading.read(ordinalSchema, below(map, 'nth'))
  const values = readValues(reading, map, fact, isMessage)
  return { fact: name, ...(at === null || at === undefined ? {} : { at }), values, nth: nth ?? 1 }
}

function readValues(reading: Reading, map: Spot, fact: FactShape, isMessage: IsMessage): Anchor['values'] {
  const values = namesOf(map).flatMap((field): (readonly [string, ParameterValue])[] => {
    if (['fact', 'at', 'nth'].includes(field)) return []
    const type = Object.hasOwn(fact.fields, field) ? fact.fields[field] : undefined
    if (type === undefined) {
      const known = ['at', 'nth', ...Object.keys(fact.fields)]
      reading.refuseName(map, field, `the fact ${fact.name} has no field ${quoted(field)}`, suggestionFor(field, known))
      return []
    }
    const value = reading.read(fieldSchemas[type], below(map, field))
    if (field === 'message' && typeof value === 'string') {
      const wrong = isMessage(value)
      if (wrong !== undefined)
        reading.refuse(below(map, field), `there is no message ${quoted(value)}`, wrong.suggestion)
    }
    return value === undefined ? [] : [[field, value]]
  })
  return Object.fromEntries(values)
}

const fieldSchemas: Readonly<Record<FactShape['fields'][string], z.ZodType<ParameterValue>>> = {
  int: countSchema({ minimum: -1 }),
  micros: momentSchema,
  flag: flagSchema(),
  name: textSchema(),
}

function readTargets(reading: Reading, { name, takes }: FaultKind, spot: Spot): Fault['targets'] | undefined {
  const written = quietly(targetsSchemas[takes], spot)
  if (written === undefined) return undefined
  if (takes === 'nodes') {
    const targets = listed(written).flatMap((target) => target)
    if (targets.length > 0) return [targets]
    reading.refuse(spot, `expected a target of ${name}, found an empty list`)
    return undefined
  }
  const groups = (typeof written === 'string' ? [written] : written).map((group) => listed(group))
  const enough = takes === 'pair' ? groups.length === 2 : groups.length >= 2
  // Between the members of one service there are links, but nobody is parted from himself.
  const isOneSide = takes === 'sides' && new Set(groups.map((group) => [...group].sort().join())).size === 1
  if (enough && !isOneSide && groups.every((group) => group.length > 0)) return groups
  const expected =
    takes === 'pair' ? 'two targets such as [client, broker]' : 'two sides or more, such as [[a, b], [c]]'
  const also = groups.some((group) => group.length === 0) ? ', one of them empty' : ''
  reading.refuse(spot, `expected ${expected}, found ${groups.length}${also || (enough ? ', all the same' : '')}`)
  return undefined
}

function parameterSchema(name: string, { type }: ParameterSpec): z.ZodType<ParameterValue> {
  switch (type) {
    case 'duration':
      // An offset is the one duration that has a direction.
      return durationSchema(name === 'offset' ? { minimum: Number.MIN_SAFE_INTEGER } : {})
    case 'factor':
      return factorSchema()
    case 'probability':
      return probabilitySchema()
    case 'count':
      return countSchema()
    case 'rate':
      return driftSchema()
    case 'flag':
      return flagSchema()
    case 'text':
      return textSchema()
  }
}

/** The value of a part whose problems are said elsewhere. */
function quietly<T>(schema: z.ZodType<T>, spot: Spot): T | undefined {
  const result = schema.safeParse(isAbsent(spot) ? undefined : plainOf(spot.node))
  return result.success ? result.data : undefined
}

function factAlone({ node, path }: Spot): Spot {
  return { path, node: { kind: 'map', place: node.place, entries: new Map([['fact', { key: node.place, node }]]) } }
}
