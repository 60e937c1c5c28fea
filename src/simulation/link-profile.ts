import { millisecond } from './duration.ts'
import type { Quantiles } from './quantiles.ts'

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
