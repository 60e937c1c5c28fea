import type { BrokerState } from './broker-state.ts'
import type { Channel } from './channel.ts'
import type { BindingFields, ExchangeFields } from './command.ts'
import type { Binding, Destination, Exchange, ExchangeDeclaration } from './exchange.ts'
import { exchangeTypes } from './exchange.ts'
import type { Fault } from './fault.ts'
import { accessRefused, commandInvalid, notFound, preconditionFailed } from './fault.ts'
import { emptyTable, sameField } from './field-table.ts'
import { headersBindingFault } from './headers-match.ts'
import { exclusiveFault } from './declaring-queues.ts'

/** `exchange.declare`: makes it, or finds that there is the same one already. */
export function declareExchange(state: BrokerState, fields: ExchangeFields): Fault | undefined {
  const declaration = declarationOf(fields)
  if (typeof declaration === 'string') return commandInvalid(declaration)
  if (fields.name === '') return onDefaultExchange()
  const known = state.virtualHost.exchange(fields.name)
  if (known !== undefined) return difference(known, declaration)
  if (fields.name.startsWith('amq.')) return reservedName('exchange', fields.name)
  const alternate = declaration.arguments['alternate-exchange']
  if (alternate !== undefined && typeof alternate !== 'string')
    return preconditionFailed("invalid type for arg 'alternate-exchange'")
  state.virtualHost.addExchange(declaration)
  return undefined
}

/** `exchange.declare` with `passive`: only asks whether it is there. */
export function lookUpExchange(state: BrokerState, name: string): Fault | undefined {
  if (name === '') return onDefaultExchange()
  return state.virtualHost.exchange(name) === undefined ? noExchange(name) : undefined
}

/** `exchange.delete`; no error if there is none. */
export function deleteExchange(state: BrokerState, name: string, ifUnused: boolean): Fault | undefined {
  if (name === '') return onDefaultExchange()
  if (name.startsWith('amq.')) return accessRefused(`deletion of system exchange '${name}' not allowed`)
  const exchange = state.virtualHost.exchange(name)
  if (exchange === undefined) return undefined
  if (ifUnused && exchange.bindings.length > 0) return preconditionFailed(`exchange '${name}' in use`)
  state.exchangesDeleted(state.virtualHost.removeExchange(name))
  return undefined
}

/** `queue.bind` and `exchange.bind`; once more changes nothing. */
export function bind(state: BrokerState, channel: Channel, fields: BindingFields): Fault | undefined {
  const binding = bindingOf(channel, fields)
  if (binding === undefined) return notFound('no previously declared queue')
  const fault = endsFault(state, channel, binding)
  if (fault !== undefined) return fault
  const isHeaders = state.virtualHost.exchange(binding.source)?.declaration.type === 'headers'
  const wrong = isHeaders ? headersBindingFault(binding.arguments) : undefined
  if (wrong !== undefined) return preconditionFailed(wrong)
  state.virtualHost.bind(binding)
  return undefined
}

/** `queue.unbind` and `exchange.unbind`; no error if there is no such binding. */
export function unbind(state: BrokerState, channel: Channel, fields: BindingFields): Fault | undefined {
  const binding = bindingOf(channel, fields)
  if (binding === undefined) return notFound('no previously declared queue')
  if (binding.source === '' || (binding.destination.kind === 'exchange' && binding.destination.name === ''))
    return onDefaultExchange()
  // Where nothing is to be taken away, nobody asks whose queue it is.
  if (!state.virtualHost.isBound(binding)) return undefined
  const fault = endsFault(state, channel, binding)
  if (fault !== undefined) return fault
  state.exchangesDeleted(state.virtualHost.unbind(binding))
  return undefined
}

export function noExchange(name: string): Fault {
  return notFound(`no exchange '${name}' in vhost '/'`)
}

function reservedName(kind: string, name: string): Fault {
  return accessRefused(`${kind} name '${name}' contains reserved prefix 'amq.*'`)
}

function declarationOf(fields: ExchangeFields): ExchangeDeclaration | string {
  const type = exchangeTypes.find((known) => known === (fields.type ?? 'direct'))
  if (type === undefined) return `unknown exchange type '${fields.type ?? ''}'`
  const { name, durable = false, autoDelete = false, internal = false } = fields
  return { name, type, durable, autoDelete, internal, arguments: fields.arguments ?? emptyTable }
}

function difference({ declaration: known }: Exchange, wanted: ExchangeDeclaration): Fault | undefined {
  const field = (['type', 'durable', 'autoDelete', 'internal'] as const).find((name) => known[name] !== wanted[name])
  if (field !== undefined) return preconditionFailed(`inequivalent arg '${field}' for exchange '${known.name}'`)
  const same = sameField(known.arguments['alternate-exchange'], wanted.arguments['alternate-exchange'])
  return same ? undefined : preconditionFailed(`inequivalent arg 'alternate-exchange' for exchange '${known.name}'`)
}

/** A queue's empty name stands for the one that the channel declared last; then an empty key stands for its name, too. */
function bindingOf(channel: Channel, fields: BindingFields): Binding | undefined {
  const bindingArguments = fields.arguments ?? emptyTable
  const { source, destination, key } = fields
  if (destination.kind === 'exchange' || destination.name !== '')
    return { source, destination, key, arguments: bindingArguments }
  const name = channel.lastQueue
  if (name === undefined) return undefined
  return { source, destination: { kind: 'queue', name }, key: key === '' ? name : key, arguments: bindingArguments }
}

function endsFault(state: BrokerState, channel: Channel, { source, destination }: Binding): Fault | undefined {
  if (source === '' || (destination.kind === 'exchange' && destination.name === '')) return onDefaultExchange()
  const missing = missingEnd(state, { source, destination })
  if (missing !== undefined) return notFound(`no ${missing.kind} '${missing.name}' in vhost '/'`)
  const queue = destination.kind === 'queue' ? state.virtualHost.queue(destination.name) : undefined
  return queue === undefined ? undefined : exclusiveFault(queue, channel.connection)
}

function missingEnd(
  state: BrokerState,
  { source, destination }: Pick<Binding, 'source' | 'destination'>,
): Destination | undefined {
  if (state.virtualHost.exchange(source) === undefined) return { kind: 'exchange', name: source }
  const { kind, name } = destination
  const there = kind === 'queue' ? state.virtualHost.queue(name) : state.virtualHost.exchange(name)
  return there === undefined ? destination : undefined
}

function onDefaultExchange(): Fault {
  return accessRefused('operation not permitted on the default exchange')
}
