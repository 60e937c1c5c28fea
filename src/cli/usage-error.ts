import type { ScenarioProblem } from '../scenario/problem.ts'
import { closest } from '../scenario/suggestion.ts'
import { problemWith } from './problems.ts'

/** The arguments that were given, and what they could have been. */
export interface Usage {
  readonly args: readonly string[]
  /** Options by command; those of every command under the empty name. */
  readonly optionsOf: ReadonlyMap<string, readonly string[]>
}

/** What is wrong with the arguments, from the English sentence of the parser, whose version is pinned. */
export function usageProblems(message: string, usage: Usage): readonly ScenarioProblem[] {
  const command = commandOf(usage)
  const [, kind = '', rest = ''] = /^([A-Z][a-z -]+?)s?(?::\s*([^]*))?$/.exec(message.replace(/: got .*/, '')) ?? []
  const names = asWritten(rest.split(', '))
  switch (kind) {
    case 'Unknown argument':
    case 'Unknown command':
      return command === undefined ? [unknownCommand(usage)] : names.map((name) => unknownWord(name, command, usage))
    case 'Not enough non-option argument':
      return [tooFew(command)]
    case 'Missing required argument':
      return names.map((name) => missingOption(name, `onceproof ${command ?? ''} needs it`))
    case 'Not enough arguments following':
      return names.map((name) => missingOption(name, 'its value is missing'))
    case 'Invalid value':
      return rest.split('\n').map((line) => wrongChoice(line, usage))
    default:
      return [problemWith('onceproof', message.replace(/\.$/, ''))]
  }
}

/** The parser names an option such as `trace-file` a second time as `traceFile`. */
function asWritten(names: readonly string[]): readonly string[] {
  return names.filter((name) => !names.some((other) => other !== name && camelCase(other) === name))
}

function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function missingOption(name: string, message: string): ScenarioProblem {
  return problemWith(`--${name}`, message, `Write --${name} VALUE.`)
}

function commandOf({ args, optionsOf }: Usage): string | undefined {
  const word = firstWord(args)
  return word !== undefined && optionsOf.has(word) ? word : undefined
}

function firstWord(args: readonly string[]): string | undefined {
  return args.find((argument) => argument !== '' && !argument.startsWith('-'))
}

function unknownCommand(usage: Usage): ScenarioProblem {
  const { args, optionsOf } = usage
  const commands = [...optionsOf.keys()].filter((name) => name !== '')
  const word = firstWord(args)
  if (word === undefined) return unknownOption(args[0] ?? '', '', usage)
  const near = closest(word, commands)
  const suggestion = near === undefined ? `Commands: ${commands.join(', ')}.` : `Did you mean ${near}?`
  return problemWith(word, 'there is no such command', suggestion)
}

function unknownWord(name: string, command: string, usage: Usage): ScenarioProblem {
  const written = usage.args.find(
    (argument) => argument.startsWith('-') && argument.replace(/^-+(no-)?/, '').startsWith(name),
  )
  if (written !== undefined) return unknownOption(written, command, usage)
  return problemWith(name, `onceproof ${command} takes no further argument`, `See onceproof ${command} --help.`)
}

function unknownOption(written: string, command: string, { optionsOf }: Usage): ScenarioProblem {
  const [option = ''] = written.split('=')
  const known = [...(optionsOf.get(command) ?? []), ...(optionsOf.get('') ?? [])]
  const near = closest(option.replace(/^-+/, ''), known)
  const call = ['onceproof', command].filter((word) => word !== '').join(' ')
  const suggestion = near === undefined ? `See ${call} --help.` : `Did you mean --${near}?`
  return problemWith(option, `${call} has no such option`, suggestion)
}

function tooFew(command: string | undefined): ScenarioProblem {
  if (command === undefined) return problemWith('onceproof', 'a command is missing', 'See onceproof --help.')
  return problemWith(`onceproof ${command}`, 'what to work on is missing', `See onceproof ${command} --help.`)
}

/** `  Argument: reveal, Given: "maybe", Choices: "yes", "no"`. */
function wrongChoice(line: string, usage: Usage): ScenarioProblem {
  const [, name = '', found = '', choices = ''] = /Argument: (.*?), Given: (.*), Choices: (.*)/.exec(line) ?? []
  const known = usage.optionsOf.get(commandOf(usage) ?? '') ?? []
  const place = known.includes(name) ? `--${name}` : `<${name}>`
  return problemWith(place, `expected ${choices.replaceAll('"', '').replaceAll(', ', ' or ')}, found ${found}`)
}
