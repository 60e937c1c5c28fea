import type { ScenarioProblem } from '../scenario/problem.ts'
import type { OptionsByName } from './command.ts'
import { problemWith } from './problems.ts'

/** Values of switches that are neither true nor false, which the parser would take for false: `--stop-at-first=maybe`. */
export function oddBooleans(args: readonly string[], options: OptionsByName): readonly ScenarioProblem[] {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).flatMap((argument) => {
    const [, written = '', value] = /^--([^=]+)=([^]*)$/.exec(argument) ?? []
    if (value === undefined || value === 'true' || value === 'false') return []
    const name = hyphenated(written.replace(/^no-/, ''))
    const isSwitch = options[name]?.type === 'boolean' || name === 'help' || name === 'version'
    return isSwitch ? [problemWith(`--${written}`, `expected true or false, found ${JSON.stringify(value)}`)] : []
  })
}

/** The parser takes `--stopAtFirst` as well. */
function hyphenated(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
