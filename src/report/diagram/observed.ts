import type { AnyFact } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'

/** A history in which packets may be seen, and where in it the facts of the same history without packets are. */
export interface Observed {
  readonly history: History
  readonly hasPackets: boolean
  /** A fact of the history without packets as this one has it. */
  find(fact: AnyFact): AnyFact
}

/** `packets` is the history of the same run with its packets; without it there is only what was caused. */
export function observedHistory(history: History, packets: History | undefined): Observed {
  if (packets === undefined) return { history, hasPackets: false, find: (fact) => fact }
  const places: number[] = []
  for (const fact of packets) if (packets.kindOf(fact.kind)?.scope !== 'network') places.push(fact.index)
  return {
    history: packets,
    hasPackets: true,
    find: ({ index, kind }) => {
      const found = packets.at(places[index] ?? -1)
      if (found.kind !== kind)
        throw new RangeError(`Fact ${index} is a ${kind} in one history and a ${found.kind} in the other.`)
      return found
    },
  }
}
