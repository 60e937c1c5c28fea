import { readFileSync } from 'node:fs'
import path from 'node:path'
import { catalogue } from '../pipeline/catalogue.ts'
import { parseScenario, type ParsedScenario } from '../scenario/parse-scenario.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { SourcedRun } from '../report/formats/junit.ts'
import type { VariantsOf } from '../report/json.ts'
import type { LoadedScenario } from './load-scenarios.ts'
import type { Finished } from './report-folder.ts'

/** The variants of a scenario in which something broke: one of them may show what would have prevented it. */
export function othersOf(finished: Finished): readonly Scenario[] {
  return finished.run.rows.some(({ verdict }) => verdict === 'violated') ? variantsOf(finished) : []
}

/** Each run with the variants of its scenario. */
export function withVariants(finished: readonly Finished[]): readonly (Finished & SourcedRun)[] {
  return finished.map((one) => ({ ...one, variants: othersOf(one) }))
}

/** The same for all that ran. */
export function remediesOf(finished: readonly Finished[]): VariantsOf {
  return (run) => finished.filter((one) => one.run === run).flatMap(othersOf)
}

/** The variants of the file that a scenario was read from, with whatever else was given on the command line. */
function variantsOf({ file, text, scenario, source }: LoadedScenario): readonly Scenario[] {
  const parsed = (variant: string): ParsedScenario =>
    parseScenario(text, catalogue, {
      file,
      name: scenario.name,
      set: source.set,
      seed: scenario.seed,
      variant,
      readText: (name) => readFileSync(path.resolve(path.dirname(file), name), 'utf8'),
    })
  const first = parsed('')
  const names = first.ok ? first.variants : []
  return names.flatMap((name) => {
    const variant = parsed(name)
    return variant.ok ? [variant.scenario] : []
  })
}
