import type { JudgedThreshold } from '../run.ts'
import { figureText, metricWords } from './figures.ts'

/** The measured figure, then the rule: `billing effect latency p99: 41.2 ms, as asked: p99 of effect latency < 50 ms`. */
export function thresholdText({ service, metric, measured, met, text }: JudgedThreshold): string {
  const what = [service, metricWords(metric)].filter((part) => part !== '').join(' ')
  if (measured === undefined) return `${what}: no figure, so nobody can tell whether ${text}`
  return `${what}: ${figureText(metric, measured)}, ${met ? 'as asked' : 'NOT as asked'}: ${text}`
}
