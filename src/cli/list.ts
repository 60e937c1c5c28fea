import path from 'node:path'
import { columns, hanging } from '../report/lines.ts'
import { printable } from '../report/paint.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { loadScenarios } from './load-scenarios.ts'
import { print, styleOf, widthOf } from './output.ts'
import { outputOptions, resultFor } from './output-options.ts'
import { noOverlay } from './overlay.ts'
import { shippedScenarios } from './package-root.ts'

export const listCommand = defineCommand({
  words: 'list [folders..]',
  summary: 'List scenarios as a course: folder, title, question',
  details: 'Without a folder it lists the scenarios that come with onceproof.',
  positionals: { folders: { type: 'string', array: true, describe: 'Folders, files or globs' } },
  options: outputOptions,
  examples: [
    ['list', 'What comes with onceproof'],
    ['list scenarios/01-delivery', 'One folder of it'],
  ],
  async perform(args) {
    const folders = args.folders ?? []
    const entries = loadScenarios(folders.length > 0 ? folders : [shippedScenarios], noOverlay, []).map(
      ({ file, scenario }) => ({ file: fromHere(file), folder: path.dirname(fromHere(file)), scenario }),
    )
    print(
      resultFor(args, {
        json: () => JSON.stringify({ schemaVersion: 1, scenarios: entries.map(entryOf) }, undefined, 2),
        quiet: () => entries.map(({ file }) => file).join('\n'),
        text: () => courseText(entries, styleOf(process.stdout, args.color).strong, widthOf(process.stdout)),
      }),
    )
    return exitCodes.asExpected
  },
})

interface Entry {
  readonly file: string
  readonly folder: string
  readonly scenario: Scenario
}

function entryOf({ file, folder, scenario: { name, title, question } }: Entry) {
  return { file, folder, name, title, question }
}

/** A heading for each folder, and below it a line for each scenario and one for its question. */
function courseText(entries: readonly Entry[], strong: (text: string) => string, width: number): string {
  const folders = [...new Set(entries.map(({ folder }) => folder))]
  return folders
    .map((folder) => {
      const inside = entries.filter((entry) => entry.folder === folder)
      const lines = columns(inside.map(({ file, scenario }) => [path.basename(file), printable(scenario.title)]))
      const questions = inside.map(({ scenario }) => printable(scenario.question.trim()))
      const shown = lines.flatMap(([file = '', title = ''], place) => [
        hanging(`  ${file}  `, title, width),
        ...(questions[place] ? [hanging('      ', questions[place], width)] : []),
      ])
      return [strong(folder), ...shown].join('\n')
    })
    .join('\n\n')
}

/** The file as somebody here would write it. */
function fromHere(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.startsWith('..') ? path.resolve(file) : relative
}
