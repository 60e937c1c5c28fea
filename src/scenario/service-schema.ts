import { z } from 'zod'
import {
  choiceSchema,
  countSchema,
  durationSchema,
  flagSchema,
  mapSchema,
  positiveRateSchema,
  probabilitySchema,
  sizeSchema,
  someSchema,
  textSchema,
} from './value-schema.ts'

/*
 * The shape of a service, as written. Addresses, names and options of products are looked at afterwards, when it is known which system is meant.
 */

/** How a service is written by those who write nothing more than the address. */
export const addressExpected = 'an address such as events/orders'

const addressSchema = textSchema(addressExpected).meta({
  description: 'A system of the scenario, and an address in it.',
})

/** Options of a product: checked against its table once the product is known. */
const optionsSchema = z.record(z.string(), z.unknown(), { error: 'a map of options' })

const arrivalSchema = mapSchema('an arrival such as { poisson: 100/s } or { burst: 50, every: 1s }', {
  constant: positiveRateSchema().nullish().meta({ description: 'At equal distances.' }),
  poisson: positiveRateSchema().nullish().meta({ description: 'Independent of each other, so many on average.' }),
  burst: countSchema({ minimum: 1 }).nullish().meta({ description: 'So many at once.' }),
  every: durationSchema({ minimum: 1 }).nullish().meta({ description: 'Between two bursts.' }),
}).meta({ description: 'When messages are sent.' })

const keysSchema = z.union(
  [
    countSchema({ minimum: 1 }),
    mapSchema('how many keys, or { count: 10, choice: zipf }', {
      count: countSchema({ minimum: 1 }),
      choice: choiceSchema(['in-turn', 'uniform', 'zipf'])
        .nullish()
        .meta({ description: 'In turn, evenly at random, or by the law of Zipf.', default: 'in-turn' }),
    }),
  ],
  { error: 'how many keys, or { count: 10, choice: zipf }' },
)

const tracedMessageSchema = mapSchema('a message such as { time: 5ms, key: a }', {
  time: durationSchema(),
  key: textSchema().nullish(),
  size: sizeSchema({ minimum: 1 }).nullish(),
  type: textSchema().nullish(),
  operation: textSchema().nullish(),
  body: z.unknown().optional(),
})

/** What is sent, whoever sends it: services that send and services that ask. */
const workloadShape = {
  name: textSchema('a name').nullish().meta({ description: 'Messages are named after it: order-0, order-1.' }),
  messages: countSchema({ minimum: 1, maximum: 10_000_000 }).nullish().meta({ description: 'How many.', default: 100 }),
  rate: positiveRateSchema().nullish().meta({ description: 'At equal distances.', default: '100/s' }),
  arrival: arrivalSchema.nullish(),
  keys: keysSchema.nullish().meta({ description: 'How many keys, and how they are drawn.', default: 10 }),
  size: sizeSchema({ minimum: 1 }).nullish().meta({ description: 'Of a message.', default: 256 }),
  type: textSchema().nullish().meta({ description: 'What kind of message; the name by default.' }),
  trace: z
    .union([textSchema(), z.array(tracedMessageSchema)], { error: 'the name of a trace file, or a list of messages' })
    .nullish()
    .meta({
      description: 'A CSV or JSON lines file with time, key, size, type, operation and body; instead of the above.',
    }),
}

const addressedShape = { producer: optionsSchema.nullish() }

const duplicatesSchema = mapSchema('a probability, or a map such as { messages: order-7 }', {
  messages: someSchema(textSchema(), 'messages').nullish().meta({ description: 'Which ones; any by default.' }),
  probability: probabilitySchema().nullish().meta({ description: 'Of being sent twice.', default: 1 }),
  after: durationSchema().nullish().meta({ description: 'From the answer to the first one.', default: '0s' }),
  id: choiceSchema(['new', 'same'])
    .nullish()
    .meta({ description: 'A new message about the same operation, or the same message again.', default: 'new' }),
})

export const sendsSchema = mapSchema('an address, or a map with to and what is sent', {
  to: addressSchema,
  ...workloadShape,
  after: durationSchema().nullish().meta({ description: 'From the start of the run to the first one.', default: '0s' }),
  types: z
    .record(z.string(), textSchema(), { error: 'a map from messages to types' })
    .nullish()
    .meta({ description: 'Types of single messages: { order-7: refund }.' }),
  'in-flight': countSchema({ minimum: 1 })
    .nullish()
    .meta({ description: 'Sends that may be unanswered at a time.', default: 100 }),
  duplicates: z
    .union([probabilitySchema(), duplicatesSchema], { error: 'a probability, or a map such as { messages: order-7 }' })
    .nullish()
    .meta({ description: 'What is sent twice, whatever the answer was.' }),
  'on-failure': choiceSchema(['give-up', 'send-again', 'send-as-new'])
    .nullish()
    .meta({ description: 'What follows an answer other than success.', default: 'give-up' }),
  'after-restart': choiceSchema(['continue', 'unanswered', 'replay'])
    .nullish()
    .meta({ description: 'Where a sender goes on that starts again after a crash.', default: 'continue' }),
  ...addressedShape,
})

export const receivesSchema = mapSchema('an address, or a map with from', {
  from: addressSchema,
  group: textSchema('a name').nullish().meta({ description: 'The name of the service by default.' }),
  after: durationSchema().nullish().meta({ description: 'From the start of the run.', default: '0s' }),
  limit: countSchema({ minimum: 1 }).nullish().meta({ description: 'Deliveries asked for at a time.', default: 1 }),
  consumer: optionsSchema.nullish(),
})

export const forwardsSchema = mapSchema('an address, or a map with to', {
  to: addressSchema,
  name: textSchema('a name').nullish().meta({ description: 'The n-th output is parent/name#n.', default: 'output' }),
  count: countSchema({ minimum: 1 }).nullish().meta({ description: 'Outputs for each message.', default: 1 }),
  ...addressedShape,
})

export const asksSchema = mapSchema('a map with requests and replies', {
  requests: addressSchema,
  replies: addressSchema,
  ...workloadShape,
  timeout: durationSchema({ minimum: 1 }).nullish().meta({ description: 'Waits so long for a reply.', default: '5s' }),
  registers: choiceSchema(['before-send', 'after-send'])
    .nullish()
    .meta({ description: 'When it begins to wait.', default: 'before-send' }),
  gap: durationSchema()
    .nullish()
    .meta({ description: 'Between sending and waiting, where it waits after.', default: '1ms' }),
  'on-timeout': choiceSchema(['give-up', 'ask-again'])
    .nullish()
    .meta({ description: 'What follows when no reply came in time.', default: 'give-up' }),
  correlation: choiceSchema(['checked', 'unchecked'])
    .nullish()
    .meta({ description: 'Whether it looks which request a reply is for.', default: 'checked' }),
  'in-flight': countSchema({ minimum: 1 })
    .nullish()
    .meta({ description: 'Requests that may wait at a time.', default: 1000 }),
  ...addressedShape,
  consumer: optionsSchema.nullish(),
})

const failureSchema = mapSchema('a map such as { messages: order-7, attempts: always }', {
  messages: someSchema(textSchema(), 'messages').nullish().meta({ description: 'Which ones; any by default.' }),
  probability: probabilitySchema().nullish().meta({ description: 'Of failing at all.', default: 1 }),
  attempts: z
    .union([z.literal('always'), countSchema({ minimum: 1 })], { error: 'a whole number, or always' })
    .nullish()
    .meta({ description: 'How many attempts fail before one succeeds.', default: 'always' }),
})

export const handlingSchema = mapSchema('a map that says how messages are handled', {
  takes: durationSchema().nullish().meta({ description: 'Work for each message.', default: '1ms' }),
  varies: probabilitySchema().nullish().meta({ description: 'Share by which it varies, up and down.', default: 0 }),
  // Read with its options once it is known which one it is.
  strategy: z.unknown().optional(),
  store: textSchema('the name of a store')
    .nullish()
    .meta({ description: 'Where effects go; into the service itself by default.' }),
  effect: textSchema('a name, or none')
    .nullish()
    .meta({ description: 'What the effect is called; the service by default. `none`: no effect that counts.' }),
  concurrency: countSchema({ minimum: 1 })
    .nullish()
    .meta({ description: 'Messages at a time in a member.', default: 1 }),
  acknowledge: choiceSchema(['before', 'after', 'never']).nullish().meta({
    description: 'When the consumer tells that it is done: before its work, after it, or never.',
    default: 'after',
  }),
  fails: failureSchema.nullish().meta({ description: 'Errors of the handler itself.' }),
  'on-error': choiceSchema(['requeue', 'discard', 'swallow', 'crash']).nullish().meta({
    description:
      'What becomes of a message whose handling failed: back into the line, out of it, acknowledged all the same, or the process dies of it.',
    default: 'requeue',
  }),
  interleave: mapSchema('a map with order', {
    order: z.array(countSchema({ minimum: 1 }), { error: 'a list of numbers of members' }),
    freely: someSchema(textSchema('the name of an operation'), 'names of operations')
      .nullish()
      .meta({ description: 'Operations that take no turn, such as work.' }),
    from: durationSchema().nullish().meta({ description: 'When the first turn is.', default: '1s' }),
    every: durationSchema().nullish().meta({ description: 'From one turn to the next.', default: '20ms' }),
  })
    .nullish()
    .meta({ description: 'One interleaving: whose member takes its next operation, turn by turn.' }),
  knows: someSchema(textSchema(), 'types').nullish().meta({ description: 'Types that it knows; all by default.' }),
  'on-unknown': choiceSchema(['acknowledge', 'discard', 'requeue'])
    .nullish()
    .meta({ description: 'What becomes of a message whose type it does not know.', default: 'acknowledge' }),
})

const orAddress = <S extends z.ZodType>(schema: S, expected: string) =>
  z.union([z.string(), schema], { error: expected })

/** A service: what is read of it at once. Its parts are read one by one, so that one mistake hides no other. */
export const serviceShape = {
  members: countSchema({ minimum: 1, maximum: 10_000 })
    .nullish()
    .meta({ description: 'How many nodes run it.', default: 1 }),
  zones: someSchema(textSchema('a zone'), 'a zone or a list of zones')
    .nullish()
    .meta({ description: 'Of the members, in turn.' }),
  sends: someSchema(orAddress(sendsSchema, 'an address or a map'), 'an address, a map, or a list of them').nullish(),
  receives: someSchema(
    orAddress(receivesSchema, 'an address or a map'),
    'an address, a map, or a list of them',
  ).nullish(),
  forwards: someSchema(
    orAddress(forwardsSchema, 'an address or a map'),
    'an address, a map, or a list of them',
  ).nullish(),
  asks: someSchema(asksSchema, 'a map, or a list of them').nullish(),
  handling: handlingSchema.nullish(),
  replies: flagSchema()
    .nullish()
    .meta({ description: 'Answers requests that carry a return address.', default: false }),
  producer: optionsSchema.nullish().meta({ description: 'Options of the product for all that it sends.' }),
  consumer: optionsSchema.nullish().meta({ description: 'Options of the product for all that it receives.' }),
}
