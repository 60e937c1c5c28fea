import type { Micros } from './duration.ts'
import type { Random } from './random.ts'

/**
 * A distribution of durations as measured quantiles: pairs of a fraction (0 to 1, rising, the first 0 and the last 1) and µs.
 * Between two of them it is straight.
 */
export type Quantiles = readonly (readonly [fraction: number, micros: Micros])[]

/** What is wrong with quantiles that a user gave, a sentence each; none when they can be drawn from. */
export function quantileProblems(quantiles: Quantiles): readonly string[] {
  const problems: string[] = []
  if (quantiles.length < 2) problems.push('There must be two quantiles at least, the least (0) and the greatest (1).')
  if (quantiles.length > 0 && quantiles[0]?.[0] !== 0)
    problems.push('The first quantile must be that of 0, the least value.')
  if (quantiles.length > 0 && quantiles.at(-1)?.[0] !== 1)
    problems.push('The last quantile must be that of 1, the greatest value.')
  for (const [place, [fraction, micros]] of quantiles.entries()) {
    const before = quantiles[place - 1]
    if (!(fraction >= 0 && fraction <= 1)) problems.push(`A quantile is between 0 and 1; ${fraction} is not.`)
    if (!Number.isSafeInteger(micros) || micros < 0)
      problems.push(`The quantile of ${fraction} must be a whole number of µs, 0 or more; not ${micros}.`)
    if (before === undefined) continue
    if (!(fraction > before[0]))
      problems.push(`The quantile of ${fraction} must come before that of ${before[0]}, and once.`)
    if (micros < before[1]) problems.push(`The quantile of ${fraction} cannot be less than that of ${before[0]}.`)
  }
  return problems
}

/** Draws a value; exactly one draw, so that the n-th packet of a stream always gets the n-th draw. */
export function drawFrom(quantiles: Quantiles, random: Random): Micros {
  const draw = random.next()
  let below = quantiles[0]
  for (let place = 1; place < quantiles.length; place++) {
    const above = quantiles[place]
    if (below !== undefined && above !== undefined && draw < above[0]) {
      const part = (draw - below[0]) / (above[0] - below[0])
      return Math.floor(below[1] + (above[1] - below[1]) * part)
    }
    below = above
  }
  return below?.[1] ?? 0
}
