/**
 * The server versions that the model knows. 3.10 is what Debian ships and what the conformance run compares with; the other three are the
 * ones that people run.
 */
export type Version = '3.10' | '3.13' | '4.2' | '4.3'

/** Where classic queues and channels differ from one version to the next. */
export interface Profile {
  readonly version: Version
  /** Adds `x-last-death-reason|queue|exchange` to a dead letter. */
  readonly lastDeathHeaders: boolean
  /** What an `x-death` header that a client published means: the start of the count (3.x), or nothing (4.0 and later). */
  readonly clientDeaths: 'interpreted' | 'ignored'
  /** What happens to the `CC` header of a dead letter that gets a new routing key. */
  readonly copiesHeader: 'removed' | 'kept'
  /** `max_message_size` where nobody sets it: bytes of a body; 128 MiB, and 16 MiB from 4.0 on. */
  readonly maxMessageSize: number
  /** `basic.qos` with `global=true`; from 4.3 on it is taken as the limit of each later consumer. */
  readonly globalPrefetch: 'channel' | 'consumer'
  /** Queues that are neither durable nor exclusive; refused by default from 4.3 on. */
  readonly transientQueues: 'allowed' | 'refused'
  /** Whether a late acknowledgement closes the channel. From 4.3 on the timeout is for quorum queues only. */
  readonly consumerTimeout: 'closes-channel' | 'not-for-classic'
  /** Whether a queue may have a timeout of its own, by argument or policy. It came with 3.12. */
  readonly consumerTimeoutOfQueue: 'taken' | 'unknown'
  /** Whether a message for a reply address counts as routed, for `mandatory`; where it does, nobody looks whether the requester is there. */
  readonly replyAddresses: 'routed' | 'not-routed'
  /** Whether a queue serves the next single active consumer at once when the former one cancels, or at its next event. */
  readonly successorServed: 'at-once' | 'at-next-event'
}

/** Deprecated features that 4.3 does without, unless its configuration permits them. */
export type DeprecatedFeature = 'transient_nonexcl_queues' | 'global_qos'

/** The same version with what its configuration permits. */
export function permitting(profile: Profile, features: readonly DeprecatedFeature[]): Profile {
  return {
    ...profile,
    transientQueues: features.includes('transient_nonexcl_queues') ? 'allowed' : profile.transientQueues,
    globalPrefetch: features.includes('global_qos') ? 'channel' : profile.globalPrefetch,
  }
}

const mebibyte = 1_048_576

const earliest: Profile = {
  version: '3.10',
  lastDeathHeaders: false,
  clientDeaths: 'interpreted',
  copiesHeader: 'removed',
  maxMessageSize: 128 * mebibyte,
  globalPrefetch: 'channel',
  transientQueues: 'allowed',
  consumerTimeout: 'closes-channel',
  consumerTimeoutOfQueue: 'unknown',
  replyAddresses: 'not-routed',
  successorServed: 'at-next-event',
}

const series3: Profile = {
  ...earliest,
  version: '3.13',
  lastDeathHeaders: true,
  copiesHeader: 'kept',
  consumerTimeoutOfQueue: 'taken',
}
const series42: Profile = {
  ...series3,
  version: '4.2',
  clientDeaths: 'ignored',
  maxMessageSize: 16 * mebibyte,
  replyAddresses: 'routed',
  successorServed: 'at-once',
}
const series43: Profile = {
  ...series42,
  version: '4.3',
  globalPrefetch: 'consumer',
  transientQueues: 'refused',
  consumerTimeout: 'not-for-classic',
}

export const profiles: Readonly<Record<Version, Profile>> = {
  '3.10': earliest,
  '3.13': series3,
  '4.2': series42,
  '4.3': series43,
}
