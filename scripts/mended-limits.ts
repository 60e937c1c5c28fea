import type { AnyFact } from '../src/history/fact.ts'
import type { Run } from '../src/run.ts'
import { second } from '../src/simulation/duration.ts'

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

const stoppedInHand =
  'a stop with an order in hand: its effect is applied when the consumer has left, and nobody commits it'

/** No group had committed anything when a consumer began where its reset policy says. */
export function beforeTheFirstCommit({ history }: Run): boolean {
  const facts = [...history]
  const reset = facts.findLast(({ kind }) => kind === 'position-reset')
  return reset !== undefined && !facts.some(({ kind, index }) => kind === 'offset-committed' && index < reset.index)
}

/** Nobody of the in-sync set was left, and a replica was elected that lacked what they had. */
export function electedUncleanly({ history }: Run): boolean {
  const unclean = history.names.intern('unclean')
  return [...history].some((fact) => fact.kind === 'leader-elected' && fact['election'] === unclean)
}

/**
 * Whoever applied an effect again had been handed the very same record of a log again, and nobody had committed an offset behind it meanwhile: no
 * second copy, and nothing that was committed came back.
 */
export function cameAgainUncommitted({ history }: Run): boolean {
  const facts = [...history]
  const latest = new Map<unknown, AnyFact>()
  for (const effect of facts.filter(({ kind }) => kind === 'effect-applied')) {
    const before = latest.get(effect['message'])
    latest.set(effect['message'], effect)
    if (before === undefined) continue
    const record = handedFor(effect, facts)
    const earlier = handedFor(before, facts)
    if (record === undefined || earlier === undefined) return false
    if (record['position'] !== earlier['position'] || record['partition'] !== earlier['partition']) return false
    const partition = `/${history.names.text(Number(record['partition']))}`
    const isBehind = (fact: AnyFact): boolean =>
      fact.kind === 'offset-committed' &&
      history.names.text(Number(fact['partition'])).endsWith(partition) &&
      Number(fact['offset']) > Number(record['position'])
    if (facts.slice(before.index, effect.index).some(isBehind)) return false
  }
  return true
}

/** The delivery that an effect comes from. */
function handedFor({ message, attempt }: AnyFact, facts: readonly AnyFact[]): AnyFact | undefined {
  return facts.find((fact) => fact.kind === 'delivered' && fact['message'] === message && fact['attempt'] === attempt)
}

/** Three of the faults at once are stronger than the schedule's one, or two. */
function threeOfThem({ history }: Run): boolean {
  return [...history].filter(({ kind }) => kind === 'fault-struck').length > 2
}

/** A node of this name lost its power. */
const lostItsPower =
  (name: string) =>
  ({ history }: Run): boolean =>
    [...history].some(({ kind, node }) => kind === 'node-lost-power' && history.names.text(node).startsWith(name))

/** Whoever applied an effect again had been handed the message later than whoever had applied it before: no holder wrote behind a later one. */
export function onlyHandedOutAgain({ history }: Run): boolean {
  const latest = new Map<unknown, number>()
  const effects = [...history].filter(({ kind }) => kind === 'effect-applied')
  for (const { message, attempt } of effects) {
    if (Number(attempt) <= (latest.get(message) ?? 0)) return false
    latest.set(message, Number(attempt))
  }
  return true
}

/** Whatever was billed again had not been noted, or came back when nobody had sent anything for as long as the set of one-end-for-all lives. */
export function onlyUnnotedOrOverdue({ history }: Run): boolean {
  const facts = [...history]
  const handling = ({ message, attempt }: (typeof facts)[number]): string => `${String(message)} ${String(attempt)}`
  const noted = new Set(facts.filter(({ kind }) => kind === 'handled').map(handling))
  const lastSent = facts.findLast(({ kind }) => kind === 'submitted')?.time ?? 0
  const first = new Map<unknown, string>()
  for (const fact of facts.filter(({ kind }) => kind === 'effect-applied')) {
    const before = first.get(fact['message'])
    if (before === undefined) first.set(fact['message'], handling(fact))
    else if (noted.has(before) && fact.time <= lastSent + 10 * second) return false
  }
  return true
}

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
  {
    variant: 'kafka/consumer-replica-nearby [java]',
    failure: 'billing no-duplicates',
    reason: comesAgain,
    shownBy: cameAgainUncommitted,
  },
  {
    variant: 'kafka/consumer-replica-nearby [read-from-the-leader]',
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
    failure: 'billing no-loss: power-loss of billing',
    reason:
      'a loss of power of the consumer, not in the schedule: its transaction stays open, and with it the lock on the note in the inbox (as in the-lock-of-a-lost-host)',
    shownBy: lostItsPower('billing'),
  },
  {
    variant: 'rabbitmq/retry-publish-then-acknowledge [acknowledged-first]',
    failure: 'billing no-duplicates',
    reason:
      'a crash of billing, where the schedule has one of sorting: what was billed and not acknowledged is handed out again, and nothing keeps it from being billed again',
    shownBy: ({ history }) =>
      [...history].some(({ kind, node }) => kind === 'node-crashed' && history.names.text(node) === 'billing'),
  },
  {
    variant: 'rabbitmq/consume-zombie-after-timeout [longer-timeout]',
    failure: 'billing no-duplicates',
    reason: overlapping,
    shownBy: threeOfThem,
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
]
