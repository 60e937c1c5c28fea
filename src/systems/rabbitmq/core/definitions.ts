import * as z from 'zod'
import type { Command } from './command.ts'
import type { FieldTable, FieldValue } from './field-table.ts'
import type { Policy } from './policy.ts'
import { policyFault, policyKeys } from './policy.ts'
import { knownArguments, queueArgumentsFault } from './queue-options.ts'

/** What a `definitions.json` comes to. Users, password hashes and permissions are not read at all. */
export interface Definitions {
  /** The server that wrote the file, if it says so. */
  readonly serverVersion: string | undefined
  /** What a channel has to do to make it so; the policies first. */
  readonly commands: readonly Command[]
  /** What was read, as "queue orders". */
  readonly read: readonly string[]
  /** What is in the file and means nothing to the model, with the reason. */
  readonly withoutMeaning: readonly string[]
  /** What the file refers to and does not contain. */
  readonly missing: readonly string[]
}

/**
 * Reads the export of the management plugin as it is. `virtualHost` says which of several is meant; entries of others are listed as without
 * meaning. The commands are for this channel. A text instead of a result says why the file cannot be read.
 */
export function readDefinitions(json: unknown, channel: number, virtualHost = '/'): Definitions | string {
  const file = fileSchema.safeParse(json)
  if (!file.success) return file.error.issues.map(issueText).join('; ')
  const reading = new Reading(channel, virtualHost)
  for (const policy of file.data.policies) reading.policy(policy)
  for (const exchange of file.data.exchanges) reading.exchange(exchange)
  for (const queue of file.data.queues) reading.queue(queue)
  for (const binding of file.data.bindings) reading.binding(binding)
  reading.rest(file.data)
  return { serverVersion: file.data.rabbitmq_version ?? file.data.product_version, ...reading.result() }
}

/** `queues: expected array, received number`. */
function issueText({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? 'the file' : path.join('.')}: ${message.replace(/^Invalid input: /, '')}`
}

const fieldValue: z.ZodType<FieldValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(fieldValue), z.record(z.string(), fieldValue)]),
)
// The management plugin writes an empty table as an empty list.
const fieldTable: z.ZodType<FieldTable> = z
  .union([z.record(z.string(), fieldValue), z.array(z.never())])
  .transform((value): FieldTable => (Array.isArray(value) ? {} : value))

const entry = { vhost: z.string().optional() }

const exchangeSchema = z.looseObject({
  ...entry,
  name: z.string(),
  type: z.string(),
  durable: z.boolean().default(true),
  auto_delete: z.boolean().default(false),
  internal: z.boolean().default(false),
  arguments: fieldTable.default({}),
})
const queueSchema = z.looseObject({
  ...entry,
  name: z.string(),
  type: z.string().optional(),
  durable: z.boolean().default(true),
  auto_delete: z.boolean().default(false),
  arguments: fieldTable.default({}),
})
const bindingSchema = z.looseObject({
  ...entry,
  source: z.string(),
  destination: z.string(),
  destination_type: z.enum(['queue', 'exchange']),
  routing_key: z.string().default(''),
  arguments: fieldTable.default({}),
})
const policySchema = z.looseObject({
  ...entry,
  name: z.string(),
  pattern: z.string(),
  'apply-to': z.enum(['all', 'queues', 'classic_queues', 'quorum_queues', 'streams', 'exchanges']).default('all'),
  priority: z.int().default(0),
  definition: fieldTable,
})
const fileSchema = z.looseObject({
  rabbitmq_version: z.string().optional(),
  product_version: z.string().optional(),
  exchanges: z.array(exchangeSchema).default([]),
  queues: z.array(queueSchema).default([]),
  bindings: z.array(bindingSchema).default([]),
  policies: z.array(policySchema).default([]),
})

/** Parts that say nothing about messages, and those that are secret. */
const silentParts = [
  'rabbit_version',
  'rabbitmq_version',
  'product_name',
  'product_version',
  'rabbitmq_definition_format',
  'explanation',
]
const secretParts = ['users', 'permissions', 'topic_permissions']
const readParts = ['exchanges', 'queues', 'bindings', 'policies']

class Reading {
  readonly #channel: number
  readonly #virtualHost: string
  readonly #commands: Command[] = []
  readonly #read: string[] = []
  readonly #withoutMeaning: string[] = []
  readonly #missing = new Set<string>()
  readonly #known = new Set<string>(['exchange '])

  constructor(channel: number, virtualHost: string) {
    this.#channel = channel
    this.#virtualHost = virtualHost
  }

  policy(found: z.infer<typeof policySchema>): void {
    const what = `policy ${found.name}`
    if (this.#isElsewhere(what, found.vhost)) return
    const known = Object.entries(found.definition).filter(([key]) => policyKeys.some((name) => name === key))
    const unknown = Object.keys(found.definition).filter((key) => !policyKeys.some((name) => name === key))
    for (const key of unknown) this.#withoutMeaning.push(`${what}: ${key} is not part of the model`)
    const { name, pattern, priority } = found
    const policy: Policy = {
      name,
      pattern,
      applyTo: found['apply-to'],
      priority,
      definition: Object.fromEntries(known),
    }
    const fault = policyFault(policy)
    if (fault !== undefined) this.#withoutMeaning.push(`${what}: ${fault}`)
    else this.#accept(what, { kind: 'set-policy', policy })
    this.#expectExchange(found.definition['dead-letter-exchange'], what)
    this.#expectExchange(found.definition['alternate-exchange'], what)
  }

  exchange(found: z.infer<typeof exchangeSchema>): void {
    const what = `exchange ${found.name}`
    if (this.#isElsewhere(what, found.vhost)) return
    if (!['direct', 'fanout', 'topic', 'headers'].includes(found.type)) {
      this.#withoutMeaning.push(`${what}: the type ${found.type} is not part of the model`)
      return
    }
    const { name, type, durable, auto_delete: autoDelete, internal } = found
    const declaration = { name, type, durable, autoDelete, internal, arguments: found.arguments }
    this.#accept(what, { kind: 'declare-exchange', channel: this.#channel, ...declaration })
    this.#expectExchange(found.arguments['alternate-exchange'], what)
  }

  queue(found: z.infer<typeof queueSchema>): void {
    const what = `queue ${found.name}`
    if (this.#isElsewhere(what, found.vhost)) return
    const type = found.arguments['x-queue-type'] ?? found.type ?? 'classic'
    const fault =
      type === 'classic' ? queueArgumentsFault(found.arguments) : `the type ${String(type)} is not part of this core`
    if (fault !== undefined) {
      this.#withoutMeaning.push(`${what}: ${fault}`)
      return
    }
    for (const name of Object.keys(found.arguments)) {
      if (!knownArguments.includes(name))
        this.#withoutMeaning.push(`${what}: the server does not know the argument ${name}`)
    }
    const { name, durable, auto_delete: autoDelete } = found
    this.#accept(what, {
      kind: 'declare-queue',
      channel: this.#channel,
      name,
      durable,
      autoDelete,
      arguments: found.arguments,
    })
    this.#expectExchange(found.arguments['x-dead-letter-exchange'], what)
  }

  binding(found: z.infer<typeof bindingSchema>): void {
    const { source, destination, destination_type: kind, routing_key: key } = found
    const what = `binding from ${source} to ${kind} ${destination} by '${key}'`
    if (this.#isElsewhere(what, found.vhost)) return
    const missing = [`exchange ${source}`, `${kind} ${destination}`].filter((end) => !this.#isKnown(end))
    for (const end of missing) this.#missing.add(`${end}, which a binding refers to`)
    if (missing.length > 0) return
    const fields = { source, destination: { kind, name: destination }, key, arguments: found.arguments }
    this.#accept(what, { kind: 'bind', channel: this.#channel, ...fields })
  }

  /** The parts of the file that nobody asked for. */
  rest(file: Readonly<Record<string, unknown>>): void {
    for (const [part, content] of Object.entries(file)) {
      if (silentParts.includes(part) || readParts.includes(part)) continue
      const count = Array.isArray(content) ? ` (${content.length})` : ''
      const reason = secretParts.includes(part) ? 'dropped: the model has no users' : 'not part of the model'
      if (!Array.isArray(content) || content.length > 0) this.#withoutMeaning.push(`${part}${count}: ${reason}`)
    }
  }

  result(): Omit<Definitions, 'serverVersion'> {
    const missing = [...this.#missing].filter((what) => !this.#isKnown(what.split(',')[0] ?? ''))
    return { commands: this.#commands, read: this.#read, withoutMeaning: this.#withoutMeaning, missing }
  }

  #accept(what: string, command: Command): void {
    this.#commands.push(command)
    this.#read.push(what)
    this.#known.add(what)
  }

  #isKnown(what: string): boolean {
    return this.#known.has(what) || what.startsWith('exchange amq.')
  }

  #expectExchange(name: FieldValue | undefined, by: string): void {
    if (typeof name === 'string') this.#missing.add(`exchange ${name}, which ${by} names`)
  }

  #isElsewhere(what: string, virtualHost: string | undefined): boolean {
    if (virtualHost === undefined || virtualHost === this.#virtualHost) return false
    this.#withoutMeaning.push(`${what}: it is in the virtual host ${virtualHost}`)
    return true
  }
}
