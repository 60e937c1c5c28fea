/**
 * `node scripts/run-typescript.mjs scripts/kafka-rates.ts [SEEDS]`: how often the phenomena of Kafka that documents call possible come about
 * when nobody aims: the lesson of each, with its faults at a time instead of at a fact, over 200 seeds. A phenomenon that always comes about
 * or never would be as wrong as a remedy that does not help; both give the exit code 1.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { catalogue } from '../src/pipeline/catalogue.ts'
import { run } from '../src/run.ts'
import { parseScenario } from '../src/scenario/parse-scenario.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** A phenomenon that needs luck. */
interface ChanceRow {
  readonly row: string
  readonly what: string
  /** The file of its lesson, and the variant of that which mends it. */
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

const steadily = (rate: string, messages = 400): Plain => ({ messages, rate: null, arrival: { poisson: rate } })

const leaderDies: Plain = [{ at: '8.2s', crash: 'leader(events/orders/0)', for: '20s' }]
const connectionsBreak: Plain = [{ at: '8.2s', 'reset-connections': ['shop', 'events'] }]

const chanceRows: readonly ChanceRow[] = [
  {
    row: 'K-P01',
    what: 'acks=0: what is on its way to a dying leader is lost',
    lesson: 'produce-acks-0',
    remedy: 'acks-all',
    changes: { network: 'wan', services: { shop: { sends: steadily('10/s', 100) } }, faults: leaderDies },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'K-P02',
    what: 'acks=1: what only the leader had is lost with it',
    lesson: 'produce-acks-1',
    remedy: 'acks-all',
    changes: { network: 'wan', services: { shop: { sends: steadily('10/s', 100) } }, faults: leaderDies },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'K-P07',
    what: 'no idempotence: a lost answer is a duplicate',
    lesson: 'produce-lost-answer',
    remedy: 'idempotence',
    changes: { network: 'wan', services: { shop: { sends: steadily('4/s', 40) } }, faults: connectionsBreak },
    sees: { guarantee: 'no-duplicates' },
  },
  {
    row: 'K-P08',
    what: 'no idempotence: a retry is overtaken',
    lesson: 'produce-overtaken-retry',
    remedy: 'idempotence',
    changes: { services: { shop: { sends: steadily('20/s', 100) } }, faults: leaderDies },
    sees: { guarantee: 'ordered-per-key' },
  },
  {
    row: 'K-P11',
    what: 'a producer that starts again has a new identity',
    lesson: 'produce-new-producer',
    remedy: 'the-ledger-knows',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('4/s', 40) } },
      faults: [{ at: '8.5s', crash: 'shop', for: '1s' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'K-C02',
    what: 'processed and not committed is processed again',
    lesson: 'consumer-process-first',
    remedy: 'the-ledger-knows',
    changes: {
      network: 'wan',
      services: { shop: { sends: steadily('10/s', 100) } },
      faults: [{ at: '9s', crash: 'billing', for: '1s' }],
    },
    sees: { guarantee: 'no-duplicates', level: 'effect' },
  },
  {
    row: 'K-C01',
    what: 'committed and not processed is skipped',
    lesson: 'consumer-commit-first',
    remedy: 'commit-last',
    changes: {
      services: { shop: { sends: steadily('100/s', 200) } },
      faults: [{ at: '9s', crash: 'billing', for: '1s' }],
    },
    sees: { guarantee: 'no-loss' },
  },
  {
    row: 'kafkajs',
    what: 'a sequence number that was taken back hides the next message',
    lesson: 'produce-sequence-taken-back',
    remedy: 'java',
    changes: { network: 'wan', services: { shop: { sends: steadily('20/s', 100) } }, faults: connectionsBreak },
    sees: { guarantee: 'no-loss' },
  },
]

/** Measures each row over seeds derived from its lesson's. */
export function measureRates(seeds: number): readonly Rate[] {
  return chanceRows.map((chance) => {
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
  const file = path.resolve('scenarios/kafka', `${lesson}.yaml`)
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

function main(seeds: number): void {
  const rates = measureRates(seeds)
  process.stdout.write(`${ratesTable(rates)}\n`)
  process.exitCode = rates.every(isPlausible) ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(Number(process.argv[2] ?? 200))
