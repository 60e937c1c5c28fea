import type { Distribution } from '../metrics/samples.ts'
import type { ServiceMetrics } from '../metrics/service-metrics.ts'
import type { Run } from '../run.ts'
import { counted, countText, durationText, rateText } from './quantities.ts'

/** A figure that matters, with its name. */
interface Figure {
  readonly name: string
  readonly value: string
}

/** Service by service the few figures that matter: what was sent and heard, what was handled, and how long it took. */
export function figuresOf({ metrics }: Run): readonly (readonly [service: string, figures: string])[] {
  return metrics.services.map((service) => [service.service, sentenceOf(service)])
}

/** A figure with this name in its unit: `effectLatency.p99` is a duration, `handledPerSecond` a rate. */
export function figureText(metric: string, value: number): string {
  if (metric.includes('Latency')) return durationText(value)
  return metric.endsWith('PerSecond') ? rateText(value) : countText(value)
}

/** `effectLatency.p999` as people write it: `effect latency p99.9`. */
export function metricWords(metric: string): string {
  const words = metric.replaceAll(/([a-z])([A-Z])/g, '$1 $2').replaceAll('.', ' ')
  return words.toLowerCase().replace('p999', 'p99.9')
}

/** The figures of one kind of latency, in the order of growing: a quantile only where so many were measured that it is not the slowest. */
function latencyFigures(distribution: Distribution | undefined): readonly Figure[] {
  if (distribution === undefined) return []
  const { count, p50, p99, p999, max } = distribution
  return [
    { name: 'p50', value: durationText(p50) },
    ...(count > 100 ? [{ name: 'p99', value: durationText(p99) }] : []),
    ...(count > 1000 ? [{ name: 'p99.9', value: durationText(p999) }] : []),
    { name: 'max', value: durationText(max) },
  ]
}

function sentenceOf(service: ServiceMetrics): string {
  const parts = [
    ...countsOf(service),
    latencyText('send to confirm', service.confirmLatency),
    latencyText('send to effect', service.effectLatency ?? service.deliveryLatency),
  ]
  return parts.filter((part) => part !== '').join('; ')
}

/** Counts that are not zero; those of trouble are left out where there was none. */
function countsOf(service: ServiceMetrics): readonly string[] {
  const sent = [
    [service.confirmed, 'confirmed'],
    [service.assumed, 'assumed'],
    [service.rejected, 'rejected'],
    [service.unknown, 'unknown'],
  ] as const
  const handled = [
    service.redeliveries > 0 ? [counted(service.redeliveries, 'redelivery', 'redeliveries')] : [],
    service.failed > 0 ? [`${countText(service.failed)} failed`] : [],
    service.duplicateEffects > 0 ? [counted(service.duplicateEffects, 'duplicate effect')] : [],
  ].flat()
  const answers = sent.filter(([count]) => count > 0).map(([count, word]) => `${countText(count)} ${word}`)
  return [
    ...(service.sent > 0 ? [[`sent ${countText(service.sent)}`, ...answers].join(', ')] : []),
    ...(service.delivered > 0
      ? [
          [
            `handled ${countText(service.handled)} of ${counted(service.delivered, 'delivery', 'deliveries')} (${rateText(service.handledPerSecond)})`,
            ...handled,
          ].join(', '),
        ]
      : []),
  ]
}

function latencyText(what: string, distribution: Distribution | undefined): string {
  const figures = latencyFigures(distribution).map(({ name, value }) => `${name} ${value}`)
  return figures.length === 0 ? '' : `${what} ${figures.join(', ')}`
}
