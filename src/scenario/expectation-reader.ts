import { described, quoted } from './issue.ts'
import { parseDuration, parseNumber, parseProbability, parseRate, parseSize } from './quantity.ts'
import type { MetricName } from './catalogue.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent, itemsOf, namesOf } from './reading.ts'
import type { Expectation, Threshold } from './scenario.ts'
import { plainOf } from './source-tree.ts'
import { suggestionFor } from './suggestion.ts'
import { choiceSchema, textSchema } from './value-schema.ts'

const levels = ['delivery', 'effect'] as const
const verdicts = ['holds', 'violated', 'unknown'] as const

/** The service of what concerns the run as a whole. */
const wholeRun = 'run'

export const verdictSchema = choiceSchema(verdicts, `one of ${verdicts.join(', ')}`)

/** `expect: { billing: { no-loss: violated, no-duplicates/effect: holds } }` */
export function readExpectations(reading: Reading, spot: Spot, services: readonly string[]): readonly Expectation[] {
  return readMap(reading, spot, 'services').flatMap((written) => {
    const service = readScope(reading, spot, written, services)
    const inside = below(spot, written)
    return readMap(reading, inside, 'guarantees').flatMap((name) => {
      const guarantee = readGuarantee(reading, inside, name)
      const verdict = reading.read(verdictSchema, below(inside, name))
      return service === undefined || guarantee === undefined || verdict === undefined
        ? []
        : [{ service, ...guarantee, verdict }]
    })
  })
}

function readGuarantee(
  reading: Reading,
  spot: Spot,
  name: string,
): Pick<Expectation, 'guarantee' | 'level'> | undefined {
  const slash = name.indexOf('/')
  const [guarantee, levelText] = slash < 0 ? [name, undefined] : [name.slice(0, slash), name.slice(slash + 1)]
  const level = levels.find((candidate) => candidate === levelText)
  const { guarantees } = reading.catalogue
  if (!guarantees.includes(guarantee))
    reading.refuseName(spot, name, `there is no guarantee ${quoted(guarantee)}`, suggestionFor(guarantee, guarantees))
  else if (levelText !== undefined && level === undefined)
    reading.refuseName(spot, name, `there is no level ${quoted(levelText)}`, suggestionFor(levelText, levels))
  else return { guarantee, level }
  return undefined
}

/** A service, a chain `shop→billing` or `shop->billing`, or `run`. */
function readScope(reading: Reading, map: Spot, written: string, services: readonly string[]): string | undefined {
  if (written === wholeRun) return wholeRun
  const parts = written.split(/→|->/).map((part) => part.trim())
  const wrong = parts.filter((part) => !services.includes(part))
  for (const part of wrong)
    reading.refuseName(map, written, `there is no service ${quoted(part)}`, suggestionFor(part, services))
  return wrong.length > 0 ? undefined : parts.join('→')
}

/**
 * `thresholds: { billing: [effect latency p99 < 50 ms, duplicates == 0] }`, or a list alone where one service receives. A threshold is a metric in
 * words, a relation and a quantity of the metric's unit.
 */
export function readThresholds(
  reading: Reading,
  spot: Spot,
  services: readonly string[],
  receivers: readonly string[],
): readonly Threshold[] {
  if (spot.node.kind !== 'map') {
    const [only = ''] = receivers
    if (receivers.length > 1 && !isAbsent(spot))
      reading.refuse(spot, 'expected thresholds by service, found a list', `Say thresholds: { ${only}: [...] }.`)
    return itemsOf(spot).flatMap((item) => readThreshold(reading, item, only) ?? [])
  }
  return namesOf(spot).flatMap((written) => {
    const service = readScope(reading, spot, written, services)
    return itemsOf(below(spot, written)).flatMap((item) => readThreshold(reading, item, service ?? '') ?? [])
  })
}

const thresholdExpected = 'a threshold such as effect latency p99 < 50 ms'

export const thresholdSchema = textSchema(thresholdExpected)

const relations = ['<', '<=', '==', '>=', '>'] as const

function readThreshold(reading: Reading, spot: Spot, service: string): Threshold | undefined {
  const text = reading.read(thresholdSchema, spot)
  if (text === undefined) return undefined
  const [, words = '', sign = '', quantity = ''] = /^([^<>=]+)(<=|>=|==|<|>)([^<>=]+)$/.exec(text.trim()) ?? []
  const relation = relations.find((candidate) => candidate === sign)
  if (relation === undefined) {
    reading.refuse(spot, `expected ${thresholdExpected}, found ${quoted(text)}`)
    return undefined
  }
  const { metrics } = reading.catalogue
  const metric = metrics.find(({ name }) => inWords(name) === inWords(words))
  if (metric === undefined) {
    const known = metrics.map(({ name }) => inWords(name))
    reading.refuse(spot, `there is no metric ${quoted(words.trim())}`, suggestionFor(words, known))
    return undefined
  }
  const { parse, expected } = units[metric.unit]
  const value = parse(quantity)
  if (value !== undefined) return { metric: metric.name, service, relation, value, text: text.trim() }
  reading.refuse(spot, `expected ${expected} behind ${relation}, found ${quoted(quantity.trim())}`)
  return undefined
}

const units: Readonly<
  Record<MetricName['unit'], { readonly parse: (text: string) => number | undefined; readonly expected: string }>
> = {
  duration: { parse: parseDuration, expected: 'a duration with its unit, such as 50 ms,' },
  rate: { parse: parseRate, expected: 'a rate such as 100/s' },
  share: { parse: parseProbability, expected: 'a share such as 99.9%' },
  count: { parse: parseNumber, expected: 'a number' },
  size: { parse: parseSize, expected: 'a size such as 1 KiB' },
}

/** `effectLatency.p999` → `effect latency p999`: as people write a metric; `p99.9` is the same. */
function inWords(metric: string): string {
  return metric
    .trim()
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/(?<=\d)\.(?=\d)/g, '')
    .replaceAll(/[\s._-]+/g, ' ')
    .toLowerCase()
}

function readMap(reading: Reading, spot: Spot, of: string): readonly string[] {
  if (isAbsent(spot) || spot.node.kind === 'map') return namesOf(spot)
  reading.refuse(spot, `expected a map from ${of}, found ${described(plainOf(spot.node))}`)
  return []
}
