import type { Micros } from './duration.ts'
import { millisecond } from './duration.ts'
import type { Random } from './random.ts'

/**
 * A distribution of one-way latency as measured quantiles: pairs of a fraction (0 to 1, rising, the first 0 and the last 1) and µs.
 * Between two of them it is straight.
 */
export type Quantiles = readonly (readonly [fraction: number, micros: Micros])[]

export interface LinkProfile {
  readonly latency: Quantiles
  /** Bytes a second that one direction carries; `Infinity` never queues. */
  readonly bandwidth: number
  /** Probability that a packet is lost on the way; connections send it again, datagrams do not. */
  readonly loss: number
  /** Probability that a datagram arrives twice. Connections hide this. */
  readonly duplication: number
}

const gigabit = 125_000_000

/** One-way latencies in the orders of magnitude that data centres show. For real figures give measured quantiles. */
export const linkProfiles = {
  loopback: profile(
    [
      [0, 15],
      [0.5, 25],
      [0.99, 60],
      [1, 200],
    ],
    Infinity,
  ),
  lan: profile(
    [
      [0, 90],
      [0.5, 150],
      [0.9, 250],
      [0.99, 600],
      [0.999, 2 * millisecond],
      [1, 5 * millisecond],
    ],
    10 * gigabit,
  ),
  'cross-zone': profile(
    [
      [0, 400],
      [0.5, 700],
      [0.9, 1100],
      [0.99, 2500],
      [0.999, 8 * millisecond],
      [1, 20 * millisecond],
    ],
    5 * gigabit,
  ),
  wan: profile(
    [
      [0, 35_000],
      [0.5, 40_000],
      [0.9, 48_000],
      [0.99, 80_000],
      [0.999, 160_000],
      [1, 400_000],
    ],
    gigabit,
  ),
} satisfies Record<string, LinkProfile>

export type LinkProfileName = keyof typeof linkProfiles

function profile(latency: Quantiles, bandwidth: number): LinkProfile {
  return { latency, bandwidth, loss: 0, duplication: 0 }
}

/** Draws a latency; exactly one draw, so that the n-th packet of a stream always gets the n-th draw. */
export function drawLatency(quantiles: Quantiles, random: Random): Micros {
  const draw = random.next()
  for (let upper = 1; upper < quantiles.length; upper++) {
    const above = quantiles[upper]
    const below = quantiles[upper - 1]
    if (above === undefined || below === undefined) break
    if (draw < above[0] || upper === quantiles.length - 1) {
      const part = (draw - below[0]) / (above[0] - below[0])
      return Math.floor(below[1] + (above[1] - below[1]) * part)
    }
  }
  return quantiles[0]?.[1] ?? 0
}

/** The same distribution, slower or faster by `factor`. */
export function scaleQuantiles(quantiles: Quantiles, factor: number): Quantiles {
  return quantiles.map(([fraction, micros]) => [fraction, Math.floor(micros * factor)] as const)
}
