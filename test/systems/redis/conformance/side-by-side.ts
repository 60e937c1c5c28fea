import type { Command } from '../../../../src/systems/redis/core/command.ts'
import type { Execution } from '../../../../src/systems/redis/core/execution.ts'
import { defaultIdLimits } from '../../../../src/systems/redis/core/producer-ids.ts'
import { ServerCore } from '../../../../src/systems/redis/core/server-core.ts'
import { wordsOf } from '../../../../src/systems/redis/core/wire-command.ts'
import { wireOf } from '../../../../src/systems/redis/core/wire-reply.ts'
import { comparable } from './comparable.ts'
import type { Step } from './plan.ts'
import { clientCount, groups, lists, others, streams } from './plan.ts'
import type { RealConnection } from './real-connection.ts'
import type { RealFile } from './real-file.ts'

/** The first thing that the core and the server did not do alike. */
class Difference extends Error {}

export interface RealSide {
  readonly observer: RealConnection
  readonly clients: readonly RealConnection[]
  readonly file: RealFile
}

/** How small the macro nodes are on both sides, so that short plans fill them. */
export const nodeEntries = 4
export const nodeBytes = 120

/**
 * Makes the core and a real server do the same and compares what every client is sent, after each command, and in the end everything that
 * there is and what was written to the append-only file. Returns how often each thing happened.
 */
export async function sideBySide(plan: readonly Step[], real: RealSide): Promise<ReadonlyMap<string, number>> {
  const pair = new Pair(real)
  await pair.begin()
  for (const step of plan) await pair.step(step)
  await pair.end()
  return pair.happened
}

class Pair {
  readonly #real: RealSide
  readonly #core = new ServerCore({
    version: '7.0',
    maxMemory: 0,
    maxMemoryPolicy: 'noeviction',
    streamNodeMaxEntries: nodeEntries,
    streamNodeMaxBytes: nodeBytes,
    idLimits: defaultIdLimits,
    scripts: new Map(),
    draw: () => 0,
  })
  readonly #expected: unknown[][] = Array.from({ length: clientCount }, () => [])
  readonly #written: string[] = []
  readonly #story: string[] = []
  readonly #seen: number[]
  readonly happened = new Map<string, number>()
  readonly #inTransaction = new Set<number>()
  #blocked = 0

  constructor(real: RealSide) {
    this.#real = real
    this.#seen = real.clients.map(({ received }) => received.length)
  }

  async begin(): Promise<void> {
    await this.#real.observer.ask('FLUSHALL')
    await this.#real.file.rewind()
  }

  async step({ client, command }: Step): Promise<void> {
    const connection = this.#real.clients[client]
    if (connection === undefined || this.#core.isBlocked(client)) return
    if (command.type === 'MULTI') this.#inTransaction.add(client)
    if (command.type === 'EXEC' || command.type === 'DISCARD') this.#inTransaction.delete(client)
    // In a transaction nobody can tell which id it will get.
    if (isTimed(command) && this.#inTransaction.has(client)) return
    this.#story.push(`${client}: ${wordsOf(command).map(String).join(' ')}`)
    const before = connection.received.length
    connection.send(wordsOf(command))
    // The real clock gives the id; the core is told the time that is in it.
    if (isTimed(command)) await connection.reaches(before + 1)
    const now = isTimed(command) ? timeIn(connection.received[before]) : Date.now()
    this.#take(this.#core.execute(client, command, now), client)
    if (this.#core.isBlocked(client)) await this.#reachBlocked(this.#blocked)
    await this.#agree()
  }

  async end(): Promise<void> {
    for (const [client, connection] of this.#real.clients.entries()) {
      if (!this.#core.isBlocked(client)) continue
      await this.#real.observer.ask('CLIENT', 'UNBLOCK', String(connection.id), 'TIMEOUT')
      this.#take(this.#core.timeOut(client), client)
      this.#blocked = this.#blockedNow()
    }
    await this.#agree()
    for (const command of looks()) {
      const found = await this.#real.observer.ask(...wordsOf(command).map(String))
      const [answer] = this.#core.execute(observer, command, Date.now()).answers
      const expected = answer === undefined ? undefined : wireOf(answer.reply)
      this.#expectSame(`at the end ${wordsOf(command).map(String).join(' ')}`, expected, found)
    }
    this.#expectSame('the append-only file', this.#written, await this.#real.file.commands())
    for (const connection of this.#real.clients) await connection.ask('RESET')
  }

  #take(execution: Execution, client: number): void {
    for (const { client: to, reply } of execution.answers) {
      this.#expected[to]?.push(comparable(wireOf(reply)))
      this.#count(to === client ? `answer: ${reply.type}` : `to another: ${reply.type}`)
    }
    for (const event of execution.events) this.#count('how' in event ? `${event.kind} ${event.how}` : event.kind)
    for (const { commands, to } of execution.propagations) {
      if (to === 'replicas') continue
      const lines = commands.map((command) => wordsOf(command).map(String).join(' '))
      this.#written.push(...(lines.length > 1 ? ['MULTI', ...lines, 'EXEC'] : lines))
    }
    this.#blocked = this.#blockedNow()
  }

  #blockedNow(): number {
    return this.#real.clients.filter((_, client) => this.#core.isBlocked(client)).length
  }

  #count(what: string): void {
    this.happened.set(what, (this.happened.get(what) ?? 0) + 1)
  }

  /** Waits until the server says that so many clients are blocked. */
  async #reachBlocked(count: number): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      const text = String(await this.#real.observer.ask('INFO', 'clients'))
      if (text.includes(`blocked_clients:${count}\r`)) return
    }
    throw this.#describe(`the server has not ${count} blocked clients`)
  }

  async #agree(): Promise<void> {
    for (const [client, connection] of this.#real.clients.entries()) {
      const expected = this.#expected[client] ?? []
      const from = this.#seen[client] ?? 0
      await connection.reaches(from + expected.length)
      const found = connection.received.slice(from)
      this.#expectSame(`client ${client} was sent`, inOneOrder(expected), inOneOrder(found))
      this.#seen[client] = from + expected.length
      expected.length = 0
    }
  }

  #expectSame(what: string, expected: unknown, found: unknown): void {
    const [ours, theirs] = [JSON.stringify(comparable(expected)), JSON.stringify(comparable(found))]
    if (ours !== theirs) throw this.#describe(`${what}\n  server ${theirs}\n  core   ${ours}`)
  }

  #describe(difference: string): Difference {
    return new Difference(`${difference}\nafter\n${this.#story.join('\n')}`)
  }
}

/** The server goes through patterns in an order of its own. */
function inOneOrder(received: readonly unknown[]): readonly unknown[] {
  const isOfPattern = (item: unknown): boolean => Array.isArray(item) && item[0] === 'pmessage'
  const sorted = received.filter(isOfPattern).sort((one, other) => (String(one) < String(other) ? -1 : 1))
  return received.map((item) => (isOfPattern(item) ? sorted.shift() : item))
}

/** The number of a client that only looks. */
const observer = -1

function isTimed(command: Command): boolean {
  return command.type === 'XADD' && command.id === '*'
}

function timeIn(reply: unknown): number {
  return typeof reply === 'string' ? Number(reply.split('-')[0]) : Date.now()
}

/** Everything that there may be. */
function looks(): readonly Command[] {
  return [
    ...[...streams, ...lists, ...others].map((key): Command => ({ type: 'TYPE', key })),
    ...streams.flatMap((key): readonly Command[] => [
      { type: 'XRANGE', key, from: '-', to: '+' },
      { type: 'XINFO STREAM', key },
      { type: 'XINFO GROUPS', key },
      ...groups.flatMap((group): readonly Command[] => [
        { type: 'XINFO CONSUMERS', key, group },
        { type: 'XPENDING', key, group },
        { type: 'XPENDING', key, group, range: { from: '-', to: '+', count: 1000 } },
      ]),
    ]),
    ...lists.map((key): Command => ({ type: 'LRANGE', key, start: 0, stop: -1 })),
    ...others.flatMap((key): readonly Command[] => [
      { type: 'GET', key },
      { type: 'HGETALL', key },
      { type: 'PTTL', key },
    ]),
  ]
}
