import type { DesignTally } from './tally.ts'

/** What a design pays for each message, by the names that reports use. */
const costNames = ['roundTrips', 'packets', 'fsyncs', 'copies', 'storeWrites', 'stalledSeconds'] as const
export type CostName = (typeof costNames)[number]

/** Which designs cannot be bettered in a guarantee without paying more, or in a cost without breaking the guarantee more often. */
export interface Frontier {
  /** `no-loss/effect`. */
  readonly guarantee: string
  readonly cost: CostName
  /** Every design for which both are known, the cheapest first. */
  readonly points: readonly {
    readonly name: string
    /** How often the guarantee broke, as a share of the runs in which it could be judged. */
    readonly rate: number
    /** Of a message. */
    readonly cost: number
    /** No other design is at least as good in both and better in one. */
    readonly onFrontier: boolean
  }[]
}

/** The frontier of each guarantee that broke somewhere against each cost in which designs differ. */
export function frontiersOf(designs: readonly DesignTally[]): readonly Frontier[] {
  const guarantees = [...new Set(designs.flatMap(({ rates }) => Object.keys(rates)))].sort()
  return guarantees.flatMap((guarantee) =>
    costNames.flatMap((cost): readonly Frontier[] => {
      const known = designs.flatMap(({ name, rates, cost: costs }) => {
        const [rate, paid] = [rates[guarantee], costs[cost]]
        return rate === undefined || rate.of === 0 || paid === undefined
          ? []
          : [{ name, rate: rate.count / rate.of, cost: paid }]
      })
      const differs = new Set(known.map((point) => point.cost)).size > 1
      if (!differs || known.every(({ rate }) => rate === 0)) return []
      const points = known
        .map((point) => ({ ...point, onFrontier: !known.some((other) => isBetter(other, point)) }))
        .sort((one, other) => one.cost - other.cost || one.rate - other.rate)
      return [{ guarantee, cost, points }]
    }),
  )
}

interface Point {
  readonly rate: number
  readonly cost: number
}

function isBetter(one: Point, other: Point): boolean {
  return one.rate <= other.rate && one.cost <= other.cost && (one.rate < other.rate || one.cost < other.cost)
}
