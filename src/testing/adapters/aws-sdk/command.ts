import { described } from '../../check/described.ts'

/** What is given to `send` of a client of the SDK: `new ReceiveMessageCommand({ ... })`. Only its class and its input are looked at. */
export interface SdkCommand {
  readonly input: object
}

/** The name of the action that a command stands for (`ReceiveMessage`), and its input. */
export interface ReadCommand {
  readonly action: string
  readonly input: object
}

/** By the name of its class, so that the SDK itself is not needed; nothing where it is none. */
export function readCommand(command: unknown): ReadCommand {
  const name = typeof command === 'object' && command !== null ? command.constructor.name : ''
  const input = typeof command === 'object' && command !== null && 'input' in command ? command.input : undefined
  const [, action] = /^(\w+)Command$/.exec(name) ?? []
  if (action !== undefined && typeof input === 'object' && input !== null) return { action, input }
  throw new TypeError(
    `send() was given ${described(command)}: expected a command of the SDK, as in send(new ReceiveMessageCommand({ ... }))`,
  )
}
