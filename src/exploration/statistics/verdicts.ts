import { counted, durationText, shareText, threeDigits } from '../../report/quantities.ts'
import type { CostName } from './frontier.ts'
import type { DesignTally, ExperimentTally, Rate } from './tally.ts'
import type { PairedDifference, Proportion } from './proportion.ts'

/** `12 of 500: 2.4 % (1.2 % to 4.2 %)`; where none was seen, the rule of three. */
function rateText({ count, of, low, high }: Proportion): string {
  if (of === 0) return 'nothing to judge'
  if (count === 0) return `0 of ${of}: below ${shareText(high)}`
  if (count === of) return `${count} of ${of}: above ${shareText(low)}`
  return `${count} of ${of}: ${shareText(count / of)} (${shareText(low)} to ${shareText(high)})`
}

/** The same with the plainest run that shows it: `12 of 500: 2.4 % (1.2 % to 4.2 %), run 17`. */
export function shownRateText(rate: Rate): string {
  return rate.plainest === undefined ? rateText(rate) : `${rateText(rate)}, run ${rate.plainest}`
}

/** What a comparison may be taken to say: who breaks what more often than the first design, beyond doubt; never a winner where nothing went wrong. */
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
  const said = differences.flatMap(({ name, by }) => [
    ...sentence(name, first.name, by, (difference) => difference > 0),
    ...sentence(first.name, name, by, (difference) => difference < 0),
  ])
  if (designs.length > 1 && said.length === 0) return ['No difference between the designs is beyond doubt.']
  return said
}

/** All that one design breaks more often than another. */
function sentence(
  more: string,
  less: string,
  by: Readonly<Record<string, PairedDifference>>,
  isMore: (difference: number) => boolean,
): readonly string[] {
  const found = Object.entries(by).filter(([, { decided, difference }]) => decided && isMore(difference))
  if (found.length === 0) return []
  const told = found.map(([guarantee, { difference, low, high }]) => {
    const [least = 0, most = 0] = [low, high].map(Math.abs).sort((a, b) => a - b)
    return `${guarantee} by ${shareText(Math.abs(difference))} of all runs (${shareText(least)} to ${shareText(most)})`
  })
  return [`${more} breaks more often than ${less}: ${told.join(', ')}.`]
}

/** What a reader must know before believing a rate: what really struck, what never happened, what could not be judged; once for all designs of which it is so. */
export function cautions(designs: readonly DesignTally[], runs: number): readonly string[] {
  const of = new Map<string, string[]>()
  for (const design of designs)
    for (const caution of cautionsOf(design, runs)) of.set(caution, [...(of.get(caution) ?? []), design.name])
  return [...of].map(([caution, names]) => {
    const who = names.length > 1 && names.length === designs.length ? 'all designs' : names.join(', ')
    return `${who}: ${caution}`
  })
}

function cautionsOf(design: DesignTally, runs: number): readonly string[] {
  const { struck, missed, neverSeen, undecided, withoutCounterpart } = design
  const faults = Object.entries(struck).map(
    ([kind, { runs: had, times }]) => `${kind} in ${counted(had, 'run')} (${counted(times, 'time')})`,
  )
  const absent = Object.entries(sparedOf(withoutCounterpart)).map(
    ([who, count]) => `${who} (${counted(count, 'fault')})`,
  )
  return [
    faults.length === 0 ? 'no fault struck in any run.' : `struck by ${faults.join(', ')}.`,
    ...(absent.length > 0 ? [`spared for want of a counterpart: ${absent.join(', ')}.`] : []),
    ...(missed > 0 ? [`${counted(missed, 'fault')} never struck.`] : []),
    ...openTexts(undecided, runs),
    ...(neverSeen.length > 0 ? [`never seen: ${neverSeen.join(', ')}.`] : []),
  ]
}

/** The same of many designs, a line each: what is not usual, and how much of the rest there is. */
export function briefCautions(designs: readonly DesignTally[], runs: number): readonly string[] {
  return designs.map(({ name, struck, missed, neverSeen, undecided, withoutCounterpart }) => {
    const spared = Object.values(withoutCounterpart).reduce((sum, count) => sum + count, 0)
    const open = Math.max(0, ...Object.values(undecided))
    const kinds = Object.keys(struck).length
    const told = [
      kinds === 0 ? 'no fault struck in any run' : `${counted(kinds, 'kind')} of faults struck`,
      ...(spared > 0 ? [`spared ${counted(spared, 'fault')} for want of a counterpart`] : []),
      ...(missed > 0 ? [`${counted(missed, 'fault')} never struck`] : []),
      ...(open > 0 ? [`something could not be judged in ${open} of ${counted(runs, 'run')}`] : []),
      ...(neverSeen.length > 0 ? [`${counted(neverSeen.length, 'kind')} of facts never seen`] : []),
    ]
    return `${name}: ${told.join(', ')}.`
  })
}

/** Guarantees that had nothing to judge in equally many runs are told together. */
function openTexts(undecided: DesignTally['undecided'], runs: number): readonly string[] {
  const counts = [...new Set(Object.values(undecided))].sort((one, other) => other - one)
  return counts.map((count) => {
    const open = Object.keys(undecided).filter((guarantee) => undecided[guarantee] === count)
    return `nothing to judge in ${count} of ${counted(runs, 'run')} for ${open.join(', ')}.`
  })
}

/** How many faults of any kind there were for each of those whom a design does not have: `clock-skew of broker 2` is one for broker 2. */
function sparedOf(withoutCounterpart: DesignTally['withoutCounterpart']): Readonly<Record<string, number>> {
  const spared: Record<string, number> = {}
  for (const [what, count] of Object.entries(withoutCounterpart)) {
    const who = what.slice(what.indexOf(' of ') + ' of '.length)
    spared[who] = (spared[who] ?? 0) + count
  }
  return spared
}

/** A line of a table about designs: what it says, and of each design. */
export interface FigureLine {
  readonly title: string
  readonly cells: readonly string[]
}

/** What else was measured of designs: times, which are marked where nobody measured latencies, duplicates, and what each message costs. */
export function figureLines(designs: readonly DesignTally[]): readonly FigureLine[] {
  const line = (title: string, textOf: (design: DesignTally) => string): FigureLine => ({
    title,
    cells: designs.map(textOf),
  })
  return [
    line('effect latency p99 (median over runs)', (design) => timed(design.effectLatency, design)),
    line('recovery after the last fault (median)', (design) => timed(design.recovery?.p50, design)),
    line('recovery after the last fault (longest)', (design) => timed(design.recovery?.max, design)),
    line('deliveries again, of 1,000 messages', (design) => threeDigits(design.duplicatesPerThousand.deliveries)),
    line('effects again, of 1,000 messages', (design) => threeDigits(design.duplicatesPerThousand.effects)),
    line('round trips a message', cost('roundTrips')),
    line('packets a message', cost('packets')),
    line('fsyncs a message', cost('fsyncs')),
    line('copies a message', cost('copies')),
    line('store writes a message', cost('storeWrites')),
    line('time that a message is stalled by the faults', (design) =>
      timed(secondsOf(design.cost.stalledSeconds), design),
    ),
  ]
}

/** A time, with a mark where nobody has measured latencies. */
function timed(micros: number | undefined, { calibrated }: DesignTally): string {
  return micros === undefined ? '-' : `${durationText(micros)}${calibrated ? '' : ' uncalibrated'}`
}

function cost(name: CostName): (design: DesignTally) => string {
  return ({ cost: costs }) => {
    const paid = costs[name]
    return paid === undefined ? '-' : threeDigits(paid)
  }
}

function secondsOf(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1e6
}

/** Who is struck in each design by what is drawn for whom: `broker 1 is queue in one and events-1 in other`. */
export function counterpartLines(designs: readonly DesignTally[]): readonly string[] {
  return counterpartRows(designs).map(
    ({ title, cells }) => `${title}: ${new Set(cells).size === 1 ? (cells[0] ?? '') : cells.join(' | ')}`,
  )
}

/** The same as lines of a table. */
export function counterpartRows(designs: readonly DesignTally[]): readonly FigureLine[] {
  const neutral = [...new Set(designs.flatMap(({ counterparts }) => counterparts.map((one) => one.neutral)))]
  return neutral.map((target) => ({
    title: target,
    cells: designs.map(({ counterparts }) => counterparts.find((one) => one.neutral === target)?.node ?? 'nobody'),
  }))
}
