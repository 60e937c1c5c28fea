import { stringify } from 'yaml'
import type { TracedMessage } from '../application/service.ts'
import { catalogue } from '../pipeline/catalogue.ts'
import { assigned } from '../scenario/assignment.ts'
import { formatDuration } from '../scenario/quantity.ts'
import { scenarioSchema } from '../scenario/scenario-schema.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { DroppedSecrets } from '../scenario/secrets.ts'
import { plainOf } from '../scenario/source-tree.ts'
import { readYaml } from '../scenario/yaml-source.ts'
import type { LoadedScenario } from './load-scenarios.ts'

/**
 * The scenario as a file of its own that runs the same again: with what was set, its seed and its recorded messages in it, and without
 * credentials. Its variants are still there, so the first line says which one it was.
 */
export function replayableDocument({ text, scenario, source }: LoadedScenario): string {
  const { node } = readYaml(text, source.file)
  const set = source.set.reduce((so, assignment) => assigned(so, assignment, scenarioSchema(catalogue)).node, node)
  const document = recordOf(plainOf(new DroppedSecrets(catalogue).fromDocument(set)))
  const variant = scenario.variant === '' ? '' : ` --variant '${scenario.variant.replaceAll("'", String.raw`'\''`)}'`
  const whole = { ...document, seed: scenario.seed, ...servicesWithTraces(document, scenario) }
  return `# Run it again: npx onceproof run scenario.yaml${variant}\n${stringify(whole, { lineWidth: 120 })}`
}

/** The services, each trace in place of the name of its file: the report may go where that file does not. */
function servicesWithTraces(document: Plain, scenario: Scenario): Plain {
  const services = recordOf(document['services'])
  if (Object.keys(services).length === 0) return {}
  const entries = Object.entries(services).map(([name, service]) => {
    const spec = scenario.services.find((candidate) => candidate.name === name)
    const parts = recordOf(service)
    const sends = withTraces(parts['sends'], spec?.sends ?? [])
    const asks = withTraces(parts['asks'], spec?.asks ?? [])
    return [name, isRecord(service) ? { ...parts, ...sends('sends'), ...asks('asks') } : service]
  })
  return { services: Object.fromEntries(entries) }
}

type Part = Scenario['services'][number]['sends'][number] | Scenario['services'][number]['asks'][number]

function withTraces(written: unknown, specs: readonly Part[]): (key: string) => Plain {
  const replaced = (one: unknown, spec: Part | undefined): unknown => {
    const isTrace = isRecord(one) && typeof one['trace'] === 'string' && spec?.workload.kind === 'trace'
    return isTrace ? { ...one, trace: spec.workload.messages.map(writtenMessage) } : one
  }
  if (written === undefined) return () => ({})
  const value = Array.isArray(written)
    ? written.map((one, place) => replaced(one, specs[place]))
    : replaced(written, specs[0])
  return (key) => ({ [key]: value })
}

function writtenMessage({ time, key, size, type, operation, body }: TracedMessage): Plain {
  return {
    time: formatDuration(time),
    key,
    size,
    type,
    ...(operation === undefined ? {} : { operation }),
    ...(body === undefined ? {} : { body }),
  }
}

type Plain = Readonly<Record<string, unknown>>

function recordOf(value: unknown): Plain {
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
