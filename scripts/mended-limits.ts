/** What breaks a mended variant under faults of the kinds that it bears, and is outside of what it claims. */
export interface Limit {
  /** `lesson [variant]` */
  readonly variant: string
  /** How the kind of such a failure begins. */
  readonly failure: string
  /** Found out by replaying a case. */
  readonly reason: string
}

const apart =
  'a crash between the effect and the note of it, which are in two places; only a note in the transaction of the effect has no such gap'

const overlapping = 'faults that overlap: their factors multiply, and come to more than the variant leaves room for'

export const limits: readonly Limit[] = [
  {
    variant: '02-idempotency/memory-that-forgets [a-day]',
    failure: 'billing no-duplicates: crash of billing',
    reason: apart,
  },
  {
    variant: '02-idempotency/one-end-for-all [while-business-goes-on]',
    failure: 'billing no-duplicates: crash of billing',
    reason: apart,
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
    variant: 'kafka/consumer-offsets-that-expired [a-week]',
    failure: 'billing no-loss',
    reason:
      'a crash before the first commit: there is no offset yet that could be kept, and auto.offset.reset skips to the end',
  },
  {
    variant: 'kafka/consumer-replica-nearby [read-from-the-leader]',
    failure: 'billing no-duplicates: partition of events',
    reason:
      'the coordinator is parted from the controller or its followers: what kafkajs handled and could not commit comes again, from whichever replica it reads',
  },
  {
    variant: 'rabbitmq/consume-exclusive-and-locked-out [try-again]',
    failure: 'display no-loss',
    reason:
      'a loss of power while news come: the exclusive queue goes with what is in it, and until the display is back there is none',
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
