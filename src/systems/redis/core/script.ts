import type { Bulk } from './bulk.ts'
import type { DataCommand } from './command.ts'
import type { Reply } from './reply.ts'

/** What a script in Lua would do: nothing comes between its commands, and each sees what the ones before it did. It waits for nothing. */
export type Script = (context: ScriptContext) => Reply

export interface ScriptContext {
  readonly keys: readonly string[]
  readonly arguments: readonly Bulk[]
  /** `TIME`, milliseconds; it does not pass while the script runs. */
  readonly now: number
  run(command: DataCommand): Reply
}
