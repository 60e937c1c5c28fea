import { CommandError, ok } from '../reply.ts'
import { hashCommands, listCommands, setCommands, sortedSetCommands } from './collections.ts'
import type { KeyCommand } from './key-command.ts'
import { define } from './key-command.ts'
import { lifetimeCommands } from './lifetimes.ts'
import { stringCommands } from './strings.ts'

const keyCommands: readonly KeyCommand[] = [
  ...['del', 'unlink'].map((name) =>
    define(name, 1, Infinity, (given, keys) => {
      const gone = new Set(given.filter((key) => keys.read(key) !== undefined))
      for (const key of gone) keys.write(key, undefined, undefined)
      return gone.size
    }),
  ),
  define('exists', 1, Infinity, (given, keys) => given.filter((key) => keys.read(key) !== undefined).length),
  define('type', 1, 1, ([key = ''], keys) => ({ status: keys.read(key)?.type ?? 'none' })),
  define('ping', 0, 1, ([text]) => text ?? { status: 'PONG' }),
  define('echo', 1, 1, ([text = '']) => text),
  // Inside of a transaction, the end of which forgets what was watched anyhow.
  define('unwatch', 0, 0, () => ok),
]

const all = new Map(
  [
    ...stringCommands,
    ...lifetimeCommands,
    ...keyCommands,
    ...hashCommands,
    ...setCommands,
    ...sortedSetCommands,
    ...listCommands,
  ].map((each) => [each.name, each]),
)

/** Every command that works on keys. */
export const commandNames: readonly string[] = [...all.keys()]

/** The command of a name, if these are arguments that it takes. */
export function findCommand(name: string, given: readonly string[]): KeyCommand {
  const word = name.toLowerCase()
  const found = all.get(word)
  if (found === undefined) throw new CommandError(`ERR unknown command '${name}'`)
  const [least, most] = found.arity
  if (given.length < least || given.length > most)
    throw new CommandError(`ERR wrong number of arguments for '${word}' command`)
  return found
}
