import type { Distribution } from '../../metrics/samples.ts'
import type { ServiceMetrics } from '../../metrics/service-metrics.ts'
import type { Run } from '../../run.ts'
import { countText, durationText, rateText } from '../quantities.ts'
import { type Content, html, table } from './markup.ts'

/** The figures that matter of each service, as a table for counts and one for latencies. */
export function figuresPart({ metrics: { services } }: Run): Content {
  if (services.length === 0) return undefined
  const latencies = services.flatMap(latencyRows)
  const heads = ['From … to …', 'Count', 'Mean', 'p50', 'p99', 'p99.9', 'Max']
  return html`${table('Counts of each service', ['Service', ...counts.map(([name]) => name)], services.map(countCells))}
  ${latencies.length === 0 ? undefined : table('Latencies', heads, latencies)}`
}

const counts: readonly (readonly [string, (service: ServiceMetrics) => string])[] = [
  ['Sent', ({ sent }) => countText(sent)],
  ['Confirmed', ({ confirmed, assumed }) => countText(confirmed + assumed)],
  ['Rejected', ({ rejected }) => countText(rejected)],
  ['Unknown', ({ unknown }) => countText(unknown)],
  ['Delivered', ({ delivered }) => countText(delivered)],
  ['Again', ({ redeliveries }) => countText(redeliveries)],
  ['Handled', ({ handled }) => countText(handled)],
  ['Failed', ({ failed }) => countText(failed)],
  ['Effects', ({ effects }) => countText(effects)],
  ['Duplicates', ({ duplicateEffects }) => countText(duplicateEffects)],
  ['Handled/s', ({ handledPerSecond }) => rateText(handledPerSecond)],
]

function countCells(service: ServiceMetrics): readonly Content[] {
  return [html`<span class="name">${service.service}</span>`, ...counts.map(([, text]) => faintZero(text(service)))]
}

function faintZero(text: string): Content {
  return text === '0' || text === '0/s' ? html`<span class="soft">–</span>` : text
}

function latencyRows(service: ServiceMetrics): readonly (readonly Content[])[] {
  const { confirmLatency, deliveryLatency, effectLatency } = service
  return [
    ...latencyRow(`send to confirm, ${service.service}`, confirmLatency),
    ...latencyRow(`send to delivery, ${service.service}`, deliveryLatency),
    ...latencyRow(`send to effect, ${service.service}`, effectLatency),
  ]
}

function latencyRow(name: string, latency: Distribution | undefined): readonly (readonly Content[])[] {
  if (latency === undefined) return []
  const { count, mean, p50, p99, p999, max } = latency
  return [[name, countText(count), ...[mean, p50, p99, p999, max].map(durationText)]]
}
