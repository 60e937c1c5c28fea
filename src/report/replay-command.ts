import type { Run } from '../run.ts'

/** Where a run came from, as far as the run itself does not know. */
export interface RunSource {
  /** The scenario's file, as it is to stand in a command. */
  readonly file: string
  /** What else was given on the command line, `path=value` each. */
  readonly set: readonly string[]
}

/** The command that runs the same again, to the last event: for a shell, with what has to be quoted in quotes. */
export function replayCommand({ scenario }: Run, source: RunSource): string {
  const variant = scenario.variant === '' ? [] : ['--variant', scenario.variant]
  const set = source.set.flatMap((assignment) => ['--set', assignment])
  return commandText(['run', source.file, ...variant, ...set, '--seed', scenario.seed])
}

/** A call of the program for a shell, with what has to be quoted in quotes. */
export function commandText(args: readonly string[]): string {
  return ['npx', 'onceproof', ...args].map(quoted).join(' ')
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`
}
