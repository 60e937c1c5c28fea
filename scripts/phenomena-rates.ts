import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { catalogue } from '../src/pipeline/catalogue.ts'
import { run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** A phenomenon that needs luck. */
export interface ChanceRow {
  readonly row: string
  readonly what: string
  /** The file of its lesson below `scenarios`, and the variant of that which mends it. */
  readonly lesson: string
  readonly remedy: string
  /** What is laid over the lesson so that chance decides. */
  readonly changes: Plain
  readonly sees: Sight
}

/** The guarantee whose violation shows the phenomenon, at any level or at one. */
interface Sight {
  readonly guarantee: string
  readonly level?: 'effect'
}

export interface Rate {
  readonly row: string
  readonly what: string
  readonly remedy: string
  readonly seeds: number
  /** In how many runs it came about, and in how many with the remedy. */
  readonly seen: number
  readonly seenMended: number
}

/** Measures each row over seeds derived from its lesson's. */
export function measureRates(rows: readonly ChanceRow[], seeds: number): readonly Rate[] {
  return rows.map((chance) => {
    const { row, what, remedy } = chance
    const broken = byChance(chance, '')
    const mended = byChance(chance, remedy)
    const places = Array.from({ length: seeds }, (_, place) => place)
    const count = (scenario: Scenario): number =>
      places.filter((place) => isSeen({ ...scenario, seed: `${scenario.seed}/${place}` }, chance.sees)).length
    return { row, what, remedy, seeds, seen: count(broken), seenMended: count(mended) }
  })
}

/** Whether a rate is what it should be: now and then, and never with the remedy. */
export function isPlausible({ seeds, seen, seenMended }: Rate): boolean {
  return seen > 0 && seen < seeds && seenMended === 0
}

/** The rates as a table of Markdown. */
export function ratesTable(rates: readonly Rate[]): string {
  const head = ['| row | what may happen | seen | with the remedy |', '|---|---|---|---|']
  const lines = rates.map(({ row, what, remedy, seeds, seen, seenMended }) => {
    return `| ${row} | ${what} | ${seen} of ${seeds} | ${seenMended} of ${seeds} (${remedy}) |`
  })
  return [...head, ...lines].join('\n')
}

function byChance({ lesson, changes }: ChanceRow, variant: string): Scenario {
  const file = path.resolve('scenarios', `${lesson}.yaml`)
  const document: Plain = parse(readFileSync(file, 'utf8'))
  // JSON is YAML.
  const parsed = parseScenario(JSON.stringify(laidOver(document, changes)), catalogue, { file: lesson, variant })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => `${lesson}: ${message}`).join('\n'))
  return parsed.scenario
}

/** As variants are: maps are merged, everything else is replaced, nothing takes away. */
function laidOver(under: Plain, over: Plain): Plain {
  if (!isMap(under) || !isMap(over)) return over
  const merged: Record<string, Plain> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key]
    else merged[key] = laidOver(merged[key] ?? null, value)
  }
  return merged
}

function isMap(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSeen(scenario: Scenario, sight: Sight): boolean {
  const { rows } = run(scenario, { keepHistory: false })
  return rows.some(({ guarantee, level, verdict }) => {
    const isMeant = guarantee === sight.guarantee && (sight.level === undefined || sight.level === level)
    return isMeant && verdict === 'violated'
  })
}

/** The command line of a list: prints its table, and says by the exit code whether all of it is plausible. */
export function printRates(rows: readonly ChanceRow[], seeds: number): void {
  const rates = measureRates(rows, seeds)
  process.stdout.write(`${ratesTable(rates)}\n`)
  process.exitCode = rates.every(isPlausible) ? 0 : 1
}
