import { Broker } from './broker.ts'
import type { BrokerState } from './broker-state.ts'
import type { ClassicQueue } from './classic-queue.ts'
import { addQueue } from './declaring-queues.ts'
import type { Binding } from './exchange.ts'
import type { Message } from './message.ts'
import type { Output } from './output.ts'
import type { QueuedMessage } from './ready-messages.ts'

/**
 * `dirty`: the server died when the disk, or the operating system if only the process died, had the writes up to `write`, or those that it
 * `has` of a queue.
 */
export type Ending =
  | { readonly kind: 'clean' }
  | { readonly kind: 'dirty'; readonly write: number }
  | { readonly kind: 'dirty'; readonly has: (queue: string, write: number) => boolean }

export interface LostMessage {
  readonly queue: string
  readonly message: Message
  /** `queue`: the queue is gone altogether. */
  readonly reason: 'transient' | 'not-written' | 'queue'
}

export interface Restart {
  readonly broker: Broker
  /** Copies that were in a queue before and are in none now. */
  readonly lost: readonly LostMessage[]
  /** Copies that come back although the broker had forgotten them: their removal was not written. */
  readonly resurrected: readonly { readonly queue: string; readonly message: Message }[]
  /** What happened at the start: messages that expired meanwhile. */
  readonly outputs: readonly Output[]
}

/**
 * What is there when a broker starts again at `now` µs: durable exchanges and queues, bindings between those, policies, and of the messages
 * in durable queues the persistent ones that were written, at their old places. After a dirty end all of them count as redelivered, after a
 * clean one only those that had been delivered. Connections, channels, consumers and exclusive queues are gone.
 */
export function restart(before: Broker, ending: Ending, now: number): Restart {
  const broker = new Broker(before.options, now, before.written)
  const { state } = broker
  for (const policy of before.virtualHost.policies) state.virtualHost.setPolicy(policy)
  restoreExchanges(before, broker)
  const [lost, resurrected]: [LostMessage[], { queue: string; message: Message }[]] = [[], []]
  for (const queue of before.virtualHost.queues) {
    const held = queue.contents()
    const kept = queue.declaration.durable ? survivors(before.state, queue, held, ending) : []
    for (const copy of missingFrom(kept, held)) lost.push(loss(queue, copy))
    for (const { message } of missingFrom(held, kept)) resurrected.push({ queue: queue.name, message })
    if (queue.declaration.durable) addQueue(state, queue.declaration).restore(kept)
  }
  restoreBindings(before, broker)
  return { broker, lost, resurrected, outputs: broker.execute({ kind: 'tick' }, now) }
}

function missingFrom(there: readonly QueuedMessage[], copies: readonly QueuedMessage[]): readonly QueuedMessage[] {
  const sequences = new Set(there.map((copy) => copy.sequence))
  return copies.filter((copy) => !sequences.has(copy.sequence))
}

function survivors(
  state: BrokerState,
  queue: ClassicQueue,
  held: readonly QueuedMessage[],
  ending: Ending,
): readonly QueuedMessage[] {
  const has = (write: number): boolean => isWritten(ending, queue.name, write)
  return [...held, ...state.log.resurrected(queue, has)]
    .filter((copy) => copy.write > 0 && has(copy.write))
    .sort((one, other) => one.sequence - other.sequence)
    .map((copy) => ({
      ...copy,
      publisher: undefined,
      redelivered: ending.kind === 'dirty' || copy.redelivered || queue.unacknowledged.has(copy),
    }))
}

function isWritten(ending: Ending, queue: string, write: number): boolean {
  if (ending.kind === 'clean') return true
  return 'has' in ending ? ending.has(queue, write) : write <= ending.write
}

function loss(queue: ClassicQueue, { message, write }: QueuedMessage): LostMessage {
  const reason = !queue.declaration.durable ? 'queue' : write === 0 ? 'transient' : 'not-written'
  return { queue: queue.name, message, reason }
}

function restoreExchanges(before: Broker, broker: Broker): void {
  for (const { declaration } of before.virtualHost.exchanges) {
    if (declaration.durable && broker.virtualHost.exchange(declaration.name) === undefined) {
      broker.virtualHost.addExchange(declaration)
    }
  }
}

function restoreBindings(before: Broker, broker: Broker): void {
  for (const { bindings } of before.virtualHost.exchanges) {
    for (const binding of bindings) if (hasBothEnds(broker, binding)) broker.virtualHost.bind(binding)
  }
}

function hasBothEnds({ virtualHost }: Broker, { source, destination }: Binding): boolean {
  const { kind, name } = destination
  const end = kind === 'queue' ? virtualHost.queue(name) : virtualHost.exchange(name)
  return virtualHost.exchange(source) !== undefined && end !== undefined
}
