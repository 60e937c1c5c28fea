/**
 * The in-sync replicas as the leader sees them: what the controller committed, and at most one change that the leader
 * has asked for and has no answer to.
 */
export type InSyncReplicas =
  | { readonly type: 'committed'; readonly isr: readonly number[] }
  | { readonly type: 'expanding'; readonly isr: readonly number[]; readonly joining: number }
  | { readonly type: 'shrinking'; readonly isr: readonly number[]; readonly leaving: readonly number[] }

/**
 * Every replica that may be in the ISR, whichever way a change in flight ends. Only what all of these have is
 * committed: a larger set can only be stricter, so a lost answer of the controller endangers nothing.
 */
export function maximalIsr(replicas: InSyncReplicas): readonly number[] {
  return replicas.type === 'expanding' ? [...replicas.isr, replicas.joining] : replicas.isr
}

/** The ISR that a change in flight asks the controller for. */
export function proposedIsr(replicas: InSyncReplicas): readonly number[] {
  switch (replicas.type) {
    case 'committed':
      return replicas.isr
    case 'expanding':
      return [...replicas.isr, replicas.joining]
    case 'shrinking':
      return replicas.isr.filter((brokerId) => !replicas.leaving.includes(brokerId))
  }
}

/** What a leader's metadata says of another broker. */
export interface BrokerView {
  readonly brokerEpoch: number
  readonly fenced: boolean
  readonly inControlledShutdown: boolean
}

/** Brokers by id, as far as the leader's metadata knows them. */
export type BrokerViews = ReadonlyMap<number, BrokerView>

/** Whether a follower may join the ISR as far as its registration goes: alive, staying, and the same incarnation that fetched. */
export function isEligibleForIsr(brokerEpoch: number | undefined, view: BrokerView | undefined): boolean {
  if (view === undefined || view.fenced || view.inControlledShutdown || brokerEpoch === undefined) return false
  return brokerEpoch === -1 || brokerEpoch === view.brokerEpoch
}
