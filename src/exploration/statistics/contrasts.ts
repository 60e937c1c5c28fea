import type { Observation } from './experiment.ts'
import { plainestOf } from './plainest.ts'
import { telling } from './telling.ts'

/** A run in which one design breaks what another one keeps, under the same faults. Designs are told by their places. */
export interface Contrast {
  /** `no-duplicates/effect`. */
  readonly guarantee: string
  readonly broken: number
  readonly kept: number
  /** The number of the plainest run that shows it. */
  readonly run: number
  /** In how many runs it was so, of those in which both could be judged. */
  readonly count: number
  readonly of: number
}

/**
 * The plainest pictures of a comparison: for each guarantee the two designs that differ in the most runs, and the other way round where the better of them is
 * now and then the worse one; what differs the most comes first. `byDesign` has the runs of each design in the same order.
 */
export function contrastsOf(byDesign: readonly (readonly Observation[])[]): readonly Contrast[] {
  const keys = [...new Set(byDesign.flat().flatMap(({ broken }) => broken))].sort()
  const found = keys.flatMap((guarantee): readonly Strongest[] => {
    const pairs = byDesign.flatMap((_, broken) =>
      byDesign.flatMap((_other, kept) => contrast(byDesign, { guarantee, broken, kept }) ?? []),
    )
    const [most] = pairs.toSorted((one, other) => other.count - one.count)
    const back = pairs.find(({ broken, kept }) => broken === most?.kept && kept === most.broken)
    return most === undefined ? [] : [{ most, back }]
  })
  const worthTelling = telling(found.map(({ most }) => most.guarantee))
  return found
    .filter(({ most }) => worthTelling.includes(most.guarantee))
    .toSorted((one, other) => shareOf(other.most) - shareOf(one.most))
    .flatMap(({ most, back }) => [most, ...(back === undefined ? [] : [back])])
}

/** The two designs that differ the most in a guarantee, and the same two the other way round. */
interface Strongest {
  readonly most: Contrast
  readonly back: Contrast | undefined
}

function shareOf({ count, of }: Contrast): number {
  return count / of
}

function contrast(
  byDesign: readonly (readonly Observation[])[],
  which: Pick<Contrast, 'guarantee' | 'broken' | 'kept'>,
): Contrast | undefined {
  const { guarantee } = which
  const [worse = [], better = []] = [byDesign[which.broken], byDesign[which.kept]]
  const both = worse.filter(
    ({ judged }, place) => judged.includes(guarantee) && better[place]?.judged.includes(guarantee) === true,
  )
  const betterBroke = new Set(better.filter(({ broken }) => broken.includes(guarantee)).map(({ run }) => run))
  const only = both.filter(({ run, broken }) => broken.includes(guarantee) && !betterBroke.has(run))
  const run = plainestOf(only)
  return run === undefined ? undefined : { ...which, run, count: only.length, of: both.length }
}

/** `Run 23: plain breaks no-duplicates/effect, under the same faults inbox does not (so in 14 of 39 runs).` */
export function contrastText(
  { guarantee, broken, kept, run, count, of }: Contrast,
  designs: readonly { readonly name: string }[],
): string {
  const [worse = '', better = ''] = [designs[broken]?.name, designs[kept]?.name]
  return `Run ${run}: ${worse} breaks ${guarantee}, under the same faults ${better} does not (so in ${count} of ${of} runs).`
}
