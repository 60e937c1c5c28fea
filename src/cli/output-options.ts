import type { OptionsByName } from './command.ts'

/** What every command takes that prints a result. */
export const outputOptions = {
  json: { type: 'boolean', default: false, describe: 'Print one JSON object on standard output, and nothing else' },
  quiet: {
    type: 'boolean',
    default: false,
    describe: 'A line or two, and nothing on standard error unless something is wrong',
  },
} as const satisfies OptionsByName

/** `--json` outweighs `--quiet`: it is quiet on standard output already. */
export interface OutputArguments {
  readonly json: boolean
  readonly quiet: boolean
}

/** What is printed: the one that was asked for, else the whole text. */
export function resultFor<T>(
  { json, quiet }: OutputArguments,
  forms: { readonly json: () => T; readonly quiet: () => T; readonly text: () => T },
): T {
  if (json) return forms.json()
  return quiet ? forms.quiet() : forms.text()
}
