import { defineFact } from '../../history/fact.ts'
import { pages } from './options/pages.ts'

/** A receive returned a message. `receives` counts them, which is not how often it was handled. */
export const messageReceived = defineFact(
  'message-received',
  'broker',
  { copy: 'int', message: 'name', place: 'name', consumer: 'name', receives: 'int' },
  '{node} returned {message} to {consumer} (receive {receives})',
  {
    statement: 'A message that is received is hidden for the visibility timeout and stays until it is deleted.',
    evidence: 'documented',
    page: pages.visibility,
    routine: true,
  },
)

/** A message that had been received can be received again: `visibility timeout` or `released`. */
export const visibleAgain = defineFact(
  'visible-again',
  'broker',
  { copy: 'int', message: 'name', place: 'name', receives: 'int', reason: 'name' },
  '{message} was visible in {place} again: {reason}',
  {
    statement: 'What is not deleted before its visibility timeout is over can be received again, by anybody.',
    evidence: 'documented',
    page: pages.visibility,
  },
)

/** A consumer was granted more time for a message. */
export const visibilityExtended = defineFact(
  'visibility-extended',
  'broker',
  { message: 'name', place: 'name', consumer: 'name' },
  '{consumer} kept {message} hidden for longer',
  {
    statement: 'A change of the visibility timeout counts from the call on.',
    evidence: 'documented',
    page: pages.changeVisibility,
    routine: true,
  },
)

/** A change of visibility was refused: the message was not in flight any more, or its twelve hours are over. */
export const extensionRefused = defineFact(
  'extension-refused',
  'broker',
  { message: 'name', place: 'name', consumer: 'name', reason: 'name' },
  '{node} refused {consumer} more time for {message}: {reason}',
  {
    statement:
      'A message is hidden for twelve hours at most, which count from its receive and not from the last change.',
    evidence: 'documented',
    page: pages.changeVisibility,
  },
)

/** A server that has a copy of a message could not be reached, and did not hear of what was done: a `receive` or its `deletion`. */
export const copyMissed = defineFact(
  'copy-missed',
  'broker',
  { message: 'name', place: 'name', server: 'name', action: 'name' },
  '{server} did not hear of the {action} of {message}',
  {
    statement: 'A copy on a server that is unavailable is neither hidden nor deleted, and may be returned again.',
    evidence: 'documented',
    page: pages.standard,
  },
)

/** A deletion did not delete: its receipt handle had expired, which a FIFO queue says, or was an old one, which a standard queue does not. */
export const notDeleted = defineFact(
  'not-deleted',
  'broker',
  { message: 'name', place: 'name', consumer: 'name', reason: 'name' },
  '{message} was not deleted from {place}: {reason}',
  {
    statement:
      'A receipt handle stands for one receive. When its time is over, a FIFO queue refuses it; an old one may do nothing in a standard queue, though the call succeeds.',
    evidence: 'documented',
    page: pages.deleteMessage,
  },
)

/** A send had the deduplication id of another one of the last five minutes: it succeeds, and nothing is delivered. */
export const deduplicated = defineFact(
  'deduplicated',
  'broker',
  { message: 'name', first: 'name', place: 'name' },
  '{node} took {message} for {first}, which it had already',
  {
    statement:
      'A send with the deduplication id of the last five minutes is accepted and not delivered, even if the first message is deleted by then.',
    evidence: 'documented',
    page: pages.deduplication,
    keeps: 'no-duplicates',
  },
)

/** A receive came back empty though messages were there: `message` is the first of them. */
export const foundNothing = defineFact(
  'found-nothing',
  'broker',
  { message: 'name', place: 'name', consumer: 'name', count: 'int', reason: 'name' },
  '{consumer} got nothing from {place}, where {count} could be received: {reason}',
  {
    statement:
      'A short poll asks some of the servers; a receive also finds nothing when too many messages are in flight, or other groups fill what a FIFO queue looks at.',
    evidence: 'documented',
    page: pages.polling,
    until: 'message-received',
  },
)

/** A call was refused as a whole: throttled, too many messages in flight, no such queue, too few servers. */
export const callRefused = defineFact(
  'request-refused',
  'broker',
  { action: 'name', place: 'name', client: 'name', code: 'name' },
  '{node} refused {action} of {client}: {code}',
  {
    statement:
      'A FIFO queue takes 300 calls of each action in a second, and a queue 120,000 messages in flight; and a service may be unavailable for a while.',
    evidence: 'documented',
    page: pages.quotas,
  },
)

/** One message of a send or a deletion failed; of a batch, the others may have succeeded. */
export const entryFailed = defineFact(
  'entry-failed',
  'broker',
  { action: 'name', message: 'name', place: 'name', code: 'name' },
  '{node} failed the {action} of {message}: {code}',
  {
    statement:
      'Each message of a call succeeds or fails by itself, and a batch is answered with 200 whatever becomes of its entries.',
    evidence: 'documented',
    page: pages.batch,
  },
)

/** A batch was answered with 200, and entries of it had failed. */
export const answeredInPart = defineFact(
  'answered-in-part',
  'broker',
  { action: 'name', place: 'name', client: 'name', failed: 'int', entries: 'int' },
  '{node} answered {action} of {client} with 200: {failed} of {entries} entries failed',
  {
    statement: 'A batch is answered with 200 and a list of the entries that failed.',
    evidence: 'documented',
    page: pages.batch,
  },
)

/** An application did not look at the entries that had failed. */
export const failureIgnored = defineFact(
  'failure-ignored',
  'client',
  { action: 'name', message: 'name' },
  '{node} did not look at Failed: the {action} of {message} was in it',
  {
    statement:
      'The SDK tries a call again that failed, and not the entries of a batch that did: that is for the application.',
    evidence: 'documented',
    page: pages.batch,
  },
)

/** The SDK tries a call again. `attempt` is the next one. */
export const callRetried = defineFact(
  'call-retried',
  'client',
  { action: 'name', attempt: 'int', reason: 'name' },
  '{node} tries {action} again (attempt {attempt}): {reason}',
  {
    statement:
      'The SDK makes three attempts in all. One whose answer is lost may have succeeded, and is made again all the same.',
    evidence: 'documented',
    page: pages.retries,
  },
)

/** An operator's call, or when it took effect: `PurgeQueue`, `DeleteQueue`, `SetQueueAttributes`, `StartMessageMoveTask`. */
export const operatorActed = defineFact(
  'operator-acted',
  'broker',
  { action: 'name', place: 'name', what: 'name' },
  '{action} on {place} {what}',
  {
    statement: 'What operators ask takes up to 60 seconds, and meanwhile the queue is used as before.',
    evidence: 'documented',
    page: pages.purge,
  },
)

/** Facts of the service, besides the neutral ones. */
export const sqsFacts = [
  messageReceived,
  visibleAgain,
  visibilityExtended,
  extensionRefused,
  copyMissed,
  notDeleted,
  deduplicated,
  foundNothing,
  callRefused,
  entryFailed,
  answeredInPart,
  failureIgnored,
  callRetried,
  operatorActed,
] as const
