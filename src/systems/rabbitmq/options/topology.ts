import type { OptionValues, Settings } from '../../option.ts'
import { valuesOf } from '../../option.ts'
import { Broker } from '../core/broker.ts'
import type { Command } from '../core/command.ts'
import type { FieldTable, FieldValue } from '../core/field-table.ts'
import type { DeprecatedFeature, Version } from '../core/profile.ts'
import { policyFault } from '../core/policy.ts'
import type { QueueOptions } from '../core/queue-options.ts'
import { route } from '../core/route.ts'
import type { VirtualHost } from '../core/virtual-host.ts'
import { administratorChannel } from '../server/planned-topology.ts'
import { brokerTable, permitsIn } from './broker-table.ts'
import { fieldTableOf } from './field-pairs.ts'

/** What the settings of a system declare, tried out on a broker of its own. */
export interface Topology {
  /** What exists from the start, as the administrator declares it: policies, exchanges, queues, bindings. */
  readonly definitions: readonly Command[]
  /** What the broker would refuse, and where in the settings it stands. */
  readonly faults: readonly { readonly path: readonly string[]; readonly message: string }[]
  readonly queues: readonly string[]
  readonly exchanges: readonly string[]
  /** What a consumer that declares its queue says: the queue, and the bindings that end there. */
  declarationsOf(queue: string): readonly Command[]
  isExclusive(queue: string): boolean
  /** Whether it outlives its broker's process, its consumers and their connections, and no administrator deletes it. */
  isLasting(queue: string): boolean
  isInternal(exchange: string): boolean
  optionsOf(queue: string): QueueOptions | undefined
  /** The queues that a message goes to which is published so, in the order of their names. */
  route(exchange: string, routingKeys: readonly string[], headers?: FieldTable): readonly string[]
}

interface Definition {
  readonly path: readonly string[]
  readonly command: Command
  /** The exclusive queue that only its consumer can declare. */
  readonly ownedQueue?: string
}

const channel = administratorChannel
const microsPerMilli = 1000

export function topologyOf(settings: Settings, version: Version): Topology {
  const definitions = definitionsOf(settings)
  const values = valuesOf(brokerTable, settings)
  const { virtualHost, faults } = tried(definitions, version, permitsIn(values))
  const { queues } = values
  return {
    definitions: definitions.filter(({ ownedQueue }) => ownedQueue === undefined).map(({ command }) => command),
    faults,
    queues: Object.keys(queues),
    exchanges: [...virtualHost.exchanges].map(({ declaration }) => declaration.name).filter((name) => name !== ''),
    declarationsOf: (queue) => definitions.map(({ command }) => command).filter((command) => declares(command, queue)),
    isExclusive: (queue) => queues[queue]?.exclusive ?? false,
    isInternal: (exchange) => virtualHost.exchange(exchange)?.declaration.internal ?? false,
    isLasting: (queue) => isLasting(queues[queue]),
    optionsOf: (queue) => virtualHost.queue(queue)?.options,
    route: (exchange, keys, headers = {}) =>
      route(virtualHost, exchange, keys, headers).queues.filter((name) => virtualHost.queue(name) !== undefined),
  }
}

type PlannedQueue = OptionValues<typeof brokerTable>['queues'][string]

function isLasting(queue: PlannedQueue | undefined): boolean {
  return (
    queue !== undefined && queue.durable && !queue.exclusive && !queue.auto_delete && queue['recreated-at'] === null
  )
}

function declares(command: Command, queue: string): boolean {
  if (command.kind === 'declare-queue') return command.name === queue
  return command.kind === 'bind' && command.destination.kind === 'queue' && command.destination.name === queue
}

/** Lets a broker have it all, one after the other; for this, exclusive queues are like others. */
function tried(definitions: readonly Definition[], version: Version, permits: readonly DeprecatedFeature[]): Tried {
  const broker = new Broker({ version, confirms: 'at-once', permits })
  const faults = definitions.flatMap(({ path, command }) => {
    const wrong = command.kind === 'set-policy' ? policyFault(command.policy) : undefined
    if (wrong !== undefined) return [{ path, message: `the broker refuses it: ${wrong}` }]
    broker.execute({ kind: 'open-channel', channel, connection: 'definitions' }, 0)
    return broker.execute(command, 0).flatMap((output) => {
      const isFault = output.kind === 'channel-closed' || output.kind === 'connection-closed'
      return isFault ? [{ path, message: `the broker refuses it: ${output.text}` }] : []
    })
  })
  return { virtualHost: broker.virtualHost, faults }
}

interface Tried {
  readonly virtualHost: VirtualHost
  readonly faults: Topology['faults']
}

/** In the order in which they can be made: a binding needs both of its ends. */
function definitionsOf(settings: Settings): readonly Definition[] {
  const { queues, exchanges, bindings, policies } = valuesOf(brokerTable, settings)
  const isSet = (path: string): boolean => settings.explicit.includes(path)
  const isOwned = (name: string): boolean => queues[name]?.exclusive === true
  return [
    ...Object.entries(policies).map(([name, policy]): Definition => {
      const { pattern, priority } = policy
      const definition = given(policy.definition, (option) => isSet(`policies.${name}.definition.${option}`))
      const command = { name, pattern, applyTo: policy['apply-to'], priority, definition }
      return { path: ['policies', name], command: { kind: 'set-policy', policy: command } }
    }),
    ...Object.entries(exchanges).map(([name, exchange]): Definition => {
      const { type, durable, auto_delete: autoDelete, internal } = exchange
      const fields = { name, type, durable, autoDelete, internal, arguments: alternate(exchange['alternate-exchange']) }
      return { path: ['exchanges', name], command: { kind: 'declare-exchange', channel, ...fields } }
    }),
    ...Object.entries(queues).map(([name, queue]): Definition => {
      const { durable, auto_delete: autoDelete, exclusive } = queue
      const declared = given(queue, (option) => option.startsWith('x-') && isSet(`queues.${name}.${option}`))
      const fields = { name, durable, exclusive, autoDelete, arguments: declared }
      const command: Command = { kind: 'declare-queue', channel, ...fields }
      return { path: ['queues', name], command, ...(exclusive ? { ownedQueue: name } : {}) }
    }),
    ...Object.entries(bindings).map(([name, binding]): Definition => {
      const { source, destination_type: kind, routing_key: key } = binding
      const destination = { kind, name: binding.destination ?? name }
      const fields = { source, destination, key, arguments: fieldTableOf(binding.arguments) }
      const owned = kind === 'queue' && isOwned(destination.name) ? { ownedQueue: destination.name } : {}
      return { path: ['bindings', name], command: { kind: 'bind', channel, ...fields }, ...owned }
    }),
  ]
}

function alternate(exchange: string | null): FieldTable {
  return exchange === null ? {} : { 'alternate-exchange': exchange }
}

/** What was set, as the server takes it. */
function given(values: Readonly<Record<string, unknown>>, isGiven: (option: string) => boolean): FieldTable {
  const entries = Object.entries(values).flatMap(([option, value]): (readonly [string, FieldValue])[] =>
    isGiven(option) && isField(value) ? [[option, isTime(option) ? millis(value) : value]] : [],
  )
  return Object.fromEntries(entries)
}

function isField(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isTime(option: string): boolean {
  return ['message-ttl', 'expires', 'consumer-timeout'].some((name) => option.endsWith(name))
}

function millis(value: string | number | boolean): FieldValue {
  return typeof value === 'number' ? Math.ceil(value / microsPerMilli) : value
}
