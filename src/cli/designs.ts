import type { Scenario } from '../scenario/scenario.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import type { NamedScenario, SweptValue } from '../exploration/statistics/experiment.ts'
import { loadScenarios } from './load-scenarios.ts'
import { InputError, problemWith } from './problems.ts'

/** What `--set` and `--variant` say about designs. */
export interface DesignArguments {
  readonly set?: unknown
  readonly variant?: unknown
}

/**
 * The designs that are to be measured: every file, in every variant that is named, with every value of the options that are swept:
 * `--set path=a|b|c` makes three designs, two of them make all pairs. A scenario as it stands is the variant `as-it-stands`.
 */
export function designsOf(
  files: readonly string[],
  args: DesignArguments,
  problems: readonly ScenarioProblem[],
): readonly NamedScenario[] {
  const variants = [args.variant ?? asItStands].flat().map(String)
  const swept = [args.set ?? []].flat().map(String).map(choicesOf)
  const wrong = [
    ...(swept.some((choices) => choices.length === 0)
      ? [problemWith('--set', 'expected path=value or path=value|value')]
      : []),
    ...repeated(variants).map((variant) => problemWith(`--variant ${variant}`, 'is named twice')),
    ...repeated(swept.flat()).map((assignment) => problemWith(`--set ${assignment}`, 'is named twice')),
  ]
  if (wrong.length > 0) throw new InputError([...problems, ...wrong])
  const combined = swept.reduce<readonly (readonly string[])[]>(
    (sets, choices) => sets.flatMap((set) => choices.map((choice) => [...set, choice])),
    [[]],
  )
  const designs = variants.flatMap((variant) =>
    combined.flatMap((set) => {
      const chosen = variant === asItStands ? undefined : variant
      const several = set.filter((_, place) => (swept[place]?.length ?? 0) > 1)
      return loadScenarios(files, { seed: undefined, set, variant: chosen }, problems).map(({ scenario }) => {
        return { scenario, name: nameOf(scenario, several), swept: several.map(sweptValueOf) }
      })
    }),
  )
  return designs.map((design) => ({ ...design, name: shortened(design.name, designs) }))
}

const asItStands = 'as-it-stands'

/** `path=a|b` → `path=a`, `path=b`. */
function choicesOf(text: string): readonly string[] {
  const [, path = '', values = ''] = /^([^=\s]+)=(.*)$/.exec(text) ?? []
  return path === '' ? [] : values.split('|').map((value) => `${path}=${value}`)
}

/** What is there more than once: a design would be compared with itself. */
function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, place) => names.indexOf(name) !== place))]
}

function sweptValueOf(assignment: string): SweptValue {
  const equals = assignment.indexOf('=')
  return { path: assignment.slice(0, equals), value: assignment.slice(equals + 1) }
}

function nameOf({ name, variant }: Scenario, set: readonly string[]): string {
  const values = set.map((assignment) => assignment.split('.').at(-1) ?? assignment)
  return [name, ...(variant === '' ? [] : [`[${variant}]`]), ...values].join(' ')
}

/** Without what is the same for all, where something else tells them apart: the folder, or the scenario's name and variant. */
function shortened(name: string, all: readonly NamedScenario[]): string {
  const scenarios = new Set(all.map(({ scenario }) => scenario.name))
  const [only] = scenarios
  if (all.length === 1 || only === undefined) return name
  if (scenarios.size > 1) return withoutFolder(name, [...scenarios])
  if (name === only) return asItStands
  const rest = name.slice(only.length + 1)
  const [variant = '', ...more] = [...new Set(all.map(({ scenario }) => scenario.variant))]
  return variant !== '' && more.length === 0 && rest !== `[${variant}]` ? rest.slice(variant.length + 3) : rest
}

function withoutFolder(name: string, scenarios: readonly string[]): string {
  const folders = new Set(scenarios.map((scenario) => scenario.slice(0, scenario.lastIndexOf('/') + 1)))
  const [folder = ''] = folders
  return folders.size === 1 ? name.slice(folder.length) : name
}
