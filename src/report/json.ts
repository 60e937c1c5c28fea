import type { Distribution } from '../metrics/samples.ts'
import type { ServiceMetrics } from '../metrics/service-metrics.ts'
import type { Run } from '../run.ts'

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
  readonly asExpected: boolean | null
}

/** The figures of each service; durations in µs. The course over time is in the other reports. */
export interface JsonMetrics {
  readonly services: readonly JsonServiceMetrics[]
}

type Latencies = 'confirmLatency' | 'deliveryLatency' | 'effectLatency'

/** `null` for a latency of which nothing was measured. */
export type JsonServiceMetrics = Omit<ServiceMetrics, Latencies> & Readonly<Record<Latencies, Distribution | null>>

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
export function jsonReport(runs: readonly Run[]): JsonReport {
  const reports = runs.map(jsonRun)
  const outcomes = reports.map(({ asExpected }) => asExpected)
  const asExpected = outcomes.includes(false) ? false : outcomes.includes(null) || outcomes.length === 0 ? null : true
  return { schemaVersion: jsonSchemaVersion, runs: reports, asExpected }
}

/** The same as text: one object, with a line break at its end. */
export function jsonText(runs: readonly Run[]): string {
  return `${JSON.stringify(jsonReport(runs), undefined, 2)}\n`
}

const asExpectedOf: Readonly<Record<Run['conclusion'], boolean | null>> = {
  'as-expected': true,
  'not-as-expected': false,
  undecided: null,
}

function jsonRun({ scenario, fingerprint, events, simulatedMicros, rows, metrics, conclusion }: Run): JsonRun {
  return {
    scenario: scenario.name,
    variant: scenario.variant,
    seed: scenario.seed,
    fingerprint,
    events,
    simulatedMs: simulatedMicros / 1000,
    verdicts: rows.map(jsonVerdict),
    metrics: { services: metrics.services.map(jsonService) },
    asExpected: asExpectedOf[conclusion],
  }
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
