import type { Node } from '../../../simulation/node.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import type { ParkingPlace } from '../../system.ts'
import { Broker } from '../core/broker.ts'
import type { Command } from '../core/command.ts'
import type { FieldTable } from '../core/field-table.ts'
import type { Message } from '../core/message.ts'
import type { Ending, LostMessage } from '../core/restart.ts'
import { restart } from '../core/restart.ts'
import { queueRecovered, resurrected } from '../facts.ts'
import { BrokerNode } from './broker-node.ts'
import type { BrokerSettings } from './broker-settings.ts'
import { ContentTable } from './content-table.ts'
import { CopyLedger } from './copy-ledger.ts'
import { administratorChannel, declarationsOf, define, PlannedTopology } from './planned-topology.ts'
import { QueueFiles } from './queue-files.ts'
import { unfinishedIn } from './unfinished-work.ts'

export interface RabbitBrokerOptions {
  readonly world: World
  /** The name of the system; the node is `<name>-1`. */
  readonly name: string
  readonly settings: BrokerSettings
  /** What exists from the start: policies, exchanges, queues and bindings, as commands on the channel `administratorChannel`. */
  readonly definitions: readonly Command[]
  /** Numbers the next copy of a message. */
  readonly nextCopy: () => number
}

/**
 * A RabbitMQ server in a world. Clients reach its node over the network and ask this class only for what no network carries: the contents of
 * messages, and, for the run's own account, what is where.
 */
export class RabbitBroker {
  readonly name: string
  /** The node of the server, for clients to connect to. */
  readonly node: string
  /** Where publishers put the contents of their messages, and consumers find them. */
  readonly contents = new ContentTable()
  /** Queues that dead letters reach and do not leave by themselves, by the definitions. */
  readonly parkingPlaces: readonly ParkingPlace[]
  readonly #options: RabbitBrokerOptions
  readonly #planned: PlannedTopology
  readonly #ledger: CopyLedger
  readonly #node: Node
  readonly #files: QueueFiles
  /** What the last incarnation knew: what of it the disk has, the next one knows again. */
  #core: Broker | undefined
  #running: BrokerNode | undefined

  constructor(options: RabbitBrokerOptions) {
    const { world, name, settings, definitions, nextCopy } = options
    this.name = name
    this.node = `${name}-1`
    this.#options = options
    this.#planned = new PlannedTopology(settings, definitions)
    this.parkingPlaces = this.#planned.parkingPlaces
    this.#ledger = new CopyLedger({ world, system: name, contents: this.contents, nextCopy })
    this.#node = world.addNode({
      name: this.node,
      service: settings.service,
      disk: settings.disk,
      start: (process) => this.#start(process),
    })
    this.#files = new QueueFiles(this.#node.disk)
    this.#addTargets()
    this.#watchEndings()
  }

  /** The running incarnation; undefined while the node is down. */
  get running(): BrokerNode | undefined {
    return this.#running
  }

  /** The queues that the definitions route a message to that is published to an exchange (`''` for the default one) under a key. */
  queuesFor(exchange: string, routingKey: string, headers: FieldTable = {}): readonly string[] {
    return this.#planned.queuesFor(exchange, routingKey, headers)
  }

  /** The queues that the dead letters of a queue go to, by the definitions. */
  deadLetterTargets(queue: string): readonly string[] {
    return this.#planned.deadLetterTargets(queue)
  }

  /** What is not final yet, for people: messages in queues that `consumed` names, and those that are out for acknowledgement. */
  waitingFor(consumed: ReadonlySet<string>): string | undefined {
    const work = this.#running === undefined ? this.#waitingOnDisk(consumed) : this.#unfinished(this.#running, consumed)
    return work.length === 0 ? undefined : work.join('; ')
  }

  /** Records what became of each copy that nothing has ended. */
  takeInventory(): void {
    this.#ledger.takeInventory(this.#node.label, (queue, message) => this.#stateOf(queue, message))
  }

  #start(process: Process): void {
    const { settings, definitions } = this.#options
    const before = this.#core
    const ending = this.#ending()
    this.#files.clearMark()
    const back = before === undefined ? undefined : restart(before, ending, process.now)
    const { version, maxMessageSize, permits } = settings
    this.#core = back?.broker ?? new Broker({ version, confirms: 'at-once', maxMessageSize, permits }, process.now)
    this.#running = new BrokerNode(process, this.#core, { settings, ledger: this.#ledger, files: this.#files })
    if (back !== undefined) {
      this.#recordLosses(back.lost)
      for (const { queue, message } of back.resurrected)
        process.record(resurrected, this.#ledger.stored(process, queue, message))
      this.#recordRecovery(process, ending)
      this.#running.take(back.outputs)
    }
    this.#running.take(define(this.#core, definitions, process.now))
    this.#running.listen()
    this.#planRecreations(process, this.#running)
  }

  /** The administrator's doing; whoever was down when it was due is spared. */
  #planRecreations(process: Process, running: BrokerNode): void {
    const { settings, definitions } = this.#options
    for (const { queue: name, at } of settings.recreations) {
      if (at < process.now) continue
      process.setTimer(at - process.now, () => {
        const deletion: Command = { kind: 'delete-queue', channel: administratorChannel, name }
        const again = declarationsOf(definitions, name)
        for (const commands of [[deletion], again]) running.take(define(running.core, commands, process.now))
        running.execute({ kind: 'tick' })
      })
    }
  }

  #recordRecovery(process: Process, ending: Ending): void {
    for (const queue of this.#core?.virtualHost.queues ?? []) {
      const [place, messages] = [this.#ledger.placeOf(queue.name), queue.ready.length]
      process.record(queueRecovered, { place, messages, redelivered: ending.kind === 'dirty' })
    }
  }

  #ending(): Ending {
    return this.#files.isClean ? { kind: 'clean' } : { kind: 'dirty', has: this.#files.survey() }
  }

  #addTargets(): void {
    const { targets } = this.#options.world
    targets.addToGroup(this.name, [this.node])
    targets.addToGroup('broker', [this.node])
    const holderOf = (place: string): readonly string[] => (this.#has(place) ? [this.node] : [])
    targets.addRole('storage-of', holderOf)
    targets.addRole('queue', (queue) => holderOf(queue.includes('/') ? queue : `${this.name}/${queue}`))
  }

  /** Whether a queue of this name, with the system's before it, was planned or is there. */
  #has(place: string): boolean {
    if (!place.startsWith(`${this.name}/`)) return false
    const queue = place.slice(this.name.length + 1)
    return this.#planned.queues.includes(queue) || this.#core?.virtualHost.queue(queue) !== undefined
  }

  #watchEndings(): void {
    const { world } = this.#options
    for (const ending of ['node-crashed', 'node-stopped', 'node-lost-power']) {
      world.listen(ending, ({ node, index }) => {
        if (node !== this.#node.label) return
        this.#running = undefined
        const review = (): void => this.#reviewLosses(index)
        // The disk learns after the fact that the power is gone.
        if (ending !== 'node-lost-power') review()
        else world.engine.schedule(0, { number: this.#node.number, occur: review }, 0, undefined)
      })
    }
  }

  /** The broker cannot tell any more what it lost: whoever sees the disk can. */
  #reviewLosses(cause: number): void {
    if (this.#core === undefined || this.#running !== undefined) return
    this.#recordLosses(restart(this.#core, this.#ending(), this.#options.world.engine.now).lost, cause)
  }

  #recordLosses(lost: readonly LostMessage[], cause?: number): void {
    for (const { queue, message, reason } of lost)
      this.#ledger.lost(this.#node.label, queue, message, whyLost[reason], cause)
  }

  #unfinished({ core }: BrokerNode, consumed: ReadonlySet<string>): readonly string[] {
    const { names } = this.#options.world.history
    return [...core.virtualHost.queues].flatMap((queue) => {
      const isConsumed = consumed.has(queue.name) || queue.consumers.count > 0
      return unfinishedIn(queue, isConsumed, ({ message }) => names.text(this.#ledger.nameOf(message)))
    })
  }

  #waitingOnDisk(consumed: ReadonlySet<string>): readonly string[] {
    return [...consumed].flatMap((queue) => {
      const count = this.#ledger.count(queue)
      return count === 0 ? [] : [`${count} messages of ${queue} on the disk of a broker that is down`]
    })
  }

  #stateOf(name: string, message: Message): string {
    if (this.#running === undefined) return 'on disk'
    for (const copy of this.#core?.virtualHost.queue(name)?.unacknowledged ?? [])
      if (copy.message === message) return 'unacknowledged'
    return 'ready'
  }
}

const whyLost: Readonly<Record<LostMessage['reason'], string>> = {
  transient: 'it was transient',
  'not-written': 'it was not on the disk yet',
  queue: 'its queue was not durable',
}
