import { z } from 'zod'
import type { LinkProfile, LinkProfileName } from '../simulation/link-profile.ts'
import type { Quantiles } from '../simulation/quantiles.ts'
import { linkProfiles } from '../simulation/link-profile.ts'
import { quoted } from './issue.ts'
import type { Reading, Spot } from './reading.ts'
import { below, isAbsent, itemsOf, namesOf } from './reading.ts'
import type { NetworkSpec } from './scenario.ts'
import {
  bandwidthSchema,
  choiceSchema,
  durationSchema,
  mapSchema,
  probabilitySchema,
  textSchema,
} from './value-schema.ts'

const profileNames = Object.keys(linkProfiles) as readonly LinkProfileName[]

const quantilesSchema = z
  .record(z.string(), durationSchema(), { error: 'quantiles such as { min: 90us, p50: 150us, p99: 1ms, max: 5ms }' })
  .meta({ description: 'One-way latency as measured: min, p50, p99.9 and so on, max.' })

const profileShape = {
  profile: choiceSchema(profileNames).nullish().meta({ description: 'What the rest is taken from.', default: 'lan' }),
  quantiles: quantilesSchema.nullish(),
  bandwidth: bandwidthSchema().nullish().meta({ description: 'Of one direction; unlimited never queues.' }),
  loss: probabilitySchema().nullish().meta({ description: 'Of a packet on the way.', default: 0 }),
  duplication: probabilitySchema().nullish().meta({ description: 'Of a datagram arriving twice.', default: 0 }),
}

const profileExpected = `${profileNames.join(', ')}, or a map with profile, quantiles, bandwidth, loss`
const profileSchema = mapSchema(profileExpected, profileShape)
const namedProfileSchema = z.union([choiceSchema(profileNames), profileSchema], { error: profileExpected })

const linkSchema = mapSchema('a map with between', {
  between: z
    .array(textSchema('a node or service'), { error: 'two nodes or services' })
    .length(2, { error: 'two nodes or services' })
    .meta({ description: 'Two nodes or services.' }),
  ...profileShape,
})

/** A network as written, whole: for the schema that editors use. */
export const networkSchema = z.union(
  [
    choiceSchema(profileNames),
    mapSchema(profileExpected, {
      ...profileShape,
      'between-zones': namedProfileSchema.nullish().meta({ description: 'Between members of different zones.' }),
      links: z
        .array(linkSchema, { error: 'a list of links' })
        .nullish()
        .meta({ description: 'Between single nodes or services, both ways.' }),
    }),
  ],
  { error: profileExpected },
)

/** How nodes are linked: `lan` where nothing is said. */
export function readNetwork(reading: Reading, spot: Spot): NetworkSpec | undefined {
  const everyone: NetworkSpec = { everywhere: linkProfiles.lan, betweenZones: undefined, links: [] }
  if (isAbsent(spot)) return everyone
  const written = reading.read(networkSchema, spot)
  if (written === undefined) return undefined
  if (typeof written === 'string') return { ...everyone, everywhere: linkProfiles[written] }
  const zones = below(spot, 'between-zones')
  const everywhere = profileOf(reading, spot, written)
  const betweenZones = written['between-zones'] ?? undefined
  return {
    everywhere,
    betweenZones: betweenZones === undefined ? undefined : profileOf(reading, zones, betweenZones),
    links: itemsOf(below(spot, 'links')).flatMap((item, index) => {
      const link = written.links?.[index]
      const [one, other] = link?.between ?? []
      if (link === undefined || one === undefined || other === undefined) return []
      return [{ between: [one, other] as const, profile: profileOf(reading, item, link) }]
    }),
  }
}

type WrittenProfile = z.output<typeof namedProfileSchema>

function profileOf(reading: Reading, spot: Spot, written: WrittenProfile): LinkProfile {
  if (typeof written === 'string') return linkProfiles[written]
  const base = linkProfiles[written.profile ?? 'lan']
  const { quantiles, bandwidth, loss, duplication } = written
  return {
    latency:
      quantiles === null || quantiles === undefined
        ? base.latency
        : readQuantiles(reading, below(spot, 'quantiles'), quantiles),
    bandwidth: bandwidth ?? base.bandwidth,
    loss: loss ?? base.loss,
    duplication: duplication ?? base.duplication,
  }
}

/** In rising order; what was not measured at the ends is taken from its neighbour. */
function readQuantiles(reading: Reading, spot: Spot, written: Readonly<Record<string, number>>): Quantiles {
  const pairs = namesOf(spot).flatMap((name) => {
    const fraction = fractionOf(name)
    if (fraction === undefined)
      reading.refuseName(spot, name, `expected min, a quantile such as p99.9, or max, found ${quoted(name)}`)
    return fraction === undefined ? [] : [[fraction, written[name] ?? 0] as const]
  })
  const sorted = pairs.sort((one, other) => one[0] - other[0])
  const [least, most] = [sorted[0], sorted.at(-1)]
  if (least === undefined || most === undefined) {
    reading.refuse(spot, 'expected quantiles such as { p50: 150us, p99: 1ms }, found none')
    return linkProfiles.lan.latency
  }
  if (sorted.some(([, micros], index) => micros < (sorted[index - 1]?.[1] ?? 0)))
    reading.refuse(spot, 'expected latencies that rise with their quantiles, found one that falls')
  if (sorted.some(([fraction], index) => fraction === sorted[index - 1]?.[0]))
    reading.refuse(spot, 'expected each quantile once, found one twice')
  const first = least[0] === 0 ? [] : [[0, least[1]] as const]
  return [...first, ...sorted, ...(most[0] === 1 ? [] : [[1, most[1]] as const])]
}

/** `min` → 0, `p50` → 0.5, `p99.9` → 0.999, `max` → 1. */
function fractionOf(name: string): number | undefined {
  if (name === 'min') return 0
  if (name === 'max') return 1
  const [, percent] = /^p(\d{1,2}(?:\.\d{1,6})?)$/.exec(name) ?? []
  const fraction = Number(percent) / 100
  return fraction > 0 && fraction < 1 ? Number(fraction.toPrecision(9)) : undefined
}

/** The name under which {@link readNetwork} reads a fraction. */
export function quantileName(fraction: number): string {
  if (fraction === 0) return 'min'
  return fraction === 1 ? 'max' : `p${Number((fraction * 100).toPrecision(9))}`
}
