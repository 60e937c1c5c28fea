/** A request to the controller: change the ISR, if the partition is still at this partition epoch. */
export interface IsrProposal {
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly newIsr: readonly IsrMember[]
}

/** A broker with the epoch of the registration that caught up; -1 leaves the epoch unchecked. */
export interface IsrMember {
  readonly brokerId: number
  readonly brokerEpoch: number
}

/** Whether two proposals ask for the same, from the same state. */
export function isSameProposal(a: IsrProposal, b: IsrProposal): boolean {
  if (a.leaderEpoch !== b.leaderEpoch || a.partitionEpoch !== b.partitionEpoch) return false
  if (a.newIsr.length !== b.newIsr.length) return false
  return a.newIsr.every(({ brokerId, brokerEpoch }, index) => {
    const other = b.newIsr[index]
    return other?.brokerId === brokerId && other.brokerEpoch === brokerEpoch
  })
}

/** The controller's answer. */
export type ProposalAnswer =
  | { readonly type: 'changed'; readonly partitionEpoch: number; readonly isr: readonly number[] }
  | { readonly type: 'rejected'; readonly error: string }

/** What an answer brings about: the high watermark moved, or the proposal must be sent again. */
export interface ProposalEffect {
  readonly advanced: boolean
  readonly sendAgain: boolean
}

/** Answers after which the leader waits for newer metadata instead of asking again. */
const awaitMetadata: ReadonlySet<string> = new Set([
  'INELIGIBLE_REPLICA',
  'OPERATION_NOT_ATTEMPTED',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'FENCED_LEADER_EPOCH',
  'INVALID_UPDATE_VERSION',
  'INVALID_REQUEST',
  'NEW_LEADER_ELECTED',
])

/** Whether a proposal that was refused, or whose answer was lost, is sent again. */
export function isSentAgainAfter(error: string): boolean {
  return !awaitMetadata.has(error)
}
