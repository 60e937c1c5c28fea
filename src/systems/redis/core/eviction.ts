import type { Key, Keyspace } from './keyspace.ts'

/** https://redis.io/docs/latest/develop/reference/eviction/. Redis looks at samples for the least recently used; here it is found exactly. */
export type MaxMemoryPolicy =
  | 'noeviction'
  | 'allkeys-lru'
  | 'allkeys-random'
  | 'volatile-lru'
  | 'volatile-random'
  | 'volatile-ttl'

/** The key that goes next, as a whole, whatever is in it; none if the policy lets none go. */
export function victim(keys: Keyspace, policy: MaxMemoryPolicy, draw: (below: number) => number): string | undefined {
  if (policy === 'noeviction') return undefined
  const all = [...keys.entries]
  const candidates = policy.startsWith('volatile') ? all.filter(([, { expiresAt }]) => expiresAt !== undefined) : all
  if (candidates.length === 0) return undefined
  if (policy.endsWith('random')) return candidates[draw(candidates.length)]?.[0]
  const rank = (key: Readonly<Key>): number => (policy === 'volatile-ttl' ? (key.expiresAt ?? Infinity) : key.usedAt)
  return candidates.reduce((least, one) => (rank(one[1]) < rank(least[1]) ? one : least))[0]
}
