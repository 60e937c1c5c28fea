import { z } from 'zod'
import type { OptionTable } from '../systems/option.ts'
import type { Catalogue, StrategyChoice } from './catalogue.ts'
import { thresholdSchema, verdictSchema } from './expectation-reader.ts'
import { faultSchema } from './fault-reader.ts'
import { networkSchema } from './network-reader.ts'
import { noFaults } from './variant.ts'
import {
  asksSchema,
  forwardsSchema,
  handlingSchema,
  receivesSchema,
  sendsSchema,
  serviceShape,
} from './service-schema.ts'
import type { ConfigurationFile } from '../systems/configuration-file.ts'
import type { SystemKind } from '../systems/system.ts'
import { configurationFileSchema } from './configuration-files.ts'
import { tableSchema } from './settings.ts'
import { choiceSchema, durationSchema, mapSchema, namedSchema, someSchema, textSchema } from './value-schema.ts'
import { sharedSchemas } from './shared-schemas.ts'

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
    profile: choiceSchema(profiles, profiles.length === 0 ? 'a profile, of which there is none yet' : undefined).meta({
      description: 'Which faults are drawn, and how often.',
    }),
    for: durationSchema({ minimum: 1 }).meta({ description: 'How long they go on.' }),
  })

export const otherwiseSchema = choiceSchema(['anything', 'not-violated'])

/** What is said of a scenario rather than of what it simulates. */
export const frontShape = {
  title: textSchema().nullish().meta({ description: 'One line that says what this shows.' }),
  question: textSchema().nullish().meta({ description: 'What a reader is to find out with it.' }),
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

/** The JSON Schema of a scenario for editors: what stands in several places is written once. */
export function editorSchema(catalogue: Catalogue): object {
  return sharedSchemas({ ...scenarioSchema(catalogue) })
}

/** The JSON Schema of a scenario, with the options of every product, and without references. */
export function scenarioSchema(catalogue: Catalogue): object {
  const known = schemas.get(catalogue)
  if (known !== undefined) return known
  const whole = mapSchema('a scenario', documentShape(catalogue))
  // Without references at first: a variant is the same schema with nothing required, at any depth.
  const document = z.toJSONSchema(whole, {
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    // The defaults of values that are transformed are left out otherwise; here they are as they would be written.
    override: ({ zodSchema, jsonSchema }) => {
      const fallback = z.globalRegistry.get(zodSchema)?.['default']
      if (isWritable(fallback)) jsonSchema.default = fallback
    },
  })
  const { $schema, ...variant } = document
  const variants = {
    type: ['object', 'null'],
    additionalProperties: { anyOf: [withoutRequired(variant), { type: 'null' }] },
    description: `Changes under a name: maps are merged, everything else is replaced, null takes away. ${noFaults} is always there.`,
  }
  const schema = {
    $schema,
    title: 'A scenario of Onceproof',
    ...document,
    properties: { ...document.properties, variants },
  }
  schemas.set(catalogue, schema)
  return schema
}

function isWritable(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function withoutRequired(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutRequired)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).filter(([key, value]) => key !== 'required' || !Array.isArray(value))
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutRequired(value)]))
}

function documentShape(catalogue: Catalogue): Readonly<Record<string, z.ZodType>> {
  const { kinds, stores, guarantees, faultKinds, nemeses } = catalogue
  const systems = Object.fromEntries(
    kinds.map((kind) => [kind.name, productSchema(kind).meta({ description: kind.title })]),
  )
  const storeChoices = Object.fromEntries(stores.map(({ name, options }) => [name, tableSchema(options)]))
  const expectations = guarantees.flatMap((name) => [name, `${name}/delivery`, `${name}/effect`])
  const verdicts = Object.fromEntries(expectations.map((name) => [name, verdictSchema.nullish()]))
  const thresholds = someSchema(thresholdSchema, 'a threshold or a list of them')
  return {
    ...frontShape,
    systems: namedSchema('systems', chosen(systems)).nullish().meta({ description: 'Systems by name.' }),
    stores: namedSchema('stores', chosen(storeChoices)).nullish().meta({ description: 'Stores by name.' }),
    services: namedSchema('services', serviceSchema(catalogue)).nullish().meta({ description: 'Services by name.' }),
    network: networkSchema.nullish().meta({ description: 'How long packets take, and what becomes of them.' }),
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

/** A service with the options of every product where those of one are to stand. */
function serviceSchema({ kinds, strategies }: Catalogue): z.ZodType {
  const options = {
    producer: anyOf(kinds.map(({ producerOptions, files }) => withFile(producerOptions, files?.producer))),
    consumer: anyOf(kinds.map(({ consumerOptions, files }) => withFile(consumerOptions, files?.consumer))),
  }
  const { producer, consumer } = options
  return z.strictObject({
    ...serviceShape,
    sends: partSchema(sendsSchema.extend({ producer }), 'What it sends of itself, and to where.'),
    receives: partSchema(receivesSchema.extend({ consumer }), 'Where it gets its messages from.'),
    forwards: partSchema(
      forwardsSchema.extend({ producer }),
      'What it sends for each message that it handles, and to where.',
    ),
    asks: someSchema(asksSchema.extend(options), 'asks')
      .nullish()
      .meta({ description: 'Requests whose replies it waits for.' }),
    handling: handlingSchema
      .extend({ strategy: strategySchema(strategies) })
      .nullish()
      .meta({ description: 'What it does with each message.' }),
    producer: producer.meta({ description: 'Options of the product for all that it sends.' }),
    consumer: consumer.meta({ description: 'Options of the product for all that it receives.' }),
  })
}

function partSchema(schema: z.ZodType, description: string): z.ZodType {
  return someSchema(z.union([z.string(), schema]), 'a part or a list of them')
    .nullish()
    .meta({ description })
}

function strategySchema(strategies: readonly StrategyChoice[]): z.ZodType {
  const choices = strategies.map(({ name, summary, options }) => [
    name,
    tableSchema(options).meta({ description: summary }),
  ])
  const description = 'The strategy of idempotency.'
  return chosen(Object.fromEntries(choices)).nullish().meta({ description, default: 'none' })
}

function anyOf(tables: readonly z.ZodType[]): z.ZodType {
  return z.union(tables).nullish()
}

/** Options, and the key of the configuration file that may stand for them. */
function withFile(options: OptionTable, file: ConfigurationFile | undefined): z.ZodType {
  const table = tableSchema(options)
  return file !== undefined && table instanceof z.ZodObject
    ? table.extend({ [file.key]: configurationFileSchema(file) })
    : table
}

/** A product with its version beside its options. */
function productSchema({ options, versions, files }: SystemKind): z.ZodType {
  const table = withFile(options, files?.system)
  if (Object.hasOwn(options, 'version')) return table
  const version = choiceSchema(versions)
    .nullish()
    .meta({ description: 'The version of the product.', default: versions.at(-1) })
  return table instanceof z.ZodObject ? table.extend({ version }) : table
}

/** One of several, as the only key of a map, or its name alone. */
function chosen(choices: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const maps = Object.entries(choices).map(([name, schema]) => z.strictObject({ [name]: schema.nullish() }))
  return z.union([z.enum(Object.keys(choices)), ...maps])
}
