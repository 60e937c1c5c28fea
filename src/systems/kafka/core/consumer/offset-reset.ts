/** `auto.offset.reset`. `by_duration` (since 4.0) goes back that many microseconds. */
export type OffsetResetPolicy =
  | { readonly type: 'earliest' }
  | { readonly type: 'latest' }
  | { readonly type: 'none' }
  | { readonly type: 'by_duration'; readonly duration: number }

/** Why a consumer has no valid position. */
export type PositionLoss =
  /** The group never committed an offset, or it expired. */
  | { readonly type: 'no-committed-offset' }
  | { readonly type: 'out-of-range'; readonly from: 'leader' | 'follower' }
  /** The leader's log ends, in the epoch of the last record read, before the position. */
  | { readonly type: 'truncated'; readonly endOffset: number }

/**
 * How a consumer finds a position. A follower that does not have the offset may only lag: the leader is asked before
 * anything is given up. After a truncation reading goes on where the logs part, but without a policy that is an error.
 */
export function decideReset(loss: PositionLoss, policy: OffsetResetPolicy, now: number): ResetDecision {
  if (loss.type === 'out-of-range' && loss.from === 'follower') return { type: 'fetch-from-leader' }
  if (policy.type === 'none') return { type: 'fail', error: errorOf(loss) }
  if (loss.type === 'truncated') return { type: 'seek', offset: loss.endOffset }
  if (policy.type === 'by_duration') return { type: 'look-up-time', timestamp: now - policy.duration }
  return { type: 'look-up', which: policy.type }
}

export type ResetDecision =
  | { readonly type: 'fetch-from-leader' }
  | { readonly type: 'seek'; readonly offset: number }
  /** Ask the leader for an end of the log. */
  | { readonly type: 'look-up'; readonly which: 'earliest' | 'latest' }
  /** Ask the leader for the first record not before a time, in microseconds. */
  | { readonly type: 'look-up-time'; readonly timestamp: number }
  | {
      readonly type: 'fail'
      readonly error: 'NoOffsetForPartitionException' | 'OffsetOutOfRangeException' | 'LogTruncationException'
    }

function errorOf(loss: PositionLoss) {
  switch (loss.type) {
    case 'no-committed-offset':
      return 'NoOffsetForPartitionException'
    case 'out-of-range':
      return 'OffsetOutOfRangeException'
    case 'truncated':
      return 'LogTruncationException'
  }
}
