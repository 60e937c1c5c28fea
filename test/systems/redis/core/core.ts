import type { Command } from '../../../../src/systems/redis/core/command.ts'
import type { Event } from '../../../../src/systems/redis/core/event.ts'
import type { Execution } from '../../../../src/systems/redis/core/execution.ts'
import { defaultIdLimits } from '../../../../src/systems/redis/core/producer-ids.ts'
import type { ServerCoreOptions } from '../../../../src/systems/redis/core/server-core.ts'
import { ServerCore } from '../../../../src/systems/redis/core/server-core.ts'
import { wordsOf } from '../../../../src/systems/redis/core/wire-command.ts'
import type { Wire } from '../../../../src/systems/redis/core/wire-reply.ts'
import { wireOf } from '../../../../src/systems/redis/core/wire-reply.ts'

export function makeCore(options: Partial<ServerCoreOptions> = {}): ServerCore {
  return new ServerCore({
    version: '8.8',
    maxMemory: 0,
    maxMemoryPolicy: 'noeviction',
    streamNodeMaxEntries: 100,
    streamNodeMaxBytes: 4096,
    idLimits: defaultIdLimits,
    scripts: new Map(),
    draw: () => 0,
    ...options,
  })
}

/** Something that executes commands: the core, or one with a planted error. */
export interface Executes {
  execute(client: number, command: Command, now: number): Execution
}

/** What the client is answered; undefined while it waits. */
export function answerOf(execution: Execution, client = 1): Wire {
  const own = execution.answers.filter((answer) => answer.client === client)
  const last = own.at(-1)
  return last === undefined ? undefined : wireOf(last.reply)
}

/** A core and the clock that it goes by, for tests that tell a story. */
export class Session {
  readonly core: ServerCore
  /** Milliseconds. */
  now = 1_000_000
  readonly events: Event[] = []
  readonly written: string[] = []

  constructor(options: Partial<ServerCoreOptions> = {}) {
    this.core = makeCore(options)
  }

  /** Executes a command of a client and returns what it is answered. */
  ask(command: Command, client = 1): Wire {
    return answerOf(this.run(command, client), client)
  }

  run(command: Command, client = 1): Execution {
    const execution = this.core.execute(client, command, this.now)
    this.events.push(...execution.events)
    for (const { commands } of execution.propagations)
      this.written.push(...commands.map((each) => wordsOf(each).map(textOf).join(' ')))
    return execution
  }

  pass(milliseconds: number): void {
    this.now += milliseconds
  }

  /** Adds entries with the ids 1-0, 2-0 and so on. */
  fill(key: string, count: number): void {
    for (let number = 1; number <= count; number++)
      this.run({ type: 'XADD', key, id: `${number}-0`, fields: ['f', `v${number}`] })
  }

  group(key: string, group: string, id = '0'): void {
    this.run({ type: 'XGROUP CREATE', key, group, id, makeStream: true })
  }

  /** The ids that a consumer is given. */
  read(
    consumer: string,
    options: { readonly count?: number; readonly id?: string; readonly claim?: number } = {},
  ): Wire {
    const { id = '>', ...rest } = options
    const streams = [{ key: 's', id }]
    const [answer] = this.run({ type: 'XREADGROUP', group: 'g', consumer, streams, ...rest }).answers
    if (answer?.reply.type !== 'streams') return undefined
    return answer.reply.streams.flatMap(({ entries }) => entries.map((entry) => entry.id))
  }

  /** What is pending: id, owner, idle time and deliveries. */
  pending(group = 'g'): Wire {
    return this.ask({ type: 'XPENDING', key: 's', group, range: { from: '-', to: '+', count: 100 } })
  }
}

function textOf(word: unknown): string {
  return typeof word === 'string' ? word : JSON.stringify(word)
}
