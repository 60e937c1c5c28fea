import { onEntry } from './on-entry.ts'
import { onJob } from './on-job.ts'

/**
 * Code that is given what ioredis reads from Redis: entries of a stream, as a member of a group, where the check's system is `redis({ stream })`; jobs of a list,
 * where it is `redis({ list })`. The loop around the code is ours.
 *
 *     consumer: ({ db }) => ioredis.onEntry(makeHandler(db.pool), { count: 10 })
 */
export const ioredis = { onEntry, onJob } as const
