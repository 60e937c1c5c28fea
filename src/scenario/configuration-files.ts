import { z } from 'zod'
import type { ConfigurationFile, FileReading } from '../systems/configuration-file.ts'
import { quoted } from './issue.ts'
import type { Place } from './problem.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent } from './reading.ts'
import type { DroppedSecrets } from './secrets.ts'
import type { SourceNode } from './source-tree.ts'
import { nodeOf, overlaid, withNodeAt, without } from './source-tree.ts'
import type { ReadText } from './trace.ts'
import { listed, someSchema, textSchema } from './value-schema.ts'

/** What was taken from a configuration file that a scenario names, for people. */
export interface ReadConfiguration extends Pick<FileReading, 'withoutMeaning' | 'missing' | 'credentials'> {
  /** As the scenario names it. */
  readonly file: string
  /** Names of the options that were read. */
  readonly options: readonly string[]
}

/** One file, or several, of which the later ones win. */
export function configurationFileSchema({ summary }: ConfigurationFile): z.ZodType {
  return namesSchema.nullish().meta({ description: `${summary} What the scenario says wins.` })
}

const namesSchema = someSchema(textSchema('the name of a file'), 'the name of a file or a list of them')

/** Puts what configuration files say in the place of their names. */
export class ConfigurationFiles {
  /** In the order of the document; a file that is named twice is here twice. */
  readonly found: ReadConfiguration[] = []
  readonly #readText: ReadText
  readonly #secrets: DroppedSecrets

  constructor(readText: ReadText, secrets: DroppedSecrets) {
    this.#readText = readText
    this.#secrets = secrets
  }

  /** The options of the spot over those of the files that it names. Their places are in the files, so that problems point there. */
  resolved(reading: Reading, spot: Spot, kind: ConfigurationFile | undefined): SourceNode {
    const { node } = spot
    if (kind === undefined || node.kind !== 'map' || !node.entries.has(kind.key)) return node
    const names = below(spot, kind.key)
    const own = without(node, [kind.key])
    const files = isAbsent(names) ? [] : listed(reading.read(namesSchema, names) ?? [])
    const base = files.reduce<SourceNode | undefined>(
      (tree, file) => this.#laidOn(tree, reading, names, kind, file),
      undefined,
    )
    return base === undefined ? own : overlaid(base, own)
  }

  #laidOn(
    tree: SourceNode | undefined,
    reading: Reading,
    spot: Spot,
    kind: ConfigurationFile,
    file: string,
  ): SourceNode | undefined {
    const text = this.#textOf(file)
    if (text === undefined) {
      reading.refuse(spot, `the file ${quoted(file)} cannot be read`, 'It is looked for beside the scenario.')
      return tree
    }
    const { options, problems, withoutMeaning, missing, credentials } = kind.read(text)
    for (const { message, line } of problems) {
      const suggestion = undefined
      reading.problems.push({ ...placeIn(file, line), path: spot.path.join('.'), message, suggestion })
    }
    this.found.push({ file, options: options.map(({ path }) => path.join('.')), withoutMeaning, missing, credentials })
    const parent = spot.path.slice(0, -1).map(String)
    return options.reduce<SourceNode | undefined>((node, { path, value, line }) => {
      const clean = this.#secrets.fromDocument(nodeOf(value, placeIn(file, line)), [...parent, ...path])
      return withNodeAt(node, path, clean)
    }, tree)
  }

  #textOf(file: string): string | undefined {
    try {
      return this.#readText(file)
    } catch {
      return undefined
    }
  }
}

function placeIn(file: string, line: number | undefined): Place {
  return { file, line, column: line === undefined ? undefined : 1 }
}
