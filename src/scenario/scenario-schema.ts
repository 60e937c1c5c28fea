import { z } from 'zod'
import type { OptionTable } from '../systems/option.ts'
import type { Catalogue } from './catalogue.ts'
import { thresholdExpected, verdictSchema } from './expectation-reader.ts'
import { faultSchema } from './fault-reader.ts'
import { networkSchema } from './network-reader.ts'
import { noFaults } from './variant.ts'
import { serviceShape } from './service-schema.ts'
import { tableSchema } from './settings.ts'
import { choiceSchema, durationSchema, mapSchema, namedSchema, someSchema, textSchema } from './value-schema.ts'

export const predictSchema = mapSchema('a map with ask, choices, usual and answer', {
  ask: textSchema().meta({ description: 'The question whose answer is to be chosen.' }),
  choices: z.array(textSchema(), { error: 'a list of answers' }),
  usual: textSchema('one of the choices').nullish().meta({ description: 'What most people choose.' }),
  answer: textSchema('one of the choices').meta({ description: 'What happens.' }),
})

export const settleSchema = mapSchema('a map with heal-after, heal and bound', {
  'heal-after': durationSchema()
    .nullish()
    .meta({ description: 'Between the last fault and the healing of what has no end of its own.', default: '10s' }),
  heal: z
    .union([z.literal('all'), z.literal('none'), someSchema(textSchema('a target'), 'targets')], {
      error: 'all, none, or targets',
    })
    .nullish()
    .meta({ description: 'What is healed.', default: 'all' }),
  bound: durationSchema({ minimum: 1 })
    .nullish()
    .meta({ description: 'The run stops then, whatever happens; virtual time.', default: '1h' }),
})

export const nemesisSchema = (profiles: readonly string[]) =>
  mapSchema('a map with profile and for', {
    profile: choiceSchema(profiles, profiles.length === 0 ? 'a profile, of which there is none yet' : undefined),
    for: durationSchema({ minimum: 1 }),
  })

export const otherwiseSchema = choiceSchema(['anything', 'not-violated'])

/** What is said of a scenario rather than of what it simulates. */
export const frontShape = {
  title: textSchema().nullish().meta({ description: 'One line that says what this shows.' }),
  question: textSchema().nullish(),
  predict: predictSchema.nullish().meta({ description: 'What a learner is asked before the answer.' }),
  why: textSchema().nullish().meta({ description: 'The answer, in a sentence or two.' }),
  seed: textSchema().nullish().meta({ description: 'All chance comes from it; a text.', default: '1' }),
}

/** The keys of a document. */
export const sections = [
  ...Object.keys(frontShape),
  'systems',
  'stores',
  'services',
  'network',
  'faults',
  'nemesis',
  'settle',
  'expect',
  'otherwise',
  'thresholds',
  'variants',
] as const

const schemas = new WeakMap<Catalogue, object>()

/** The JSON Schema of a scenario, with the options of every product, for editors. */
export function scenarioSchema(catalogue: Catalogue): object {
  const known = schemas.get(catalogue)
  if (known !== undefined) return known
  const document = documentShape(catalogue)
  const variant = mapSchema(
    'a map',
    Object.fromEntries(Object.entries(document).map(([key, schema]) => [key, schema.nullish()])),
  )
  const variants = namedSchema('a map', variant).meta({
    description: `Changes under a name: maps are merged, everything else is replaced, null takes away. ${noFaults} is always there.`,
  })
  const whole = mapSchema('a scenario', { ...document, variants: variants.nullish() })
  const schema = {
    title: 'A scenario of Onceproof',
    ...z.toJSONSchema(whole, { io: 'input', unrepresentable: 'any', reused: 'ref' }),
  }
  schemas.set(catalogue, schema)
  return schema
}

function documentShape(catalogue: Catalogue): Readonly<Record<string, z.ZodType>> {
  const { kinds, stores, guarantees, faultKinds, strategies, nemeses } = catalogue
  const systems = Object.fromEntries(
    kinds.map(({ name, title, options, versions }) => [
      name,
      productSchema(options, versions).meta({ description: title }),
    ]),
  )
  const storeChoices = Object.fromEntries(stores.map(({ name, options }) => [name, tableSchema(options)]))
  const expectations = guarantees.flatMap((name) => [name, `${name}/delivery`, `${name}/effect`])
  const verdicts = Object.fromEntries(expectations.map((name) => [name, verdictSchema.nullish()]))
  const thresholds = someSchema(textSchema(thresholdExpected), thresholdExpected)
  return {
    ...frontShape,
    systems: namedSchema('systems', chosen(systems)).nullish().meta({ description: 'Systems by name.' }),
    stores: namedSchema('stores', chosen(storeChoices)).nullish().meta({ description: 'Stores by name.' }),
    services: namedSchema('services', serviceSchema(catalogue, strategies))
      .nullish()
      .meta({ description: 'Services by name.' }),
    network: networkSchema.nullish(),
    faults: z
      .array(z.union(faultKinds.map(faultSchema)))
      .nullish()
      .meta({ description: 'What goes wrong.' }),
    nemesis: nemesisSchema(nemeses).nullish().meta({ description: 'Faults drawn from a profile.' }),
    settle: settleSchema.nullish().meta({ description: 'How the run ends.' }),
    expect: namedSchema('expectations', mapSchema('guarantees', verdicts))
      .nullish()
      .meta({ description: 'By service, or by chain: shop→billing.' }),
    thresholds: z
      .union([thresholds, namedSchema('thresholds', thresholds)])
      .nullish()
      .meta({ description: 'Bounds on figures.' }),
  }
}

function serviceSchema({ kinds }: Catalogue, strategies: readonly string[]): z.ZodType {
  const handling = z.strictObject({
    ...serviceShape.handling.unwrap().unwrap().shape,
    strategy: choiceSchema(strategies).nullish().meta({ description: 'The strategy of idempotency.', default: 'none' }),
  })
  return z.strictObject({
    ...serviceShape,
    handling: handling.nullish(),
    producer: anyOf(kinds.map(({ producerOptions }) => producerOptions)),
    consumer: anyOf(kinds.map(({ consumerOptions }) => consumerOptions)),
  })
}

function anyOf(tables: readonly OptionTable[]): z.ZodType {
  return z.union(tables.map(tableSchema)).nullish()
}

/** A product with its version beside its options. */
function productSchema(options: OptionTable, versions: readonly string[]): z.ZodType {
  if (Object.hasOwn(options, 'version')) return tableSchema(options)
  const version = choiceSchema(versions)
    .nullish()
    .meta({ description: 'The version of the product.', default: versions.at(-1) })
  const table = tableSchema(options)
  return table instanceof z.ZodObject ? table.extend({ version }) : table
}

/** One of several, as the only key of a map, or its name alone. */
function chosen(choices: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const maps = Object.entries(choices).map(([name, schema]) => z.strictObject({ [name]: schema.nullish() }))
  return z.union([z.enum(Object.keys(choices)), ...maps])
}
