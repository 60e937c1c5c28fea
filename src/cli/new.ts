import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Document, isMap, parseDocument, visit } from 'yaml'
import { writeFileAtomically } from './atomic-file.ts'
import { askPrediction } from './ask-prediction.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { isTerminal, print, say } from './output.ts'
import { single } from './overlay.ts'
import { shippedScenarios } from './package-root.ts'
import { InputError, problemWith } from './problems.ts'
import { findScenarioFiles } from './scenario-files.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { closest } from '../scenario/suggestion.ts'

/** What a scenario begins as where nobody says otherwise. */
const usualTemplate = '01-delivery/exactly-once'

export const newCommand = defineCommand({
  words: 'new <file>',
  summary: 'Begin a scenario of your own with the design of one that comes with onceproof',
  details:
    'Everything but the lesson is taken over: systems, services, faults, what is expected, variants. On a terminal it asks for what is not given.',
  positionals: { file: { type: 'string', demandOption: true, describe: 'The file to write, e.g. my-design.yaml' } },
  options: {
    like: { type: 'string', requiresArg: true, describe: `A scenario as \`list\` names it. Default: ${usualTemplate}` },
    title: { type: 'string', requiresArg: true, describe: 'What it is about, in a line' },
    messages: { type: 'string', requiresArg: true, describe: 'How many messages each service sends' },
    seed: { type: 'string', requiresArg: true, describe: 'Any text. Default: the name of the file' },
  },
  examples: [
    ['new my-design.yaml', 'Asks, then writes'],
    ['new orders.yaml --like 01-delivery/two-hops --title "Our orders" --messages 100', 'Asks nothing'],
  ],
  async perform(args) {
    const problems: ScenarioProblem[] = []
    const title = single('title', args.title, problems)
    const seed = single('seed', args.seed, problems)
    if (/[\\/]$/.test(args.file) || args.file === '')
      problems.push(problemWith(args.file || "''", 'is no name of a file', 'For example my-design.yaml.'))
    else if (existsSync(args.file))
      problems.push(problemWith(args.file, 'there is such a file already', 'Give it another name.'))
    if (problems.length > 0) throw new InputError(problems)
    const like = args.like ?? (await askedTemplate())
    if (like === undefined) return exitCodes.interrupted
    const template = templateNamed(like)
    const name = path.basename(args.file).replace(/\.ya?ml$/i, '')
    const wishes = {
      title: title ?? name.replaceAll(/[-_]+/g, ' '),
      seed: seed ?? name,
      messages: messagesIn(args.messages),
    }
    await writeFileAtomically(args.file, scenarioLike(readFileSync(template, 'utf8'), wishes))
    say(`written: ${args.file}, like ${like}`)
    print(`onceproof run ${args.file}`)
    return exitCodes.asExpected
  },
})

/** On a terminal, one of the folders and one of its scenarios; nothing when the learner stops. */
async function askedTemplate(): Promise<string | undefined> {
  if (!isTerminal(process.stdin) || !isTerminal(process.stdout)) return usualTemplate
  const names = templates().map(({ name }) => name)
  const folder = await chosen([...new Set(names.map((name) => path.dirname(name)))])
  return folder === undefined ? undefined : await chosen(names.filter((name) => path.dirname(name) === folder))
}

async function chosen(choices: readonly string[]): Promise<string | undefined> {
  print(choices.map((choice, place) => `  ${place + 1}. ${choice}`).join('\n'))
  const answer = await askPrediction(choices, { input: process.stdin, output: process.stdout }, 'Your choice')
  return answer.kind === 'choice' ? answer.choice : undefined
}

function templates(): readonly { readonly name: string; readonly file: string }[] {
  return findScenarioFiles([shippedScenarios]).files.map((file) => ({
    name: path.relative(shippedScenarios, file).replace(/\.ya?ml$/, ''),
    file,
  }))
}

function templateNamed(like: string): string {
  const all = templates()
  const wanted = like.replace(/^(.*\/)?scenarios\//, '').replace(/\.ya?ml$/, '')
  const found = all.find(({ name }) => name === wanted || path.basename(name) === wanted)
  if (found !== undefined) return found.file
  const near = closest(
    wanted,
    all.flatMap(({ name }) => [name, path.basename(name)]),
  )
  throw new InputError([
    problemWith(
      `--like ${like}`,
      'no scenario has this name',
      near === undefined ? '`onceproof list` shows them.' : `Did you mean ${near}?`,
    ),
  ])
}

function messagesIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text)
  throw new InputError([problemWith(`--messages ${text}`, 'expected a whole number from 1 to 9999999')])
}

/** What is to be otherwise than in the template. */
interface Wishes {
  readonly title: string
  readonly seed: string
  readonly messages: number | undefined
}

/** What only a lesson has. */
const lessonKeys = ['question', 'predict', 'why']

/** The text of a scenario without its lesson and with other words; comments stay as they are, but for that which names a schema by its place. */
function scenarioLike(text: string, { title, seed, messages }: Wishes): string {
  const document: Document = parseDocument(text)
  for (const key of lessonKeys) document.delete(key)
  document.set('title', title)
  document.set('seed', seed)
  const variants = document.get('variants')
  if (isMap(variants))
    for (const { value } of variants.items) if (isMap(value)) for (const key of lessonKeys) value.delete(key)
  if (messages !== undefined) {
    visit(document, {
      Pair: (_, { key, value }) => {
        if (String(key) === 'sends' && isMap(value) && value.has('messages')) value.set('messages', messages)
      },
    })
  }
  return document.toString({ lineWidth: 140 }).replace(/^# yaml-language-server:.*\n/, '')
}
