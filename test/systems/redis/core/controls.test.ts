import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../../../src/systems/redis/core/command.ts'
import type { Execution } from '../../../../src/systems/redis/core/execution.ts'
import { controls } from './controls.ts'
import type { Executes } from './core.ts'
import { makeCore } from './core.ts'

const runs = 200

/** A core in which every command is another one first. */
function withCommands(change: (command: Command, now: number) => readonly Command[]): () => Executes {
  return () => {
    const core = makeCore()
    return {
      execute: (client, command, now) => {
        const executions = change(command, now).map((each) => core.execute(client, each, now))
        const last = executions.at(-1)
        if (last === undefined) throw new Error('Nothing was executed.')
        return { ...last, answers: [...executions.slice(0, -1).flatMap(toOthers(client)), ...last.answers] }
      },
    }
  }
}

function toOthers(client: number): (execution: Execution) => Execution['answers'] {
  return ({ answers }) => answers.filter((answer) => answer.client !== client)
}

/** Errors that a core could have, and that its control must find. */
const planted: Readonly<Record<keyof typeof controls, () => Executes>> = {
  // The id is the time of the clock, whatever the stream has.
  idsIncrease: withCommands((command, now) =>
    command.type === 'XADD'
      ? [
          { type: 'DEL', keys: [command.key] },
          { ...command, id: `${now}-*` },
        ]
      : [command],
  ),
  // The idle time is not looked at.
  claimedOnce: withCommands((command) => [command.type === 'XCLAIM' ? { ...command, minIdle: 0 } : command]),
  // A claim sets the group back.
  deliveredOnce: withCommands((command) =>
    command.type === 'XAUTOCLAIM' ? [{ type: 'XGROUP SETID', key: 's', group: 'g', id: '0' }, command] : [command],
  ),
  // What is moved is taken out first and put in by another command.
  inOneList: withCommands((command) =>
    command.type === 'LMOVE' ? [{ type: command.from === 'LEFT' ? 'LPOP' : 'RPOP', key: command.source }] : [command],
  ),
  // A message goes out twice.
  heardInOrder: withCommands((command) => (command.type === 'PUBLISH' ? [command, command] : [command])),
  // Nobody remembers what a producer has added.
  addedOnce: withCommands((command) => {
    if (command.type !== 'XADD') return [command]
    const { idempotency: _, ...rest } = command
    return [rest]
  }),
  // What was acknowledged is pending once more.
  acknowledgedOnce: withCommands((command) =>
    command.type === 'XACK'
      ? [{ type: 'XCLAIM', key: 's', group: 'g', consumer: 'a', minIdle: 0, ids: command.ids, force: true }, command]
      : [command],
  ),
}

const all = Object.entries(controls).map(([key, control]) => [control.name, key, control] as const)

describe('On a server that stays alive', () => {
  it.each(all)('%s', (_name, _key, { property }) => {
    fc.assert(
      property(() => makeCore()),
      { numRuns: runs },
    )
  })

  it.each(all)('a planted error is found where %s', (_name, key, { property }) => {
    const make = planted[key]
    if (make === undefined) throw new Error(`No error is planted for ${key}.`)
    expect(fc.check(property(make), { numRuns: runs }).failed).toBe(true)
  })
})
