import type { ArgumentsCamelCase, Argv, InferredOptionTypes, Options, PositionalOptions } from 'yargs'
import type { ExitCode } from './exit-code.ts'

/** A command as data: its words, what it takes, and what it does. */
export interface Command<P extends Positionals = Positionals, O extends OptionsByName = OptionsByName> {
  /** `run <files..>`. */
  readonly words: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What else a newcomer has to know; shown by its own `--help`. */
  readonly details: string
  readonly positionals: P
  readonly options: O
  /** Arguments after the program's name, and what they do. */
  readonly examples: readonly (readonly [command: string, what: string])[]
  perform(args: CommandArguments<P, O>): Promise<ExitCode>
}

export type Positionals = Readonly<Record<string, PositionalOptions>>
export type OptionsByName = Readonly<Record<string, Options>>

type CommandArguments<P extends Positionals, O extends OptionsByName> = ArgumentsCamelCase<
  InferredOptionTypes<P> & InferredOptionTypes<O> & GlobalArguments
>

/** Options of every command. */
export const globalOptions = {
  color: { type: 'boolean', describe: 'Colours: on or, with --no-color, off. Otherwise as the terminal has them' },
  debug: { type: 'boolean', describe: 'Show where in the program an internal error arose', default: false },
} as const satisfies OptionsByName

export type GlobalArguments = InferredOptionTypes<typeof globalOptions>

/** Lets a type be inferred for each part of a command. */
export function defineCommand<const P extends Positionals, const O extends OptionsByName>(
  command: Command<P, O>,
): Command<P, O> {
  return command
}

/** Adds a command to a parser; `done` hears how it ended. */
export function addCommand<P extends Positionals, O extends OptionsByName>(
  program: Argv<GlobalArguments>,
  command: Command<P, O>,
  done: (code: ExitCode) => void,
): void {
  const { words, summary, details, positionals, options, examples } = command
  program.command(
    words,
    summary,
    (parser) => {
      const described = parser.usage(`$0 ${words}\n\n${sentence(summary)}${details === '' ? '' : `\n${details}`}`)
      for (const [example, what] of examples) described.example(`$0 ${example}`, what)
      const withPositionals = Object.entries(positionals).reduce<Argv<GlobalArguments>>(
        (so, [name, spec]) => so.positional(name, spec),
        described,
      )
      return withPositionals.options(options)
    },
    async (args) => done(await command.perform(args as CommandArguments<P, O>)),
  )
}

/** A summary in the list of commands has no full stop; on its own it has one, unless it asks something. */
function sentence(summary: string): string {
  return summary.endsWith('?') ? summary : `${summary}.`
}
