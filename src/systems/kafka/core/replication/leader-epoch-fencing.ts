/** Sent by a client or follower that does not say which leader epoch it believes in. */
const anyLeaderEpoch = -1

/**
 * Compares the leader epoch of a request with the broker's own: an older one comes from someone who missed an
 * election, a newer one shows that this broker missed it.
 */
export function fenceLeaderEpoch(requested: number, own: number): StaleEpoch | undefined {
  if (requested === anyLeaderEpoch || requested === own) return undefined
  return requested < own ? 'FENCED_LEADER_EPOCH' : 'UNKNOWN_LEADER_EPOCH'
}

export type StaleEpoch = 'FENCED_LEADER_EPOCH' | 'UNKNOWN_LEADER_EPOCH'
