import { z } from 'zod'
import { assigned } from './assignment.ts'
import type { Catalogue } from './catalogue.ts'
import type { ReadConfiguration } from './configuration-files.ts'
import { inOrder, type ScenarioProblem } from './problem.ts'
import { below, namesOf, Reading } from './reading.ts'
import { readScenario } from './scenario-reader.ts'
import { scenarioSchema } from './scenario-schema.ts'
import type { Scenario } from './scenario.ts'
import { DroppedSecrets } from './secrets.ts'
import type { SourceNode } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'
import type { PlacedTarget } from './target-places.ts'
import type { ReadText } from './trace.ts'
import { noFaults, ownVariants, variantNames, withVariant } from './variant.ts'
import { readYaml } from './yaml-source.ts'

export interface ParseOptions {
  /** The name of the file, for problems; the scenario is named after it unless `name` says otherwise. */
  readonly file?: string
  readonly name?: string
  /** `path=value`, applied in this order before anything is checked. */
  readonly set?: readonly string[]
  /** A variant of the document; empty or nothing for the document as it stands. */
  readonly variant?: string
  /** Takes the place of the document's seed. */
  readonly seed?: string
  /** Reads a trace or a configuration file that the document refers to, by the path that is written there; `undefined` where there is none. */
  readonly readText?: ReadText
}

export type ParsedScenario =
  | {
      readonly ok: true
      readonly scenario: Scenario
      /** What else there is to run, the built-in one included. */
      readonly variants: readonly string[]
      /** Paths of what looked like a credential and was dropped. */
      readonly droppedSecrets: readonly string[]
      /** Where each target stands, for {@link checkTargets}. */
      readonly targets: readonly PlacedTarget[]
      /** What was read from the configuration files that the scenario names. */
      readonly configurations: readonly ReadConfiguration[]
    }
  | {
      readonly ok: false
      readonly problems: readonly ScenarioProblem[]
      readonly droppedSecrets: readonly string[]
      /** What was read all the same: what is missing may be what was not taken from a file. */
      readonly configurations: readonly ReadConfiguration[]
    }

/** A scenario from its text, complete and checked; or everything that is wrong with it, and with its variants. Never throws for its input. */
export function parseScenario(text: string, catalogue: Catalogue, options: ParseOptions = {}): ParsedScenario {
  const secrets = new DroppedSecrets(catalogue)
  const file = options.file ?? 'scenario'
  try {
    return new Parse(text, file, catalogue, options, secrets).result()
  } catch (error) {
    // Only what recursed too deeply; everything else is a mistake of ours and must be seen.
    if (!(error instanceof RangeError)) throw error
    const problem = {
      file,
      line: 1,
      column: 1,
      path: '',
      message: 'is nested too deeply to be read',
      suggestion: undefined,
    }
    return { ok: false, problems: [problem], droppedSecrets: secrets.dropped, configurations: [] }
  }
}

const variantsSchema = z.record(z.string(), z.unknown(), { error: 'a map from names to changes' }).nullish()
const variantSchema = z.record(z.string(), z.unknown(), { error: 'a map of changes' }).nullish()

class Parse {
  readonly #catalogue: Catalogue
  readonly #options: ParseOptions
  readonly #name: string
  readonly #secrets: DroppedSecrets
  readonly #problems: ScenarioProblem[] = []
  readonly #document: SourceNode

  constructor(text: string, file: string, catalogue: Catalogue, options: ParseOptions, secrets: DroppedSecrets) {
    this.#catalogue = catalogue
    this.#options = options
    this.#name = options.name ?? nameOfFile(file)
    this.#secrets = secrets
    const { node, problems } = readYaml(text, file)
    this.#problems.push(...problems)
    this.#document = secrets.fromDocument(problems.length > 0 ? node : this.#withAssignments(node))
  }

  result(): ParsedScenario {
    const { variant = '' } = this.#options
    this.#refuseOddVariants()
    const names = variantNames(this.#document)
    if (variant !== '' && !names.includes(variant)) this.#refuseVariant(variant, names)
    const parsed = this.#problems.length > 0 ? undefined : this.#read(variant)
    // A mistake in a variant is worth knowing before that variant is run.
    if (parsed !== undefined && variant === '') for (const name of ownVariants(this.#document)) this.#read(name)
    const droppedSecrets = [...new Set(this.#secrets.dropped)]
    if (parsed?.scenario === undefined || this.#problems.length > 0)
      return {
        ok: false,
        problems: inOrder(this.#problems),
        droppedSecrets,
        configurations: parsed?.configurations ?? [],
      }
    return {
      ok: true,
      scenario: parsed.scenario,
      variants: names,
      droppedSecrets,
      targets: parsed.targets,
      configurations: parsed.configurations,
    }
  }

  #read(variant: string): ReturnType<typeof readScenario> {
    const { seed, readText = () => undefined } = this.#options
    const read = readScenario(withVariant(this.#document, variant), this.#catalogue, {
      name: this.#name,
      variant,
      readText,
      secrets: this.#secrets,
      otherwise: variant === noFaults ? 'not-violated' : 'anything',
    })
    this.#problems.push(...read.problems)
    return seed === undefined || read.scenario === undefined ? read : { ...read, scenario: { ...read.scenario, seed } }
  }

  #withAssignments(document: SourceNode): SourceNode {
    const { set = [] } = this.#options
    return set.reduce((node, assignment) => {
      const result = assigned(node, assignment, scenarioSchema(this.#catalogue))
      if (result.problem !== undefined) this.#problems.push(result.problem)
      return result.node
    }, document)
  }

  /** Variants are laid over the document, so their outermost form is looked at here and the rest where it ends up. */
  #refuseOddVariants(): void {
    const reading = new Reading(this.#catalogue)
    const variants = below({ node: this.#document, path: [] }, 'variants')
    reading.read(variantsSchema, variants)
    for (const name of namesOf(variants)) {
      reading.read(variantSchema, below(variants, name))
      if (!isVariantName(name)) reading.refuseName(variants, name, variantNameExpected)
    }
    this.#problems.push(...reading.problems)
  }

  #refuseVariant(variant: string, names: readonly string[]): void {
    const message = `there is no variant ${JSON.stringify(variant.slice(0, 60))}`
    const place = { file: '--variant', line: undefined, column: undefined, path: '' }
    this.#problems.push({ ...place, message, suggestion: suggestionFor(variant, names) })
  }
}

const variantNameExpected = 'expected a name of letters, digits, `-`, `_` and `.` that is not `all`'

/** Variants are chosen on a command line, where `all` means all of them, and name folders of reports. */
function isVariantName(name: string): boolean {
  return /^[\p{L}\p{N}_=][\p{L}\p{N}_.=-]*$/u.test(name) && name !== 'all'
}

/** `scenarios/01-delivery/at-most-once.yaml` → `01-delivery/at-most-once`. */
function nameOfFile(file: string): string {
  return file
    .replace(/\.ya?ml$/i, '')
    .split(/[/\\]/)
    .slice(-2)
    .join('/')
}
