import type { AnyFact } from '../../history/fact.ts'
import { packetArrived, packetLost, packetSent } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'

/** A history in which packets may be seen, and where in it the facts of the same history without packets are. */
export interface Observed {
  readonly history: History
  /** In the order in which they were sent; nothing where nobody observed them. */
  readonly packets: readonly Packet[] | undefined
  /** A fact of the history without packets as this one has it. */
  find(fact: AnyFact): AnyFact
}

/** A packet from its sending to its end; `end` is missing where the run ended before it did. */
export interface Packet {
  readonly sent: AnyFact
  readonly end: AnyFact | undefined
}

/** `packets` is the history of the same run with its packets; without it there is only what was caused. */
export function observedHistory(history: History, packets: History | undefined): Observed {
  if (packets === undefined) return { history, packets: undefined, find: (fact) => fact }
  const places: number[] = []
  for (const fact of packets) if (packets.kindOf(fact.kind)?.scope !== 'network') places.push(fact.index)
  return {
    history: packets,
    packets: packetsIn(packets),
    find: ({ index, kind }) => {
      const found = packets.at(places[index] ?? -1)
      if (found.kind !== kind)
        throw new RangeError(`Fact ${index} is a ${kind} in one history and a ${found.kind} in the other.`)
      return found
    },
  }
}

function packetsIn(history: History): readonly Packet[] {
  const ends = new Map<number, AnyFact>()
  const sent: AnyFact[] = []
  for (const fact of history) {
    if (fact.kind === packetSent.name) sent.push(fact)
    if (fact.kind === packetArrived.name || fact.kind === packetLost.name) ends.set(Number(fact['packet']), fact)
  }
  return sent.map((fact) => ({ sent: fact, end: ends.get(Number(fact['packet'])) }))
}
