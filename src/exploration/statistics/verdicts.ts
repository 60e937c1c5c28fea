import { durationText, shareText } from '../../report/quantities.ts'
import type { DesignTally, ExperimentTally } from './tally.ts'
import type { PairedDifference, Proportion } from './proportion.ts'

/** `12 of 500: 2.4 % (1.2 % to 4.2 %)`; where none was seen, the rule of three. */
export function rateText({ count, of, low, high }: Proportion): string {
  if (of === 0) return 'nothing to judge'
  if (count === 0) return `0 of ${of}: below ${shareText(high)}`
  if (count === of) return `${count} of ${of}: above ${shareText(low)}`
  return `${count} of ${of}: ${shareText(count / of)} (${shareText(low)} to ${shareText(high)})`
}

/** What a comparison may be taken to say, a sentence for each difference that is beyond doubt; never a winner where nothing went wrong. */
export function conclusions({ designs, differences, anythingBroke, runs }: ExperimentTally): readonly string[] {
  const [first] = designs
  if (first === undefined) return []
  if (!anythingBroke) {
    const bound = shareText(Math.min(1, 3 / Math.max(1, runs)))
    return [
      designs.length === 1
        ? `Nothing went wrong in ${runs} runs: each guarantee breaks in fewer than ${bound} of runs like these.`
        : `Nothing went wrong in any design: these runs do not say which is better, only that each breaks in fewer than ${bound} of them.`,
    ]
  }
  const said = differences.flatMap(({ name, by }) =>
    Object.entries(by).flatMap(([guarantee, difference]) => sentence(name, first.name, guarantee, difference)),
  )
  if (designs.length > 1 && said.length === 0) return ['No difference between the designs is beyond doubt.']
  return said
}

function sentence(one: string, other: string, guarantee: string, found: PairedDifference): readonly string[] {
  if (!found.decided) return []
  const [more, less] = found.difference > 0 ? [one, other] : [other, one]
  const bounds = [found.low, found.high].map(Math.abs).sort((a, b) => a - b)
  const [least = 0, most = 0] = bounds
  const by = `by ${shareText(Math.abs(found.difference))} of all runs (${shareText(least)} to ${shareText(most)})`
  return [`${more} breaks ${guarantee} more often than ${less}, ${by}.`]
}

/** What a reader must know before believing a rate: what really struck, what never happened, what could not be judged. */
export function cautions({ name, struck, missed, neverSeen, undecided }: DesignTally, runs: number): readonly string[] {
  const faults = Object.entries(struck).map(([kind, { runs: had, times }]) => `${kind} in ${had} runs (${times} times)`)
  const open = Object.entries(undecided).map(([guarantee, count]) => `${guarantee} in ${count} of ${runs} runs`)
  return [
    faults.length === 0 ? `${name}: no fault struck in any run.` : `${name}: struck by ${faults.join(', ')}.`,
    ...(missed > 0 ? [`${name}: ${missed} faults never struck.`] : []),
    ...(open.length > 0 ? [`${name}: nothing to judge for ${open.join(', ')}.`] : []),
    ...(neverSeen.length > 0 ? [`${name}: never seen: ${neverSeen.join(', ')}.`] : []),
  ]
}

export function latencyText({ effectLatency }: DesignTally): string {
  return effectLatency === undefined ? '-' : durationText(effectLatency)
}
