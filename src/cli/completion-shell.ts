import { InputError, problemWith } from './problems.ts'

/** The shells that there is a script for. */
const shells = ['bash', 'zsh', 'fish']

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
