import { defineFact } from '../../history/fact.ts'
import { documented } from './documented.ts'
import { pages } from './options/pages.ts'

/* What happens to the files of a server, and between servers: replication and Sentinel. */

/** An `everysec` server put the writing of its file off, because the last fsync was not done. */
export const writePostponed = defineFact(
  'write-postponed',
  'broker',
  {},
  '{node} answers and keeps its writes in memory: the last fsync is not done',
  {
    statement: 'While an fsync is running, everysec puts writing off for up to two seconds, and answers all the same.',
    evidence: 'source',
    page: 'https://github.com/redis/redis/blob/unstable/src/aof.c',
  },
)

export const fileFailed = defineFact(
  'file-failed',
  'broker',
  { what: 'name', reason: 'name' },
  '{node} could not {what} its append-only file: {reason}',
  {
    statement: 'A server that cannot write its file ends itself with always, and refuses writes else.',
    evidence: 'source',
    page: 'https://github.com/redis/redis/blob/unstable/src/aof.c',
  },
)

/** A start found the last command of the file incomplete, and dropped it. */
export const fileTruncated = defineFact(
  'file-truncated',
  'broker',
  {},
  '{node} dropped an incomplete command at the end of its file',
  documented('With aof-load-truncated a start drops the incomplete end of the file and goes on.', pages.persistence),
)

export const startRefused = defineFact(
  'start-refused',
  'broker',
  { reason: 'name' },
  '{node} does not start: {reason}',
  documented('A file that is damaged keeps the server from starting, until somebody mends it.', pages.persistence),
)

export const snapshotSaved = defineFact(
  'snapshot-saved',
  'broker',
  { keys: 'int', bytes: 'int' },
  '{node} saved a snapshot of {keys} keys',
  documented(
    'A snapshot is written when enough was written long enough ago; what came after it is in none.',
    pages.persistence,
  ),
)

export const snapshotFailed = defineFact(
  'snapshot-failed',
  'broker',
  {},
  '{node} could not write a snapshot',
  documented('While the last snapshot could not be written, writes are refused.', pages.configuration),
)

/** What a start found on its disk: from `file` or `snapshot`; `nothing`. */
export const dataLoaded = defineFact(
  'data-loaded',
  'broker',
  { from: 'name', messages: 'int' },
  '{node} started with {messages} messages ({from})',
  documented('With appendonly a start plays its file, and reads the snapshot without.', pages.persistence),
)

/** Something that had left a key was there again after a start. */
export const backAgain = defineFact(
  'back-again',
  'broker',
  { message: 'name', place: 'name' },
  '{message} was back in {place}: that it had left had not reached the disk, or the replica',
  documented('What was not written when a server ended did not happen.', pages.persistence),
)

export const replicaSynced = defineFact(
  'replica-synced',
  'broker',
  { master: 'name', how: 'name' },
  '{node} follows {master} ({how} resynchronisation)',
  documented(
    'A replica whose place in the history the backlog does not have gets a full copy, and drops what it had.',
    pages.replication,
  ),
)

export const roleChanged = defineFact(
  'role-changed',
  'broker',
  { role: 'name', master: 'name' },
  '{node} became {role} {master}',
  documented(
    'A Sentinel makes a replica the master, and the former master its replica as soon as it reaches it.',
    pages.sentinel,
  ),
)

/** A Sentinel had no valid answer for too long. */
export const foundDown = defineFact(
  'found-down',
  'broker',
  { server: 'name', how: 'name' },
  '{node} found {server} down ({how})',
  documented(
    'A server that does not answer for down-after-milliseconds is down for a Sentinel, and for all when a quorum of them says so.',
    pages.sentinel,
  ),
)

export const failoverBegan = defineFact(
  'failover-began',
  'broker',
  { epoch: 'int', votes: 'int' },
  '{node} leads the failover of epoch {epoch} with {votes} votes',
  documented('One Sentinel fails over, which a majority of all of them has voted for.', pages.sentinel),
)

/** A failover came to nothing: `no votes`, `no good replica`, `timeout`. */
export const failoverAborted = defineFact(
  'failover-aborted',
  'broker',
  { epoch: 'int', reason: 'name' },
  '{node} gave the failover of epoch {epoch} up: {reason}',
  documented('Without the votes of a majority of all Sentinels nobody fails over.', pages.sentinel),
)

export const masterSwitched = defineFact(
  'master-switched',
  'broker',
  { master: 'name', epoch: 'int' },
  '{node} holds {master} for the master from now on',
  documented('The configuration of the latest failover wins.', pages.sentinel),
)
