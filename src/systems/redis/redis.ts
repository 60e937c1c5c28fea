import type { SystemKind } from '../system.ts'
import { claimsOf } from './claims.ts'
import { versions } from './core/version.ts'
import { redisFacts } from './facts.ts'
import { redisOmissions } from './omissions.ts'
import { consumerTable, producerTable } from './options/client-table.ts'
import { systemTable } from './options/system-table.ts'
import { reasonWithoutMeaning } from './options/without-meaning.ts'
import { problemsOf } from './problems.ts'
import { RedisSystem } from './redis-system.ts'
import { redisRules } from './rules.ts'
import { smallestRedis } from './smallest-redis.ts'

/**
 * Redis as a messaging product: streams with groups, lists as queues, channels; a master with its files, its replicas and Sentinels.
 *
 * Left out: see `omissions`.
 */
export const redis: SystemKind = {
  name: 'redis',
  title: 'Redis',
  versions,
  options: systemTable,
  producerOptions: producerTable,
  consumerOptions: consumerTable,
  reasonWithoutMeaning,
  facts: redisFacts,
  rules: redisRules,
  omissions: redisOmissions,
  claims: claimsOf,
  problems: problemsOf,
  smallest: smallestRedis,
  build: (setup) => new RedisSystem(setup),
}
