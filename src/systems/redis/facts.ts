import { defineFact } from '../../history/fact.ts'
import { documented } from './documented.ts'
import {
  writePostponed,
  fileFailed,
  fileTruncated,
  startRefused,
  snapshotSaved,
  snapshotFailed,
  dataLoaded,
  backAgain,
  replicaSynced,
  roleChanged,
  foundDown,
  failoverBegan,
  failoverAborted,
  masterSwitched,
} from './facts-of-servers.ts'
import { pages } from './options/pages.ts'

/*
 * What happens inside of Redis. Places are written with the system's name, `redis/orders`.
 */

/** A group handed an entry to a consumer. `how`: `new`, `history` (it was pending for that one already), `claimed` (it was pending for another). */
export const entryDelivered = defineFact(
  'entry-delivered',
  'broker',
  { message: 'name', place: 'name', group: 'name', consumer: 'name', how: 'name', deliveries: 'int' },
  '{node} gave {message} from {place} to {consumer} ({how}, delivery {deliveries})',
  documented(
    'A group gives each new entry to one consumer, for which it is pending from then on, whether or not the answer arrives.',
    pages.streams,
    { routine: true },
  ),
)

/** A group no longer counts an entry as pending, because somebody acknowledged it. `owner` is for whom it was pending. */
export const entryAcknowledged = defineFact(
  'entry-acknowledged',
  'broker',
  { message: 'name', place: 'name', group: 'name', owner: 'name' },
  '{node} struck {message} from what {owner} has pending',
  documented('XACK does not ask whose the entry is: whoever names its id ends it.', pages.xack, { routine: true }),
)

/** A consumer gave an entry back for whoever wants it. */
export const entryReleased = defineFact(
  'entry-released',
  'broker',
  { message: 'name', place: 'name', group: 'name', owner: 'name' },
  '{owner} gave {message} back to {group}',
  documented('An entry that was given back can be claimed at once.', pages.xnack),
)

/** A pending entry was struck out, and nobody had acknowledged it: `entry-gone`, `consumer-deleted`, `group-destroyed`. */
export const entryForgotten = defineFact(
  'entry-forgotten',
  'broker',
  { message: 'name', place: 'name', group: 'name', owner: 'name', reason: 'name' },
  '{node} struck {message} from what {owner} has pending: {reason}',
  documented(
    'What a deleted consumer had pending is pending for nobody: it is neither delivered nor claimed again.',
    pages.xdelconsumer,
  ),
)

/** An entry came again under the id that its producer had given it, and nothing was added. */
export const addedBefore = defineFact(
  'added-before',
  'broker',
  { message: 'name', place: 'name', producer: 'name' },
  '{node} knew {message} of {producer} and did not add it to {place} again',
  documented(
    'An entry whose id the stream still knows is not added again; the answer is the id that it has.',
    pages.idempotency,
    {
      keeps: 'no-duplicates',
    },
  ),
)

/** A key went with everything in it: `deleted`, `expired`, `evicted`, `overwritten`. */
export const keyGone = defineFact(
  'key-gone',
  'broker',
  { place: 'name', reason: 'name' },
  '{place} was {reason}, and its groups with it',
  documented('Groups, and what they have pending, are part of their stream and go with it.', pages.streams, {
    until: 'group-created',
  }),
)

export const groupCreated = defineFact(
  'group-created',
  'broker',
  { place: 'name', group: 'name' },
  '{node} created the group {group} of {place}',
  documented('A group begins where whoever creates it says.', pages.xgroupCreate),
)

/** A command was refused that would have written: `READONLY`, `NOREPLICAS`, `MISCONF`, `OOM`. */
export const writeRefused = defineFact(
  'write-refused',
  'broker',
  { client: 'name', reason: 'name' },
  '{node} refused a write of {client}: {reason}',
  documented('A server that may not or cannot write refuses to.', pages.errors),
)

/** A client that did not read had too much waiting for it. */
export const outputLimitReached = defineFact(
  'output-limit-reached',
  'broker',
  { client: 'name', messages: 'int' },
  '{node} closed the connection of {client}, for which {messages} messages waited',
  documented(
    'What waits for a subscriber is limited; one that is too slow is disconnected, and what waited is gone.',
    pages.clients,
    {
      until: 'subscribed',
    },
  ),
)

export const subscribed = defineFact(
  'subscribed',
  'broker',
  { client: 'name', place: 'name' },
  '{client} subscribed to {place}',
  documented('Who subscribes hears what is published from then on.', pages.pubsub, { routine: true }),
)

/** The connection of a subscriber is over. */
export const unsubscribed = defineFact(
  'unsubscribed',
  'broker',
  { client: 'name' },
  '{node} has {client} as a subscriber no more',
  documented('A subscription ends with its connection; what is published meanwhile is for others.', pages.pubsub, {
    until: 'subscribed',
  }),
)

/** `how`: `partial` (the backlog had the rest), `full` (its data were replaced). */
/** `WAIT` or `WAITAOF` came back with fewer than it was to wait for. */
export const waitedInVain = defineFact(
  'waited-in-vain',
  'broker',
  { client: 'name', acknowledged: 'int' },
  '{node} told {client} that {acknowledged} replicas have its write',
  documented('WAIT counts; a write that too few replicas have is not undone.', pages.wait),
)

/** A reaper put back what was in processing for too long. */
export const reclaimed = defineFact(
  'reclaimed',
  'client',
  { message: 'name', place: 'name' },
  '{node} put {message} back into {place}: it was in processing for too long',
  documented('Nothing but a reaper puts back what a dead worker had in processing.', pages.jobQueue),
)

/** An entry was given up after so many deliveries. */
export const givenUp = defineFact(
  'given-up',
  'client',
  { message: 'name', place: 'name', deliveries: 'int' },
  '{node} gave {message} up after {deliveries} deliveries',
  documented(
    'The count of deliveries tells a message that nobody can handle; to set it aside is up to the consumer.',
    pages.streams,
  ),
)

/** A consumer alone with its position found it behind, or an entry that was not there. */
export const readerRefused = defineFact(
  'reading-refused',
  'client',
  { place: 'name', reason: 'name' },
  '{node} cannot read {place}: {reason}',
  documented('A group is part of its stream, and goes with it.', pages.xreadgroup),
)

/** Facts of Redis, besides the neutral ones. */
export const redisFacts = [
  entryDelivered,
  entryAcknowledged,
  entryReleased,
  entryForgotten,
  addedBefore,
  keyGone,
  groupCreated,
  writePostponed,
  fileFailed,
  fileTruncated,
  startRefused,
  snapshotSaved,
  snapshotFailed,
  dataLoaded,
  backAgain,
  writeRefused,
  outputLimitReached,
  subscribed,
  unsubscribed,
  replicaSynced,
  roleChanged,
  foundDown,
  failoverBegan,
  failoverAborted,
  masterSwitched,
  waitedInVain,
  reclaimed,
  givenUp,
  readerRefused,
] as const
