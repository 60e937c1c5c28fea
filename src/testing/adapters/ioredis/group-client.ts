import { perform } from '../../../application/program.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import type { GroupReader } from '../../../systems/redis/client/group-reader.ts'
import type { CallEnd } from '../../../systems/redis/client/redis-client.ts'
import { ownDelivery } from '../../../systems/redis/client/redis-delivery.ts'
import type { Command } from '../../../systems/redis/core/command.ts'
import type { Reply } from '../../../systems/redis/core/reply.ts'
import type { AcknowledgeOutcome } from '../../../systems/system.ts'
import type { Inside } from '../../bridge/inside.ts'
import { UnsimulatedCommands } from './unsimulated-commands.ts'

/** One line of XPENDING: the id, who has it, milliseconds since its latest delivery, and how many there were. */
export type PendingEntry = [id: string, consumer: string, idle: number, deliveries: number]

/** The connection of a member of a group, as code that is given entries calls it: what it takes to settle them. */
export class GroupClient extends UnsimulatedCommands {
  readonly #reader: GroupReader
  readonly #inside: Inside
  readonly #inHand = new Map<string, Handling>()

  constructor(reader: GroupReader, inside: Inside) {
    super()
    this.#reader = reader
    this.#inside = inside
  }

  begin(handling: Handling): void {
    this.#inHand.set(ownDelivery(handling.delivery).id, handling)
  }

  /** Somebody else sees to the entry. */
  forget({ delivery }: Handling): void {
    this.#inHand.delete(ownDelivery(delivery).id)
  }

  /** Comes back with how many of them were pending. */
  async xack(key: string, group: string, ...ids: readonly string[]): Promise<number> {
    let count = 0
    for (const id of ids) count += await this.#acknowledge(key, group, id)
    return count
  }

  /** What is pending between two ids: `xpending('orders', 'billing', id, id, 1)` says how often an entry was delivered. */
  async xpending(
    key: string,
    group: string,
    from: string,
    to: string,
    count: number,
    consumer?: string,
  ): Promise<PendingEntry[]> {
    const range = { from, to, count, ...(consumer === undefined ? {} : { consumer }) }
    const reply = await this.#command({ type: 'XPENDING', key, group, range })
    const entries = reply.type === 'pending' ? reply.entries : []
    return entries.map(({ id, consumer: owner, idle, deliveries }) => [id, owner, idle, deliveries])
  }

  async #acknowledge(key: string, group: string, id: string): Promise<number> {
    const handling = this.#inHand.get(id)
    if (handling === undefined || key !== this.#reader.key || group !== this.#reader.group) {
      const reply = await this.#command({ type: 'XACK', key, group, ids: [id] })
      return reply.type === 'integer' ? reply.value : 0
    }
    const outcome = await this.#inside.perform(() =>
      perform<AcknowledgeOutcome>('acknowledge', (resume) => {
        this.#inHand.delete(id)
        handling.noteAcknowledged()
        this.#reader.acknowledge([handling.delivery], resume)
      }),
    )
    if (outcome === 'unknown') throw new Error(connectionClosed)
    return outcome === 'acknowledged' ? 1 : 0
  }

  async #command(command: Command): Promise<Reply> {
    const end = await this.#inside.perform(() =>
      perform<CallEnd>(command.type, (resume) => this.#reader.command(command, resume)),
    )
    if (end.outcome !== 'answered') throw new Error(connectionClosed)
    if (end.reply.type === 'error') throw new Error(`${end.reply.prefix} ${end.reply.text}`)
    return end.reply
  }
}

/** What ioredis rejects with what it cannot ask any more. */
const connectionClosed = 'Connection is closed.'
