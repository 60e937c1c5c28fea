import type { Call, Outcome } from './call.ts'
import { mayTakeMemory } from './command-flags.ts'
import type { Command, DataCommand } from './command.ts'
import { executeData } from './data-commands.ts'
import { notWithinTransaction, outOfMemory } from './errors.ts'
import type { Reply } from './reply.ts'
import type { Round } from './round.ts'
import type { Script } from './script.ts'
import { Subscriptions } from './subscriptions.ts'
import { Transactions } from './transactions.ts'

/** Executes any command, and those of a transaction or a script with nothing between them. */
export class CommandExecutor {
  readonly subscriptions = new Subscriptions()
  readonly transactions = new Transactions()
  readonly #scripts: ReadonlyMap<string, Script>
  /** Whether commands that take memory are refused. */
  isOutOfMemory = false

  constructor(scripts: ReadonlyMap<string, Script>) {
    this.#scripts = scripts
  }

  /** What a command comes to; undefined if everything has been said. Without a client it comes from the master or from the file. */
  execute(round: Round, call: Call, client: number | undefined, command: Command): Outcome | undefined {
    switch (command.type) {
      case 'PING':
        return { type: 'status', text: 'PONG' }
      case 'PUBLISH':
      case 'SPUBLISH':
        return this.#publish(round, call, command)
      case 'SUBSCRIBE':
      case 'UNSUBSCRIBE':
      case 'PSUBSCRIBE':
      case 'PUNSUBSCRIBE':
      case 'SSUBSCRIBE':
      case 'SUNSUBSCRIBE':
        if (client === undefined) return undefined
        if (command.type === 'SSUBSCRIBE' && !call.mayWait) return notWithinTransaction
        for (const reply of this.subscriptions.change(client, command)) round.answer(client, reply)
        return undefined
      case 'MULTI':
      case 'DISCARD':
      case 'WATCH':
      case 'UNWATCH':
        return client === undefined ? undefined : this.transactions.execute(client, command, call.keys, call.now)
      case 'EXEC':
        return client === undefined ? undefined : this.#executeQueued(round, call, client)
      case 'EVAL':
        return this.#runScript(call, command)
      default:
        return executeData(call, command)
    }
  }

  #publish(round: Round, call: Call, command: Extract<Command, { readonly type: 'PUBLISH' | 'SPUBLISH' }>): Reply {
    const { channel, message } = command
    const answers = this.subscriptions.publish(command.type, channel, message)
    round.deliver(answers)
    call.emit({ kind: 'published', channel, message, receivers: answers.length })
    call.published.push(command)
    return { type: 'integer', value: answers.length }
  }

  #executeQueued(round: Round, call: Call, client: number): Reply {
    const queued = this.transactions.take(client, call.keys, call.now)
    if ('type' in queued) return queued
    call.mayWait = false
    const replies: Reply[] = []
    for (const command of queued) {
      const outcome = this.execute(round, call, client, command)
      // What the client is sent on the way stands in the answer like any other; the answer is as long as it would have been without.
      replies.push(...round.withdraw(client))
      if (outcome !== undefined && outcome.type !== 'waits') replies.push(outcome)
    }
    round.follow(client, replies.slice(queued.length))
    return { type: 'replies', replies: replies.slice(0, queued.length) }
  }

  #runScript(call: Call, command: Extract<Command, { readonly type: 'EVAL' }>): Reply {
    const script = this.#scripts.get(command.script)
    if (script === undefined) throw new Error(`There is no script ${command.script}.`)
    const { mayWait } = call
    call.mayWait = false
    const run = (inner: DataCommand): Reply => {
      if (this.isOutOfMemory && mayTakeMemory(inner)) return outOfMemory
      const outcome = executeData(call, inner)
      return outcome.type === 'waits' ? { type: 'nil' } : outcome
    }
    const reply = script({ keys: command.keys, arguments: command.arguments, now: call.now, run })
    call.mayWait = mayWait
    return reply
  }
}
