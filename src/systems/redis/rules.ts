import type { NeutralRule } from '../system.ts'
import { pages } from './options/pages.ts'

/** Why neutral facts come about in Redis. */
export const redisRules: readonly NeutralRule[] = [
  ended(
    { fate: 'dropped', reason: 'nobody is subscribed' },
    'What is published goes to whoever is subscribed at that moment, and is stored nowhere.',
    pages.pubsub,
  ),
  ended(
    { fate: 'delivered', reason: 'subscriber' },
    'A message is delivered once, if at all: a subscriber that cannot take it will not see it.',
    pages.pubsub,
  ),
  ended(
    { fate: 'delivered', reason: 'popped' },
    'An element that is popped exists in the context of its client alone: if that dies, it is gone.',
    pages.blpop,
  ),
  ended(
    { fate: 'acknowledged', reason: 'removed' },
    'A worker removes what it has done from the list of those in processing.',
    pages.lmove,
  ),
  ended(
    { fate: 'dropped', reason: 'its id was known' },
    'To the stream an entry whose id it knows is one that came before, whoever meant what.',
    pages.idempotency,
  ),
  ended(
    { fate: 'dropped', reason: 'trimmed' },
    'Trimming knows no groups: what nobody has read goes like the rest.',
    pages.xadd,
  ),
  ended(
    { fate: 'dropped', reason: 'evicted' },
    'At its limit, a server that may evict drops whole keys, with all that is in them.',
    pages.eviction,
  ),
  ended(
    { fate: 'dropped', reason: 'key was deleted' },
    'A key goes with all that is in it; the groups of a stream are part of it.',
    pages.streams,
  ),
  ended(
    { fate: 'lost', reason: 'memory of the process' },
    'What was not yet in the file when the process ended is gone, answered or not.',
    pages.persistence,
  ),
  ended(
    { fate: 'lost', reason: 'disk did not have it' },
    'A loss of power takes what no fsync had brought to the disk.',
    pages.persistence,
  ),
  ended(
    { fate: 'lost', reason: 'does not have it' },
    'Replication is asynchronous: a master that comes back as a replica drops what it alone had taken.',
    pages.replication,
  ),
  ended(
    { fate: 'lost', reason: 'it was not on the disk' },
    'A server starts with what its disk has.',
    pages.persistence,
  ),
]

function ended(values: NeutralRule['values'], statement: string, page: string): NeutralRule {
  return { fact: 'copy-ended', values, rule: { statement, evidence: 'documented', page } }
}
