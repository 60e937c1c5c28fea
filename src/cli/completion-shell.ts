import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { InputError, problemWith } from './problems.ts'

/** The shells that there is a script for. */
const shells = ['bash', 'zsh', 'fish']

/** What `--help` says of `completion`. The parser has such a command of its own, which prints the script and knows no help. */
export const completionHelp = defineCommand({
  words: 'completion [shell]',
  summary: 'Print a script that teaches your shell to complete commands and options',
  details: 'Its first lines say where to put it. Without a name it is for the shell that SHELL names.',
  positionals: { shell: { type: 'string', choices: shells, describe: 'The shell that it is for' } },
  options: {},
  examples: [['completion bash >> ~/.bashrc', 'From the next shell on']],
  perform: () => Promise.resolve(exitCodes.asExpected),
})

/** Whether the help of `completion` is asked for. */
export function asksForCompletionHelp(args: readonly string[]): boolean {
  return args[0] === 'completion' && args.some((argument) => argument === '--help' || argument === '-h')
}

/**
 * `completion zsh`: the shell that the script is for. The parser writes that for the shell which the environment names, so the environment is told;
 * the word itself is taken out of the arguments.
 */
export function withCompletionShell(args: readonly string[]): readonly string[] {
  const [command, shell, ...others] = args
  if (command !== 'completion' || shell === undefined || shell.startsWith('-')) return args
  if (!shells.includes(shell))
    throw new InputError([
      problemWith(`completion ${shell}`, 'there is no script for this shell', `There are ${shells.join(', ')}.`),
    ])
  process.env['SHELL'] = `/bin/${shell}`
  delete process.env['ZSH_NAME']
  return [command, ...others]
}
