import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { ServerInformation } from '../protocol.ts'

/** A server as whoever chooses knows it. */
export interface Candidate {
  readonly name: string
  readonly isConnected: boolean
  readonly informedAt: Micros
  readonly information: ServerInformation | undefined
}

/**
 * The replica that becomes the master: one that answers and was cut off from the old one for `longestCut` µs at most (ten times `down-after-milliseconds`, and
 * for as long as the master is known to be down), of the lowest priority number, then of
 * the highest offset, then of the lowest run id. What it has counts only after what was said of it.
 */
export function bestReplica<C extends Candidate>(
  replicas: readonly C[],
  longestCut: Micros,
  now: Micros,
): C | undefined {
  const good = replicas.filter(({ isConnected, information, informedAt }) => {
    if (!isConnected || information === undefined || information.priority === 0) return false
    return now - informedAt <= 5 * second && information.linkDownFor <= longestCut
  })
  return good.toSorted(byPreference)[0]
}

function byPreference({ information: one }: Candidate, { information: other }: Candidate): number {
  if (one === undefined || other === undefined) return 0
  if (one.priority !== other.priority) return one.priority - other.priority
  if (one.offset !== other.offset) return other.offset - one.offset
  return one.runId < other.runId ? -1 : 1
}
