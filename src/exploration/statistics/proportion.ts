/** A rate, and between which bounds it lies with 95 % confidence. */
export interface Proportion {
  readonly count: number
  readonly of: number
  readonly low: number
  readonly high: number
}

/** What the bounds leave out on each side. */
const tail = 0.025

/**
 * The interval of Clopper and Pearson: exact for every rate and number of runs, if anything too wide. Where nothing was counted, its upper
 * bound is that of the rule of three, 3 in n, which is one-sided; and so the other way round where everything was.
 */
export function proportion(count: number, of: number, outside: number = tail): Proportion {
  if (of === 0) return { count, of, low: 0, high: 1 }
  const ruleOfThree = Math.min(1, 3 / of)
  const isPlain = outside === tail
  const low = count === 0 ? 0 : solve((rate) => 1 - below(count, of, rate), outside)
  const high = count === of ? 1 : solve((rate) => 1 - below(count + 1, of, rate), 1 - outside)
  if (isPlain && count === 0) return { count, of, low, high: ruleOfThree }
  if (isPlain && count === of) return { count, of, low: 1 - ruleOfThree, high }
  return { count, of, low, high }
}

/** The rate at which a function that grows with it reaches a value, by bisection. */
function solve(growing: (rate: number) => number, value: number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (growing(middle) < value) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/**
 * The probability of fewer than `count` successes in `of` tries. The terms are worked out from the largest one outwards, relative to it, so
 * that none of them underflows and no power or logarithm is needed: engines round those differently.
 */
export function below(count: number, of: number, rate: number): number {
  if (rate <= 0) return count > 0 ? 1 : 0
  if (rate >= 1) return count > of ? 1 : 0
  const mode = Math.min(of, Math.floor((of + 1) * rate))
  const odds = rate / (1 - rate)
  let [within, all] = [mode < count ? 1 : 0, 1]
  for (let k = mode, term = 1; k < of && term > 1e-18; k++) {
    term *= ((of - k) / (k + 1)) * odds
    all += term
    if (k + 1 < count) within += term
  }
  for (let k = mode, term = 1; k > 0 && term > 1e-18; k--) {
    term *= k / (of - k + 1) / odds
    all += term
    if (k - 1 < count) within += term
  }
  return within / all
}

/** By how much two rates differ that were measured on the same draws. */
export interface PairedDifference {
  /** Runs in which only the one broke, and only the other. */
  readonly onlyOne: number
  readonly onlyOther: number
  readonly of: number
  /** The rate of the one less that of the other, and its bounds. */
  readonly difference: number
  readonly low: number
  readonly high: number
  /** Whether the bounds leave no doubt which is larger. */
  readonly decided: boolean
}

/**
 * Runs that come out alike in both say nothing about a difference, so it is that of two rates: only the one broke, only the other. Each is
 * bounded at half the error, so both bounds hold together: simple, safe, and somewhat too wide.
 */
export function pairedDifference(onlyOne: number, onlyOther: number, of: number): PairedDifference {
  const [one, other] = [onlyOne, onlyOther].map((count) => proportion(count, of, tail / 2))
  const [low, high] = [(one?.low ?? 0) - (other?.high ?? 1), (one?.high ?? 1) - (other?.low ?? 0)]
  const difference = of === 0 ? 0 : (onlyOne - onlyOther) / of
  return { onlyOne, onlyOther, of, difference, low, high, decided: low > 0 || high < 0 }
}
