import type { Run } from '../src/run.ts'
import { minute } from '../src/simulation/duration.ts'
import {
  acceptedAgainOnlyAfter,
  allInSyncWithoutPower,
  beforeTheFirstCommit,
  cameAgainUncommitted,
  crashed,
  electedUncleanly,
  groupCameLate,
  electedWithoutItsMemory,
  lostItsPower,
  moreAtOnceThan,
  onlyHandedOutAgain,
  onlyUnnotedOrOverdue,
  outOfRange,
  stoodStillLongerThan,
  subscribedLate,
  wasPutOff,
} from './signs-of-limits.ts'

/** What breaks a mended variant under faults of the kinds that it bears, and is outside of what it claims. */
export interface Limit {
  /** `lesson [variant]` */
  readonly variant: string
  /** How the kind of such a failure begins: the guarantee, and the fault on whom. */
  readonly failure: string
  /** Found out by replaying a case. */
  readonly reason: string
  /** What must be seen in the run besides, where the kind alone does not tell it from something else. */
  readonly shownBy?: (run: Run) => boolean
}

const apart =
  'a crash between the effect and the note of it, which are in two places; only a note in the transaction of the effect has no such gap'

const overlapping = 'faults that overlap: their factors multiply, and come to more than the variant leaves room for'

const nothingCommitted =
  'a crash before the first commit: there is no offset yet that could be kept, and auto.offset.reset skips to the end'

const withItsOwner =
  'a loss of power while news come: the exclusive queue goes with what is in it, and until the display is back there is none'

const comesAgain =
  'whoever handled it, or a broker, is parted from the others, too slow, or without power: what was handled and could not be committed comes again, from whichever replica it is read'

const committedAndGone =
  'so does what was committed where nobody else is in sync any more, and goes with the power of the last one'

const committedIsGone = (run: Run): boolean => allInSyncWithoutPower(run) || electedWithoutItsMemory(run)

/** What breaks both lessons about whom a consumer asks, with a client that asks the right one. */
const whoeverIsAsked: Omit<Limit, 'variant'> = {
  failure: 'billing no-duplicates',
  reason: `${comesAgain}, and ${committedAndGone}`,
  shownBy: (run) => cameAgainUncommitted(run) || committedIsGone(run),
}

const stoppedInHand =
  'a stop with an order in hand: its effect is applied when the consumer has left, and nobody commits it'

export const limits: readonly Limit[] = [
  {
    variant: '02-idempotency/memory-that-forgets [a-day]',
    failure: 'billing no-duplicates: crash of billing',
    reason: apart,
  },
  {
    variant: '02-idempotency/one-end-for-all [while-business-goes-on]',
    failure: 'billing no-duplicates: crash of billing after effect-applied',
    reason: apart,
  },
  {
    variant: '02-idempotency/one-end-for-all [while-business-goes-on]',
    failure: 'billing no-duplicates: crash of billing after acknowledged',
    reason: 'business that does not go on: behind the last orders nobody comes who keeps the set alive',
  },
  {
    variant: '02-idempotency/one-end-for-all [while-business-goes-on]',
    failure: 'billing no-duplicates: crash of billing after delivered',
    reason: 'crashes with one order, which comes back when business is over or was billed and not noted',
    shownBy: onlyUnnotedOrOverdue,
  },
  {
    variant: '02-idempotency/a-lock-through-a-pause [the-store-checks-the-token]',
    failure: 'billing no-duplicates: pause of billing',
    reason:
      'pauses that hold an acknowledgement up until the order is handed out again: a token knows holders, and not messages (as in its variant a-crash-instead)',
    shownBy: onlyHandedOutAgain,
  },
  {
    variant: '02-idempotency/one-end-for-all [long-enough]',
    failure: 'billing no-duplicates: crash of billing',
    reason: apart,
  },
  {
    variant: '01-delivery/exactly-once [acknowledge-first]',
    failure: 'billing no-duplicates (delivery): crash of billing after acknowledged',
    reason:
      'a crash before the acknowledgement has left the consumer: the order is handed out again; it was not billed before, so its effect is still there once',
  },
  {
    variant: 'kafka/broker-in-sync-set-of-one [min-insync-2]',
    failure: 'billing no-loss: crash of events',
    reason:
      'crashes of both brokers of a set of two, one of them not in the schedule: unclean elections are allowed, and the third lacks what the two had',
    shownBy: electedUncleanly,
  },
  {
    variant: 'kafka/consumer-offsets-that-expired [a-week]',
    failure: 'billing no-loss: crash of billing',
    reason: nothingCommitted,
    shownBy: beforeTheFirstCommit,
  },
  {
    variant: 'kafka/consumer-offsets-that-expired [a-week]',
    failure: 'billing no-loss: no fault (position-reset)',
    reason: nothingCommitted,
    shownBy: beforeTheFirstCommit,
  },
  {
    variant: 'kafka/consumer-auto-commit-on-close [one-record-a-poll]',
    failure: 'billing no-loss: restart of billing',
    reason: 'a stop with the one record in hand: close() commits the position behind it, handled or not',
  },
  {
    variant: 'kafka/group-commit-before-letting-go [commit-when-revoked]',
    failure: 'billing no-duplicates: restart of billing',
    reason: stoppedInHand,
  },
  {
    variant: 'kafka/group-revoked-with-work-in-hand [finish-before-letting-go]',
    failure: 'billing no-duplicates: restart of billing',
    reason: stoppedInHand,
    shownBy: cameAgainUncommitted,
  },
  { variant: 'kafka/consumer-replica-nearby [java]', ...whoeverIsAsked },
  {
    variant: 'kafka/consumer-replica-nearby [read-from-the-leader]',
    failure: 'billing no-duplicates',
    reason: `${comesAgain}, and ${committedAndGone}, or whoever takes a follower without its log for the leader, as kafkajs does, begins again`,
    shownBy: (run) => cameAgainUncommitted(run) || committedIsGone(run) || outOfRange(run),
  },
  { variant: 'kafka/consumer-leader-of-yesterday [java]', ...whoeverIsAsked },
  {
    variant: 'kafka/consumer-leader-of-yesterday [a-crash-instead]',
    failure: 'billing no-duplicates',
    reason: comesAgain,
    shownBy: cameAgainUncommitted,
  },
  {
    variant: 'kafka/produce-forgotten-producer [a-memory-that-lasts]',
    failure: 'billing no-duplicates',
    reason: comesAgain,
    shownBy: cameAgainUncommitted,
  },
  {
    variant: 'kafka/produce-forgotten-producer [a-producer-that-gives-up]',
    failure: 'billing no-duplicates',
    reason: comesAgain,
    shownBy: cameAgainUncommitted,
  },
  {
    variant: 'kafka/produce-slow-follower [patient-and-idempotent]',
    failure: 'billing no-duplicates',
    reason: comesAgain,
    shownBy: cameAgainUncommitted,
  },
  {
    variant: 'kafka/produce-slow-follower [shorter-patience-of-the-leader]',
    failure: 'billing no-duplicates: slow-link of events',
    reason:
      'a link that is slower by less than the patience of the leader: the follower stays in sync, and the requests that wait behind one another on a connection wait for more than 10 s',
  },
  {
    variant: 'rabbitmq/consume-exclusive-and-locked-out [try-again]',
    failure: 'display no-loss: power-loss of display',
    reason: withItsOwner,
  },
  {
    variant: 'rabbitmq/consume-exclusive-and-locked-out [try-again]',
    failure: 'display no-loss: no fault (queue-deleted)',
    reason: withItsOwner,
  },
  {
    variant: 'rabbitmq/consume-exclusive-and-locked-out [try-again]',
    failure: 'display no-loss: no fault (copy-ended)',
    reason: withItsOwner,
    shownBy: lostItsPower('display'),
  },
  {
    variant: 'rabbitmq/consume-all-marked-as-redelivered [inbox]',
    failure: 'billing no-loss: power-loss',
    reason:
      'a loss of power of the consumer, not in the schedule: its transaction stays open, and with it the lock on the note in the inbox (as in the-lock-of-a-lost-host)',
    shownBy: lostItsPower('billing'),
  },
  {
    variant: 'rabbitmq/retry-publish-then-acknowledge [acknowledged-first]',
    failure: 'billing no-duplicates',
    reason:
      'a crash of billing, where the schedule has one of sorting: what was billed and not acknowledged is handed out again, and nothing keeps it from being billed again',
    shownBy: crashed('billing'),
  },
  {
    variant: 'rabbitmq/consume-zombie-after-timeout [longer-timeout]',
    failure: 'billing no-duplicates',
    reason: overlapping,
    shownBy: moreAtOnceThan(2),
  },
  {
    variant: 'rabbitmq/rpc-direct-reply [own-queue]',
    failure: 'client no-loss: reset-connections',
    reason:
      'a second broken connection while the client comes back from the first: the reply is there after the 8 s that it waits',
  },
  {
    variant: 'kafka/group-handler-without-heartbeats [a-longer-session]',
    failure: 'billing no-duplicates: slow of billing',
    reason: overlapping,
  },
  {
    variant: 'kafka/group-handler-without-heartbeats [java]',
    failure: 'billing no-duplicates: slow of billing',
    reason: `${overlapping} (max.poll.interval.ms, 5 min)`,
  },
  {
    variant: 'sqs/fifo-sent-again-too-late [four-minutes]',
    failure: 'billing no-duplicates',
    reason:
      'a receive or a delete that does not get through: what was handled and could not be deleted in time is handed out again; the claim is about what is sent again',
    shownBy: acceptedAgainOnlyAfter(5 * minute),
  },
  {
    variant: 'sqs/receive-hidden-for-too-short [longer-timeout]',
    failure: 'billing no-duplicates: slow of billing',
    reason: overlapping,
    shownBy: moreAtOnceThan(1),
  },
  {
    variant: 'sqs/receive-the-wall-of-twelve-hours [in-pieces]',
    failure: 'converting no-duplicates: slow of converting',
    reason: overlapping,
    shownBy: moreAtOnceThan(2),
  },
  {
    variant: 'kinesis/consume-zombie [longer-fail-over]',
    failure: 'billing no-duplicates: pause of billing',
    reason: 'pauses that follow one another, and come to more than the one that the leases outlast',
    shownBy: stoodStillLongerThan(minute),
  },
  {
    variant: 'redis/channel-nobody-listens [subscribed-first]',
    failure: 'display no-loss',
    reason: 'a crash of the display when it is there: what is published meanwhile, or was in its hand, is nowhere else',
    shownBy: crashed('display'),
  },
  {
    variant: 'redis/channel-slow-subscriber [larger-limit]',
    failure: 'display no-loss: pause of display before submitted',
    reason: 'a pause before the display has subscribed, and until something is published',
    shownBy: subscribedLate,
  },
  ...[
    'redis/durable-power-is-gone [only-the-process]',
    'redis/durable-snapshots-only [append-only]',
    'redis/failover-empty-master [a-file]',
  ].map((variant) => ({
    variant,
    failure: 'billing no-loss: crash of',
    reason:
      'a crash while a write is put off, since the disk is still at work on an earlier one (appendfsync: everysec): it is answered, and in the memory of the process alone',
    shownBy: wasPutOff,
  })),
  {
    variant: 'redis/failover-wait-on-another-connection [fails]',
    failure: 'billing no-loss: crash of',
    reason: 'a crash of the one replica that had it as well, while the other is not there or has not caught up',
    shownBy: moreAtOnceThan(1),
  },
  {
    variant: 'redis/stream-claimed-too-early [longer-idle-time]',
    failure: 'billing no-duplicates: slow of billing',
    reason: overlapping,
    shownBy: moreAtOnceThan(1),
  },
  {
    variant: 'redis/stream-zombie-acknowledges [longer-idle-time]',
    failure: 'billing no-duplicates (delivery)',
    reason:
      'a crash with the order in hand, where the schedule has one when it is done: whoever comes back reads what it has pending',
    shownBy: crashed('billing'),
  },
  {
    variant: 'redis/stream-trimmed-unread [acknowledged-only]',
    failure: 'billing no-loss',
    reason: 'a pause before there is a group: what no group has to acknowledge may be trimmed',
    shownBy: groupCameLate,
  },
]
