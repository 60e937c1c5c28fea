import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Broker } from '../core/broker.ts'
import type { ClassicQueue } from '../core/classic-queue.ts'
import type { BrokerCommand, ChannelCommand } from '../core/command.ts'
import type { Message } from '../core/message.ts'
import type { Event, Output } from '../core/output.ts'
import { consumerActivated, consumerCancelled, handedOut, persisted, writeFailed } from '../facts.ts'
import type { ClientFrame, ServerFrame } from '../protocol.ts'
import { brokerPort } from '../protocol.ts'
import { AcknowledgementTimeouts } from './acknowledgement-timeouts.ts'
import type { BlockReason } from './alarms.ts'
import { Alarms } from './alarms.ts'
import type { BrokerSettings } from './broker-settings.ts'
import type { ConnectionHost } from './client-connection.ts'
import { ClientConnection } from './client-connection.ts'
import type { CopyLedger } from './copy-ledger.ts'
import { recordEvent } from './core-events.ts'
import { DiskWriter } from './disk-writer.ts'
import { memoryOf, memoryUsedBy } from './memory-use.ts'
import type { QueueFiles } from './queue-files.ts'

export interface NodeContext {
  readonly settings: BrokerSettings
  readonly ledger: CopyLedger
  readonly files: QueueFiles
}

/** One incarnation of a broker: its connections, its timers, and the core that does what they say. */
export class BrokerNode implements ConnectionHost {
  readonly process: Process
  readonly core: Broker
  readonly #context: NodeContext
  readonly #writer: DiskWriter
  readonly #alarms: Alarms
  readonly #timeouts: AcknowledgementTimeouts
  readonly #connections = new Set<ClientConnection>()
  /** By the core's number of the channel. */
  readonly #channels = new Map<number, ClientConnection>()
  #nextChannel: number
  #memoryUsed = 0
  #alarm: { readonly at: number; readonly timer: Timer } | undefined
  #requeueReason = ''
  #isStopping = false

  constructor(process: Process, core: Broker, context: NodeContext) {
    this.process = process
    this.core = core
    this.#nextChannel = process.incarnation * channelsPerIncarnation + 1
    this.#context = context
    const { settings, files } = context
    const { log } = core.state
    this.#writer = new DiskWriter(process, log, files, settings, {
      synced: (queue, write) => this.#synced(queue, write),
      failed: (queue, reason) => this.#writeFailed(queue, reason),
    })
    this.#alarms = new Alarms(process, settings, {
      memoryUsed: () => this.#memoryUsed,
      diskFree: () => files.free,
      unsafeWrites: () => log.unsafeWrites,
      changed: () => this.#blockReasonsChanged(),
      diskLookedAt: () => this.#writer.retry(),
    })
    this.#timeouts = new AcknowledgementTimeouts(process, settings, core.state, (channel) =>
      this.execute({ kind: 'check-acknowledgements', channel, timeout: settings.consumerTimeout }, 'channel closed'),
    )
    process.onStop((done) => this.#stop(done))
  }

  get settings(): BrokerSettings {
    return this.#context.settings
  }

  get blockReasons(): ReadonlySet<BlockReason> {
    return this.#alarms.reasons
  }

  /** Takes clients from now on: what was there from the start is there. */
  listen(): void {
    this.#memoryUsed = memoryUsedBy(this.core)
    this.process.listen<ServerFrame, ClientFrame>(brokerPort, (socket) => {
      const connection = new ClientConnection(socket, this)
      if (this.#isStopping) socket.close()
      else this.#connections.add(connection)
      return connection
    })
    this.#lookAround()
  }

  register(connection: ClientConnection): number {
    const number = this.#nextChannel++
    this.#channels.set(number, connection)
    this.#timeouts.opened(number)
    return number
  }

  unregister(channel: number): void {
    this.#channels.delete(channel)
    this.#timeouts.closed(channel)
  }

  gone(connection: ClientConnection): void {
    this.#connections.delete(connection)
  }

  execute(command: ChannelCommand | BrokerCommand, why = ''): void {
    this.#requeueReason = why
    this.take(this.core.execute(command, this.process.now))
    this.#lookAround()
  }

  /** Does what follows from what the core said: facts, and frames for clients. */
  take(outputs: readonly Output[]): void {
    for (const [place, output] of outputs.entries()) {
      if (isEvent(output)) this.#happened(output, outputs[place - 1], outputs[place + 1])
      else this.#send(output)
    }
  }

  #happened(event: Event, previous: Output | undefined, next: Output | undefined): void {
    this.#memoryUsed += memoryOf(event)
    recordEvent(event, previous, next, {
      process: this.process,
      ledger: this.#context.ledger,
      requeueReason: this.#requeueReason,
      activated: ({ queue, channel }) => {
        const client = this.#channels.get(channel)?.peerName
        if (client !== undefined)
          this.process.record(consumerActivated, { client, place: this.#context.ledger.placeOf(queue) })
      },
      queueDeleted: (queue) => this.#context.files.remove(queue),
    })
  }

  #send(frame: Exclude<Output, Event>): void {
    if (frame.kind === 'connection-closed') {
      const failed = [...this.#connections].find(({ name }) => name === frame.connection)
      failed?.fail(frame.code, frame.text)
      return
    }
    const { channel, ...answer } = frame
    const connection = this.#channels.get(channel)
    if (connection === undefined) return
    if (answer.kind === 'channel-closed') return connection.channelFailed(channel, answer.code, answer.text)
    if (answer.kind === 'consumer-cancelled' && !this.#recordCancellation(connection, answer.queue)) return
    if (answer.kind === 'deliver' || answer.kind === 'got') {
      this.#recordDelivery(connection.peerName, answer)
      this.#timeouts.delivered(channel, answer.tag)
    }
    connection.sendAnswer(channel, answer)
  }

  #recordDelivery(
    consumer: string,
    { queue, message, redelivered }: { queue: string; message: Message; redelivered: boolean },
  ): void {
    const found = this.#context.ledger.find(queue, message)
    if (found === undefined) return
    const { copy, message: name, place } = found
    this.process.record(handedOut, { copy, message: name, place, consumer, redelivered })
  }

  /** Whether the client can be told. */
  #recordCancellation({ peerName, canHearCancellations: told }: ClientConnection, queue: string): boolean {
    const place = this.#context.ledger.placeOf(queue)
    this.process.record(consumerCancelled, { client: peerName, place, told })
    return told
  }

  /** What may have become due: writes, alarms, timers of queues. */
  #lookAround(): void {
    this.#writer.look()
    this.#alarms.look()
    const { deadline } = this.core
    if (deadline >= (this.#alarm?.at ?? Infinity)) return
    this.#alarm?.timer.clear()
    const delay = Math.max(0, deadline - this.process.now)
    this.#alarm = { at: deadline, timer: this.process.setTimer(delay, () => this.#deadlineDue()) }
  }

  #deadlineDue(): void {
    this.#alarm = undefined
    this.execute({ kind: 'tick' })
  }

  #synced(queue: ClassicQueue, write: number): void {
    const writes = this.core.state.log.unsafeUpTo(queue, write)
    if (writes > 0) this.process.record(persisted, { place: this.#context.ledger.placeOf(queue.name), writes })
    this.#requeueReason = ''
    this.take(this.core.execute({ kind: 'synced', write, queue: queue.name }, this.process.now))
    this.#alarms.diskWritten(false)
    this.#alarms.look()
  }

  #writeFailed(queue: ClassicQueue, reason: string): void {
    this.process.record(writeFailed, { place: this.#context.ledger.placeOf(queue.name), reason })
    this.#alarms.diskWritten(true)
  }

  #blockReasonsChanged(): void {
    for (const connection of [...this.#connections]) connection.blockReasonsAre(this.#alarms.reasons)
  }

  /** Says goodbye to every client, then writes what is left, and leaves a mark that this was an orderly end. */
  #stop(done: () => void): void {
    this.#isStopping = true
    for (const connection of [...this.#connections])
      connection.fail(320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'")
    this.#writer.drain(() => {
      this.#context.files.markClean()
      done()
    })
  }
}

/** So that no address of a channel means another one after a restart. */
const channelsPerIncarnation = 2 ** 32

const eventKinds: ReadonlySet<string> = new Set<Event['kind']>([
  'enqueued',
  'unroutable',
  'requeued',
  'settled',
  'buried',
  'dead-lettered',
  'refused',
  'activated',
  'purged',
  'exchange-deleted',
  'queue-deleted',
  'replied',
])

function isEvent(output: Output): output is Event {
  return eventKinds.has(output.kind)
}
