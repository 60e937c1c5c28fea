import type { ParkingPlace } from '../../system.ts'
import { Broker } from '../core/broker.ts'
import type { ClassicQueue } from '../core/classic-queue.ts'
import type { Command } from '../core/command.ts'
import type { DeathReason } from '../core/death.ts'
import type { FieldTable } from '../core/field-table.ts'
import { makeMessage } from '../core/message.ts'
import type { Output } from '../core/output.ts'
import type { Version } from '../core/profile.ts'
import { profiles } from '../core/profile.ts'
import type { BrokerSettings } from './broker-settings.ts'

/** The channel that definitions are made on. */
export const administratorChannel = 0

/** Makes what definitions say on a broker. What contradicts what is there already is left as it is: the error is among the outputs. */
export function define(broker: Broker, definitions: readonly Command[], now: number): readonly Output[] {
  const connection = 'administrator'
  const open: Command = { kind: 'open-channel', channel: administratorChannel, connection }
  broker.execute(open, now)
  const outputs = definitions.flatMap((command) => {
    const said = broker.execute(command, now)
    if (said.some(isError)) broker.execute(open, now)
    return said
  })
  broker.execute({ kind: 'close-connection', connection }, now)
  return outputs
}

/** Of definitions those that make a queue, its bindings, and the exchanges that these start at: one may have gone with its last binding. */
export function declarationsOf(definitions: readonly Command[], queue: string): readonly Command[] {
  const isBinding = (command: Command): command is Extract<Command, { readonly kind: 'bind' }> =>
    command.kind === 'bind' && command.destination.kind === 'queue' && command.destination.name === queue
  const sources = new Set(definitions.filter(isBinding).map(({ source }) => source))
  return definitions.filter(
    (command) =>
      isBinding(command) ||
      (command.kind === 'declare-queue' && command.name === queue) ||
      (command.kind === 'declare-exchange' && sources.has(command.name)),
  )
}

function isError(output: Output): output is Extract<Output, { readonly text: string }> {
  return output.kind === 'channel-closed' || output.kind === 'connection-closed'
}

/** What a dead letter says of its death, for exchanges that route by it. */
const reasons: readonly FieldTable[] = (['rejected', 'expired', 'maxlen'] satisfies readonly DeathReason[]).map(
  (reason) => ({ 'x-first-death-reason': reason, 'x-last-death-reason': reason }),
)

/** What definitions come to before anything has happened: where messages go, and where they come to rest. */
export class PlannedTopology {
  readonly #broker: Broker
  readonly #version: Version

  constructor({ version, permits }: Pick<BrokerSettings, 'version' | 'permits'>, definitions: readonly Command[]) {
    this.#version = version
    this.#broker = new Broker({ version, confirms: 'at-once', permits })
    const wrong = define(this.#broker, definitions, 0).find(isError)
    if (wrong !== undefined) throw new Error(`The definitions of a RabbitMQ broker do not hold: ${wrong.text}.`)
  }

  get queues(): readonly string[] {
    return [...this.#broker.virtualHost.queues].map(({ name }) => name)
  }

  /** The queues that get what is published to an exchange under a key. */
  queuesFor(exchange: string, routingKey: string, headers: FieldTable = {}): readonly string[] {
    const content = { id: 0, bytes: 0, properties: { headers } }
    const message = makeMessage(exchange, routingKey, content, profiles[this.#version])
    return typeof message === 'string' ? [] : this.#broker.virtualHost.queuesFor(message).map(({ name }) => name)
  }

  /** Queues that dead letters reach and do not leave by themselves, with the queues that they come from. */
  get parkingPlaces(): readonly ParkingPlace[] {
    const places = new Map<string, Set<string>>()
    for (const queue of this.#broker.virtualHost.queues) {
      for (const place of this.#restingPlaces(queue)) {
        places.set(place, (places.get(place) ?? new Set()).add(queue.name))
      }
    }
    return [...places].map(([place, of]) => ({ place, of: [...of] }))
  }

  #restingPlaces(queue: ClassicQueue): readonly string[] {
    const reached = new Set<string>()
    const open = [queue.name]
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      for (const target of this.deadLetterTargets(name)) {
        if (reached.has(target) || target === queue.name) continue
        reached.add(target)
        open.push(target)
      }
    }
    const { virtualHost } = this.#broker
    return [...reached].filter((name) => virtualHost.queue(name)?.options.deadLetterExchange === undefined)
  }

  /**
   * Where a queue's dead letters go. They keep their keys unless the queue gives them a new one: its name, and those by which it is bound.
   */
  deadLetterTargets(name: string): readonly string[] {
    const options = this.#broker.virtualHost.queue(name)?.options
    const exchange = options?.deadLetterExchange
    if (exchange === undefined) return []
    const key = options?.deadLetterRoutingKey
    const keys = key === undefined ? [name, ...this.#keysTo(name)] : [key]
    return keys.flatMap((each) => reasons.flatMap((headers) => this.queuesFor(exchange, each, headers)))
  }

  #keysTo(queue: string): readonly string[] {
    return [...this.#broker.virtualHost.exchanges].flatMap(({ bindings }) =>
      [...bindings]
        .filter(({ destination }) => destination.kind === 'queue' && destination.name === queue)
        .map(({ key }) => key),
    )
  }
}
