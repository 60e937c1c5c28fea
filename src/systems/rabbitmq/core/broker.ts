import { BrokerState } from './broker-state.ts'
import { Channel } from './channel.ts'
import { closeChannel, closeConnection, closeFor } from './closing.ts'
import type { BrokerCommand, ChannelCommand, Command } from './command.ts'
import { cancel, consume, get, limitPrefetch } from './consuming.ts'
import { bind, declareExchange, deleteExchange, lookUpExchange, unbind } from './declaring-exchanges.ts'
import { declareQueue, deleteQueue, lookUpQueue, purge } from './declaring-queues.ts'
import type { Fault } from './fault.ts'
import type { Output } from './output.ts'
import type { Policy } from './policy.ts'
import { policyFault } from './policy.ts'
import type { DeprecatedFeature, Version } from './profile.ts'
import { permitting, profiles } from './profile.ts'
import { answer, commit, publish, rollBack, selectConfirms, selectTransactions } from './publishing.ts'
import { queueOptions } from './queue-options.ts'
import { acknowledgementFault, recover, settleTag } from './settling.ts'
import type { VirtualHost } from './virtual-host.ts'
import { WriteLog } from './write-log.ts'

export interface BrokerOptions {
  readonly version: Version
  /** Whether confirms leave with the command that brings them, or wait for `flush-confirms`, which makes fewer frames of more of them. */
  readonly confirms: 'at-once' | 'on-flush'
  /** `max_message_size`, bytes; without it that of the version. */
  readonly maxMessageSize?: number
  /** `deprecated_features.permit.*`; without it nothing that the version does without. */
  readonly permits?: readonly DeprecatedFeature[]
}

/**
 * A virtual host of one RabbitMQ node with its classic queues: one command at a time, time passed in, everything that it says or does as a
 * list of values.
 *
 * It leaves out: other queue types, clusters, users and permissions, flow control and alarms, connections (whoever uses it tells it which
 * channel belongs to which), the disk (it numbers its writes and is told how far they are safe), and the interleaving of the server's
 * processes: a command has had all its effects before the next one begins.
 */
export class Broker {
  readonly options: BrokerOptions
  readonly #state: BrokerState

  /** @param written the number of the last write of the broker before this one. */
  constructor(options: BrokerOptions, now = 0, written = 0) {
    this.options = options
    const profile = permitting(profiles[options.version], options.permits ?? [])
    const { maxMessageSize = profile.maxMessageSize } = options
    this.#state = new BrokerState({ ...profile, maxMessageSize }, now, new WriteLog(written))
  }

  get virtualHost(): VirtualHost {
    return this.#state.virtualHost
  }

  /** What a restart needs to know. */
  get state(): BrokerState {
    return this.#state
  }

  /** When a `tick` will have something to do, in µs; Infinity for never. */
  get deadline(): number {
    return this.#state.nextAlarm
  }

  /** The number of the last write to the disk. Whoever makes them safe says so with the command `synced`. */
  get written(): number {
    return this.#state.log.written
  }

  /** Whether there are writes that are not known to be safe. */
  get isDirty(): boolean {
    return this.#state.log.unsafe.size > 0
  }

  /** Executes a command at `now` µs, never earlier than the one before. What was due by then happens first. */
  execute(command: Command, now: number): readonly Output[] {
    const state = this.#state
    state.outputs = []
    if (now >= state.nextAlarm) this.#passTime(now)
    state.now = now
    if ('channel' in command && command.kind !== 'open-channel' && command.kind !== 'flush-confirms')
      this.#onChannel(command)
    else onBroker(state, command)
    state.deliverLetters()
    const flushed = command.kind === 'flush-confirms' ? command.channel : undefined
    for (const channel of state.answering) if (this.#answersNow(channel, flushed)) this.#answer(channel)
    return state.outputs
  }

  #onChannel(command: ChannelCommand): void {
    const channel = this.#state.channels.get(command.channel)
    if (channel === undefined) return
    const fault = onChannel(this.#state, channel, command)
    if (fault !== undefined) closeFor(this.#state, channel, fault)
  }

  #answersNow(channel: Channel, flushed: number | undefined): boolean {
    return this.options.confirms === 'at-once' || channel.transaction !== undefined || channel.number === flushed
  }

  #answer(channel: Channel): void {
    this.#state.answering.delete(channel)
    const fault = answer(this.#state, channel)
    if (fault === undefined) return
    closeFor(this.#state, channel, fault)
    this.#state.deliverLetters()
  }

  /** Lets the queues do what was due, in the order in which it was. */
  #passTime(now: number): void {
    const state = this.#state
    for (let at = earliest(state.virtualHost); at <= now; at = earliest(state.virtualHost)) {
      state.now = at
      for (const queue of [...state.virtualHost.queues]) if (queue.deadline <= at) queue.tick()
      state.deliverLetters()
    }
    state.nextAlarm = earliest(state.virtualHost)
  }
}

function earliest(virtualHost: VirtualHost): number {
  let at = Infinity
  for (const queue of virtualHost.queues) at = Math.min(at, queue.deadline)
  return at
}

function onBroker(state: BrokerState, command: BrokerCommand): void {
  switch (command.kind) {
    case 'open-channel':
      state.channels.set(command.channel, new Channel(command.channel, command.connection))
      return
    case 'close-connection':
      return closeConnection(state, command.connection)
    case 'set-policy':
      return setPolicy(state, command.policy)
    case 'clear-policy':
      state.virtualHost.clearPolicy(command.name)
      return reconfigure(state)
    case 'synced':
      return synced(state, command.write, command.queue)
    case 'tick':
    case 'flush-confirms':
      return
  }
}

function synced(state: BrokerState, write: number, name: string | undefined): void {
  const named = name === undefined ? undefined : state.virtualHost.queue(name)
  const queues = name === undefined ? [...state.log.unsafe] : named === undefined ? [] : [named]
  for (const copy of queues.flatMap((queue) => state.log.sync(queue, write))) {
    if (copy.publisher !== undefined) state.confirm(copy.publisher)
    copy.publisher = undefined
  }
}

function onChannel(state: BrokerState, channel: Channel, command: ChannelCommand): Fault | undefined {
  switch (command.kind) {
    case 'publish':
      return publish(state, channel, command)
    case 'acknowledge':
      return settleTag(state, channel, 'acknowledge', command.tag, command.multiple ?? false)
    case 'reject':
      return settleTag(state, channel, command.requeue ? 'requeue' : 'discard', command.tag, command.multiple ?? false)
    case 'get':
      return get(state, channel, command.queue, command.noAck ?? false)
    case 'consume':
      return consume(state, channel, command)
    case 'cancel':
      return void cancel(state, channel, command.tag)
    case 'declare-queue':
      return command.passive === true
        ? lookUpQueue(state, channel, command.name)
        : declareQueue(state, channel, command)
    case 'delete-queue':
      return deleteQueue(state, channel, command.name, {
        ifUnused: command.ifUnused ?? false,
        ifEmpty: command.ifEmpty ?? false,
      })
    case 'purge':
      return purge(state, channel, command.queue)
    case 'check-acknowledgements':
      return acknowledgementFault(state, channel, command.timeout)
    case 'tx-commit':
      return commit(state, channel)
    default:
      return thenDone(state, channel, command, withPlainAnswer(state, channel, command))
  }
}

type AnsweredElsewhere =
  | 'publish'
  | 'acknowledge'
  | 'reject'
  | 'get'
  | 'consume'
  | 'cancel'
  | 'declare-queue'
  | 'delete-queue'
  | 'purge'
  | 'check-acknowledgements'
  | 'tx-commit'

type PlainlyAnswered = Exclude<ChannelCommand, { readonly kind: AnsweredElsewhere }>

function withPlainAnswer(state: BrokerState, channel: Channel, command: PlainlyAnswered): Fault | undefined {
  switch (command.kind) {
    case 'close-channel':
      return void closeChannel(state, channel)
    case 'declare-exchange':
      return command.passive === true ? lookUpExchange(state, command.name) : declareExchange(state, command)
    case 'delete-exchange':
      return deleteExchange(state, command.name, command.ifUnused ?? false)
    case 'bind':
      return bind(state, channel, command)
    case 'unbind':
      return unbind(state, channel, command)
    case 'recover':
      return void recover(state, channel)
    case 'prefetch':
      return void limitPrefetch(state, channel, command.count, command.global ?? false)
    case 'confirm-select':
      return selectConfirms(channel)
    case 'tx-select':
      return selectTransactions(channel)
    case 'tx-rollback':
      return rollBack(channel)
  }
}

function thenDone(
  state: BrokerState,
  channel: Channel,
  command: ChannelCommand,
  fault: Fault | undefined,
): Fault | undefined {
  if (fault === undefined) state.emit({ kind: 'done', channel: channel.number, command: command.kind })
  return fault
}

function setPolicy(state: BrokerState, policy: Policy): void {
  const wrong = policyFault(policy)
  if (wrong !== undefined) throw new Error(`The policy ${policy.name} is invalid: ${wrong}`)
  state.virtualHost.setPolicy(policy)
  reconfigure(state)
}

function reconfigure(state: BrokerState): void {
  for (const queue of [...state.virtualHost.queues]) {
    queue.configure(queueOptions(queue.declaration.arguments, state.virtualHost.queuePolicy(queue.name)))
  }
}
