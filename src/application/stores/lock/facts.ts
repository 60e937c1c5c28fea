import { defineFact } from '../../../history/fact.ts'

/** The service gave a lock to a process. */
export const lockGranted = defineFact(
  'lock-granted',
  'store',
  { lock: 'name', token: 'int', to: 'name', lease: 'micros' },
  '{node} gave the lock {lock} to {to} with token {token}',
)

/** A lease ran out without having been renewed or given back; its holder may not know. */
export const leaseExpired = defineFact(
  'lease-expired',
  'store',
  { lock: 'name', token: 'int', of: 'name' },
  'the lease of {of} on {lock} ran out',
)

export const lockFacts = [lockGranted, leaseExpired] as const
