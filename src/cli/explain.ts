import { readFileSync } from 'node:fs'
import path from 'node:path'
import { checks } from '../checks/registry.ts'
import { hanging } from '../report/lines.ts'
import { printable, type Style } from '../report/paint.ts'
import { closest } from '../scenario/suggestion.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { print, styleOf, widthOf } from './output.ts'
import { outputOptions, resultFor } from './output-options.ts'
import { shippedScenarios } from './package-root.ts'
import { InputError, problemWith } from './problems.ts'
import { findScenarioFiles } from './scenario-files.ts'
import { scenarioKey } from './scenario-topics.ts'
import { faultProfile, type Topic, topics } from './topics.ts'

/** So many lessons are named. */
const lessonLimit = 4

export const explainCommand = defineCommand({
  words: 'explain <words..>',
  summary: 'Say what a guarantee, a fault, an option, a fact or a strategy is',
  details: 'An option may be named by its last part; where several products have one of that name, all are shown.',
  positionals: {
    words: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'One name or several, e.g. no-loss, crash, acks',
    },
  },
  options: outputOptions,
  examples: [
    ['explain no-duplicates', 'What is judged, and where it breaks'],
    ['explain acks', 'An option, its default and its page'],
    ['explain power-loss', 'A fault and what it takes'],
  ],
  async perform(args) {
    const all = topics()
    const named = args.words.map((word) => ({ word, found: all.filter((topic) => isNamed(topic, word)) }))
    const unknown = named.filter(({ found }) => found.length === 0)
    if (unknown.length > 0) throw new InputError(unknown.map(({ word }) => problemFor(word, all)))
    const style = styleOf(process.stdout, args.color)
    const width = widthOf(process.stdout)
    const found = named.flatMap((one) => one.found)
    print(
      resultFor(args, {
        json: () => JSON.stringify({ schemaVersion: 1, topics: found.map(topicDocument) }, undefined, 2),
        quiet: () => found.map(({ name, summary }) => `${name}: ${summary}`).join('\n'),
        text: () => found.map((topic) => topicText(topic, style, width)).join('\n'),
      }),
    )
    return exitCodes.asExpected
  },
})

function topicDocument(topic: Topic) {
  const { name, what, summary, details, page } = topic
  return { name, what, summary, details: Object.fromEntries(details), page: page ?? null, lessons: lessonsWith(topic) }
}

/** By its whole name, or by the last part of its path. */
function isNamed({ name }: Topic, word: string): boolean {
  return name === word || name.endsWith(`.${word}`) || name.endsWith(`/${word}`)
}

function problemFor(word: string, all: readonly Topic[]): ReturnType<typeof problemWith> {
  if (/\.(ya?ml|json)$/.test(word))
    return problemWith(`explain ${word}`, 'a scenario is not explained but run', `Try: npx onceproof run ${word}`)
  const near = closest(word, [...new Set(all.flatMap(({ name }) => [name, name.replace(/^.*\./, '')]))])
  const known = checks.map(({ name }) => name).join(', ')
  const suggestion =
    near === undefined
      ? `There are guarantees (${known}), faults and profiles of them, facts, strategies, stores, the options of products, and the keys of a scenario.`
      : `Did you mean ${near}?`
  return problemWith(`explain ${word}`, 'nothing has this name', suggestion)
}

/** The name, what it is, what can be said of it, and the lessons in which it matters. */
function topicText(topic: Topic, style: Style, width: number): string {
  const { name, what, summary, details, page } = topic
  const all = lessonsWith(topic)
  const lessons = all.length > lessonLimit ? [...all.slice(0, lessonLimit), 'and others'] : all
  return [
    `${style.strong(name)}  ${style.faint(what)}`,
    hanging('  ', printable(summary), width),
    ...details.map(([label, text]) => hanging(`  ${label}: `, printable(text), width)),
    ...(page === undefined || page === '' ? [] : [`  documented at ${page}`]),
    ...(lessons.length === 0 ? [] : [hanging('  lessons: ', lessons.join(', '), width)]),
    '',
  ].join('\n')
}

/** All shipped scenarios that name it. */
function lessonsWith(topic: Topic): readonly string[] {
  const word = writtenForm(topic)
  const pattern = new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}(?![\\w-])`)
  const naming = findScenarioFiles([shippedScenarios]).files.filter((file) => pattern.test(readFileSync(file, 'utf8')))
  return naming.map((file) => path.relative(shippedScenarios, file).replace(/\.ya?ml$/, ''))
}

/** As it stands in a scenario: a key is followed by its colon, a profile comes behind one. */
function writtenForm({ name, what }: Topic): string {
  if (what === faultProfile) return `profile: ${name}`
  return what === scenarioKey ? `${name.replace(/^.*\./, '')}:` : name.replace(/^.*\*\./, '')
}
