import yargs from 'yargs'
import { problemText, ScenarioError } from '../scenario/problem.ts'
import { checkCommand } from './check.ts'
import { oddBooleans } from './boolean-values.ts'
import { addCommand, type Command, globalOptions } from './command.ts'
import { asksForCompletionHelp, completionHelp, withCompletionShell } from './completion-shell.ts'
import type { ExitCode } from './exit-code.ts'
import { exitCodes } from './exit-code.ts'
import { exploreCommand } from './explore.ts'
import { explainCommand } from './explain.ts'
import { topicNames } from './topics.ts'
import { lessonCommand } from './lesson.ts'
import { listCommand } from './list.ts'
import { matrixCommand } from './matrix.ts'
import { newCommand } from './new.ts'
import { say, widthOf } from './output.ts'
import { packageVersion } from './package-root.ts'
import { InputError } from './problems.ts'
import { regressCommand } from './regress.ts'
import { mergeCommand } from './merge.ts'
import { estimateCommand } from './estimate.ts'
import { compareCommand } from './compare.ts'
import { sweepCommand } from './sweep.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { usageProblems, type Usage } from './usage-error.ts'
import { verifyCommand } from './verify.ts'

/** Does what the arguments ask and answers with the exit code. Never throws: every kind of wrong has its own words. */
export async function commandLine(args: readonly string[]): Promise<ExitCode> {
  try {
    return await perform(args)
  } catch (error) {
    if (error instanceof InputError || error instanceof ScenarioError) {
      for (const problem of error.problems) say(problemText(problem))
      return exitCodes.wrongInput
    }
    sayInternalError(error, args)
    return exitCodes.internalError
  }
}

/** What nobody expected: it is the program's fault, and only we can do something about it. */
export function sayInternalError(error: unknown, args: readonly string[]): void {
  const sentence = error instanceof Error ? error.message : String(error)
  say(`onceproof failed, and not because of your scenario: ${sentence}`)
  say(`Please report it, with this command and its files: onceproof ${args.join(' ')} (version ${packageVersion()})`)
  const wanted = args.includes('--debug') || (process.env['ONCEPROOF_DEBUG'] ?? '') !== ''
  if (!wanted) say('With --debug it shows where in the program it happened.')
  else if (error instanceof Error && error.stack !== undefined) say(error.stack)
}

async function perform(given: readonly string[]): Promise<ExitCode> {
  const args = withCompletionShell(given)
  const odd = oddBooleans(args, {
    ...globalOptions,
    ...commands.find((one) => one.words.split(' ')[0] === args[0])?.options,
  })
  if (odd.length > 0) throw new InputError(odd)
  let code: ExitCode = exitCodes.asExpected
  const done = (ended: ExitCode): void => {
    code = ended
  }
  const program = parser(args)
  addCommand(program, runCommand, done)
  addCommand(program, lessonCommand, done)
  addCommand(program, listCommand, done)
  addCommand(program, verifyCommand, done)
  addCommand(program, checkCommand, done)
  addCommand(program, exploreCommand, done)
  addCommand(program, regressCommand, done)
  addCommand(program, sweepCommand, done)
  addCommand(program, compareCommand, done)
  addCommand(program, estimateCommand, done)
  addCommand(program, mergeCommand, done)
  addCommand(program, matrixCommand, done)
  addCommand(program, explainCommand, done)
  addCommand(program, newCommand, done)
  addCommand(program, schemaCommand, done)
  if (asksForCompletionHelp(args)) addCommand(program, completionHelp, done)
  else
    program.completion(
      'completion',
      completionHelp.summary,
      (current: string, _: unknown, complete: () => void, offer: (words: string[]) => void) => {
        if (args[1] === 'onceproof' && args[2] === 'explain' && !current.startsWith('-'))
          offer([...topicNames(current)])
        else complete()
      },
    )
  await program.parseAsync()
  return code
}

function parser(args: readonly string[]) {
  return yargs(args)
    .scriptName('onceproof')
    .usage(`$0 <command>\n\n${purpose}`)
    .example('$0 run scenarios/01-delivery', 'Run every scenario of a folder')
    .example('$0 lesson scenarios/01-delivery/exactly-once.yaml', 'Predict, then see')
    .epilogue(exitCodesText)
    .options(globalOptions)
    .parserConfiguration({ 'parse-numbers': false, 'parse-positional-numbers': false, 'dot-notation': false })
    .locale('en')
    .strict()
    .demandCommand(1, nothingAsked)
    .fail((message: string | null, error: Error | undefined) => {
      // A failure of a command itself arrives here as well, without a message.
      if (message === null || (error !== undefined && error.name !== 'YError'))
        throw error ?? new Error('unknown failure')
      throw new InputError(usageProblems(message, { args, optionsOf }))
    })
    .exitProcess(false)
    .wrap(widthOf(process.stdout))
    .version(packageVersion())
    .alias({ help: 'h', version: 'V' })
    .help()
}

const nothingAsked = 'Not enough non-option arguments'

const purpose =
  'Tells you what a messaging design really delivers when things break: lost, duplicated, reordered, late, and why.'

const exitCodesText = `Exit codes: ${[
  `${exitCodes.asExpected} as the scenario expects`,
  `${exitCodes.notAsExpected} an expectation is not met`,
  `${exitCodes.undecided} undecided`,
  `${exitCodes.wrongInput} the input is wrong`,
  `${exitCodes.internalError} an error of onceproof itself`,
].join(', ')}.`

const commands: readonly Pick<Command, 'words' | 'options'>[] = [
  runCommand,
  lessonCommand,
  listCommand,
  verifyCommand,
  checkCommand,
  exploreCommand,
  regressCommand,
  sweepCommand,
  compareCommand,
  estimateCommand,
  mergeCommand,
  matrixCommand,
  explainCommand,
  newCommand,
  schemaCommand,
]

const optionsOf: Usage['optionsOf'] = new Map([
  ['', [...Object.keys(globalOptions), 'help', 'version']],
  ...commands.map(({ words, options }) => [words.split(' ')[0] ?? '', Object.keys(options)] as const),
  ['completion', []],
])
