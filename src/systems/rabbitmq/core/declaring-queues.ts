import type { BrokerState } from './broker-state.ts'
import type { Channel } from './channel.ts'
import type { QueueDeclaration } from './classic-queue.ts'
import { ClassicQueue } from './classic-queue.ts'
import type { QueueFields } from './command.ts'
import { isReplyAddress, replyQueue } from './direct-reply.ts'
import type { Fault } from './fault.ts'
import { accessRefused, internalError, notFound, preconditionFailed, resourceLocked } from './fault.ts'
import { emptyTable } from './field-table.ts'
import { differentArgument, queueArgumentsFault, queueOptions } from './queue-options.ts'

/** `queue.declare`: makes it, or finds that there is the same one already. */
export function declareQueue(state: BrokerState, channel: Channel, fields: QueueFields): Fault | undefined {
  if (isReplyAddress(fields.name) || fields.name === replyQueue) return lookUpRequester(state, channel, fields.name)
  const { name = '', durable = false, exclusive = false, autoDelete = false } = fields
  if (name.startsWith('amq.')) return accessRefused(`queue name '${name}' contains reserved prefix 'amq.*'`)
  const declaration: QueueDeclaration = {
    name: name === '' ? state.makeName('amq.gen') : name,
    durable: durable && !exclusive,
    autoDelete,
    owner: exclusive ? channel.connection : undefined,
    arguments: fields.arguments ?? emptyTable,
  }
  const known = state.virtualHost.queue(name)
  const fault = known === undefined ? newQueueFault(state, declaration) : difference(known, declaration)
  if (fault !== undefined) return fault
  if (known === undefined) addQueue(state, declaration)
  report(state, channel, declaration.name)
  return undefined
}

/** `queue.declare` with `passive`: only asks whether it is there, and how full. */
export function lookUpQueue(state: BrokerState, channel: Channel, name: string): Fault | undefined {
  if (isReplyAddress(name) || name === replyQueue) return lookUpRequester(state, channel, name)
  const found = findQueue(state, channel, name)
  if (!(found instanceof ClassicQueue)) return found
  report(state, channel, found.name)
  return undefined
}

/** `queue.delete`; no error if there is none. */
export function deleteQueue(
  state: BrokerState,
  channel: Channel,
  name: string,
  { ifUnused, ifEmpty }: { readonly ifUnused: boolean; readonly ifEmpty: boolean },
): Fault | undefined {
  const resolved = name === '' ? channel.lastQueue : name
  if (resolved === undefined) return notFound('no previously declared queue')
  const queue = state.virtualHost.queue(resolved)
  const fault = queue === undefined ? undefined : exclusiveFault(queue, channel.connection)
  if (fault !== undefined) return fault
  if (queue !== undefined && ifUnused && queue.consumers.count > 0)
    return preconditionFailed(`queue '${resolved}' in use`)
  if (queue !== undefined && ifEmpty && queue.ready.length > 0)
    return preconditionFailed(`queue '${resolved}' not empty`)
  state.emit({ kind: 'emptied', channel: channel.number, queue: resolved, messages: queue?.ready.length ?? 0 })
  if (queue !== undefined) state.deleteQueue(queue, 'deleted')
  return undefined
}

/** `queue.purge`: throws away what is ready. */
export function purge(state: BrokerState, channel: Channel, name: string): Fault | undefined {
  const queue = findQueue(state, channel, name)
  if (!(queue instanceof ClassicQueue)) return queue
  const messages = [...queue.ready].map((copy) => copy.message)
  queue.purge()
  state.emit({ kind: 'purged', queue: queue.name, messages })
  state.emit({ kind: 'emptied', channel: channel.number, queue: queue.name, messages: messages.length })
  return undefined
}

/** The queue that a method on a channel means, if the channel may use it. */
export function findQueue(state: BrokerState, channel: Channel, name: string): ClassicQueue | Fault {
  const resolved = name === '' ? channel.lastQueue : name
  if (resolved === undefined) return notFound('no previously declared queue')
  const queue = state.virtualHost.queue(resolved)
  if (queue === undefined) return notFound(`no queue '${resolved}' in vhost '/'`)
  return exclusiveFault(queue, channel.connection) ?? queue
}

export function exclusiveFault(queue: ClassicQueue, connection: string): Fault | undefined {
  const { owner } = queue.declaration
  return owner === undefined || owner === connection ? undefined : locked(queue.name)
}

/** Makes a queue without asking further. */
export function addQueue(state: BrokerState, declaration: QueueDeclaration): ClassicQueue {
  const options = queueOptions(declaration.arguments, state.virtualHost.queuePolicy(declaration.name))
  const queue = new ClassicQueue(declaration, options, state.profile, state)
  state.virtualHost.addQueue(queue)
  return queue
}

/** Whoever is asked for a reply can look whether the requester is still there. */
function lookUpRequester(state: BrokerState, channel: Channel, address: string): Fault | undefined {
  if (address !== replyQueue && !state.requesters.has(address)) return notFound(`no queue '${address}' in vhost '/'`)
  state.emit({ kind: 'queue-declared', channel: channel.number, queue: address, messages: 0, consumers: 1 })
  return undefined
}

function newQueueFault(state: BrokerState, declaration: QueueDeclaration): Fault | undefined {
  const wrong = queueArgumentsFault(declaration.arguments)
  if (wrong !== undefined) return preconditionFailed(`${wrong} for queue '${declaration.name}'`)
  const transient = !declaration.durable && declaration.owner === undefined
  return transient && state.profile.transientQueues === 'refused'
    ? internalError('Feature `transient_nonexcl_queues` is deprecated and not permitted')
    : undefined
}

function difference({ declaration: known }: ClassicQueue, wanted: QueueDeclaration): Fault | undefined {
  if (known.owner !== wanted.owner) return locked(known.name)
  const field = (['durable', 'autoDelete'] as const).find((name) => known[name] !== wanted[name])
  const what = field ?? differentArgument(known.arguments, wanted.arguments)
  return what === undefined ? undefined : preconditionFailed(`inequivalent arg '${what}' for queue '${known.name}'`)
}

function locked(name: string): Fault {
  return resourceLocked(`cannot obtain exclusive access to locked queue '${name}'`)
}

function report(state: BrokerState, channel: Channel, name: string): void {
  const queue = state.virtualHost.queue(name)
  queue?.touch()
  channel.lastQueue = name
  const [messages, consumers] = [queue?.ready.length ?? 0, queue?.consumers.count ?? 0]
  state.emit({ kind: 'queue-declared', channel: channel.number, queue: name, messages, consumers })
}
