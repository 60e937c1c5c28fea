import type { Distribution } from '../metrics/samples.ts'
import type { ServiceMetrics } from '../metrics/service-metrics.ts'
import type { Run } from '../run.ts'
import { unbreakable } from './quantities.ts'
import { type Remedy, remedyPages, remedyText } from './story/remedy.ts'
import { storiesTold } from './story/saved.ts'
import type { Story } from './story/story.ts'

/** Goes up when a reader of an older version would misread a newer one. */
const jsonSchemaVersion = 1

/** What came out, for machines. `null` stands for what nobody said or could decide; docs/json.md describes each field. */
export interface JsonReport {
  readonly schemaVersion: typeof jsonSchemaVersion
  readonly runs: readonly JsonRun[]
  /** Of all runs: `false` when one is, else `null` when one is. */
  readonly asExpected: boolean | null
}

export interface JsonRun {
  readonly scenario: string
  /** Empty for the scenario as it stands. */
  readonly variant: string
  readonly seed: string
  readonly fingerprint: string
  readonly events: number
  readonly simulatedMs: number
  readonly verdicts: readonly JsonVerdict[]
  readonly metrics: JsonMetrics
  /** What broke, step by step, and what was saved. */
  readonly stories: readonly JsonStory[]
  readonly asExpected: boolean | null
}

/** The figures of each service; durations in µs. The course over time is in the other reports. */
export interface JsonMetrics {
  readonly services: readonly JsonServiceMetrics[]
}

type Latencies = 'confirmLatency' | 'deliveryLatency' | 'effectLatency'

/** `null` for a latency of which nothing was measured. */
export type JsonServiceMetrics = Omit<ServiceMetrics, Latencies> & Readonly<Record<Latencies, Distribution | null>>

export interface JsonStory {
  readonly of: 'broken' | 'held'
  readonly heading: string
  readonly item: string
  readonly outcome: string
  readonly steps: readonly JsonStep[]
  readonly prevented: JsonRemedy | null
}

export interface JsonStep {
  /** The place of the fact in the history. */
  readonly fact: number
  readonly kind: string
  readonly atMicros: number
  readonly node: string
  readonly text: string
  /** What it rests on; `evidence` is `documented`, `source` (read in source), `inferred`, or `defined` by the simulation or the scenario. */
  readonly rule: { readonly statement: string; readonly evidence: string; readonly page: string | null } | null
}

export interface JsonRemedy {
  readonly text: string
  /** Empty where none of the scenario prevents it. */
  readonly variant: string
  readonly changes: readonly { readonly path: string; readonly from: string; readonly to: string }[]
  readonly pages: readonly string[]
}

export interface JsonVerdict {
  readonly service: string
  readonly guarantee: string
  readonly level: string
  readonly verdict: string
  readonly violations: number
  readonly expected: string | null
  readonly met: boolean
}

/** The report of all runs as data, its keys in the order in which they are documented. */
export function jsonReport(runs: readonly Run[], variantsOf: VariantsOf = () => []): JsonReport {
  const reports = runs.map((run) => jsonRun(run, variantsOf(run)))
  const outcomes = reports.map(({ asExpected }) => asExpected)
  const asExpected = outcomes.includes(false) ? false : outcomes.includes(null) || outcomes.length === 0 ? null : true
  return { schemaVersion: jsonSchemaVersion, runs: reports, asExpected }
}

/** The same as text: one object, with a line break at its end. */
export function jsonText(runs: readonly Run[], variantsOf: VariantsOf = () => []): string {
  return `${JSON.stringify(jsonReport(runs, variantsOf), undefined, 2)}\n`
}

/** Other variants of the scenario of a run, in which what would have prevented a violation may be found. */
export type VariantsOf = (run: Run) => readonly Run['scenario'][]

const asExpectedOf: Readonly<Record<Run['conclusion'], boolean | null>> = {
  'as-expected': true,
  'not-as-expected': false,
  undecided: null,
}

function jsonRun(run: Run, variants: readonly Run['scenario'][]): JsonRun {
  const { scenario, fingerprint, events, simulatedMicros, rows, metrics, conclusion } = run
  return {
    scenario: scenario.name,
    variant: scenario.variant,
    seed: scenario.seed,
    fingerprint,
    events,
    simulatedMs: simulatedMicros / 1000,
    verdicts: rows.map(jsonVerdict),
    metrics: { services: metrics.services.map(jsonService) },
    stories: storiesTold(run, variants).map((story) => jsonStory(run, story)),
    asExpected: asExpectedOf[conclusion],
  }
}

function jsonStory({ history: { names } }: Run, { of, heading, item, outcome, steps, remedy }: Story): JsonStory {
  return {
    of,
    heading,
    item,
    outcome,
    steps: steps.map(({ fact, text, rule }) => ({
      fact: fact.index,
      kind: fact.kind,
      atMicros: fact.time,
      node: names.text(fact.node),
      text: plainSpaces(text),
      rule:
        rule === undefined
          ? null
          : { statement: plainSpaces(rule.statement), evidence: rule.evidence, page: rule.page ?? null },
    })),
    prevented: remedy === undefined ? null : jsonRemedy(remedy),
  }
}

function jsonRemedy(remedy: Remedy): JsonRemedy {
  const changes = remedy.kind === 'variant' ? remedy.changes : []
  return {
    text: plainSpaces(remedyText(remedy)),
    variant: remedy.kind === 'variant' ? remedy.variant : '',
    changes: changes.map(({ path, from, to }) => ({ path, from: plainSpaces(from), to: plainSpaces(to) })),
    pages: remedyPages(remedy),
  }
}

function plainSpaces(text: string): string {
  return text.replaceAll(unbreakable, ' ')
}

function jsonService(service: ServiceMetrics): JsonServiceMetrics {
  const { confirmLatency = null, deliveryLatency = null, effectLatency = null } = service
  return { ...service, confirmLatency, deliveryLatency, effectLatency }
}

function jsonVerdict({
  service,
  guarantee,
  level,
  verdict,
  violations,
  expected,
  met,
}: Run['rows'][number]): JsonVerdict {
  return { service, guarantee, level, verdict, violations, expected: expected ?? null, met }
}
