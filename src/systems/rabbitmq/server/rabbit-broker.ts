import type { World } from '../../../simulation/world.ts'
import type { Command } from '../core/command.ts'
import type { BrokerSettings } from './broker-settings.ts'
import { ContentTable } from './content-table.ts'

export interface RabbitBrokerOptions {
  readonly world: World
  /** The name of the system; the node is `<name>-1`. */
  readonly name: string
  readonly settings: BrokerSettings
  /** What exists from the start: policies, exchanges, queues and bindings, as commands on the channel {@link administratorChannel}. */
  readonly definitions: readonly Command[]
  /** Numbers the next copy of a message. */
  readonly nextCopy: () => number
}

/** The channel that definitions are made on. */
export const administratorChannel = 0

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
  /** Queues without a way out that dead letters come to, by the definitions. */
  readonly parkingPlaces: readonly string[] = []

  constructor({ name }: RabbitBrokerOptions) {
    this.name = name
    this.node = `${name}-1`
  }

  /** The queues that the definitions route a message to that is published to an exchange (`''` for the default one) under a key. */
  queuesFor(_exchange: string, _routingKey: string): readonly string[] {
    return []
  }

  /** What is not final yet, for people: messages in queues that `consumed` names, and those that are out for acknowledgement. */
  waitingFor(_consumed: ReadonlySet<string>): string | undefined {
    return undefined
  }

  /** Records what became of each copy that nothing has ended. */
  takeInventory(): void {}
}
