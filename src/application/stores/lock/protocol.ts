import type { Micros } from '../../../simulation/duration.ts'

/** What a client asks of the lock service. A request to acquire is answered when the lock is free. */
export type LockRequest =
  | { readonly kind: 'acquire'; readonly lock: string; readonly lease: Micros; readonly owner: string }
  | { readonly kind: 'renew' | 'release'; readonly lock: string; readonly token: number }

/** `lost`: the lease had run out, and the lock is somebody else's or nobody's. */
export type LockReply =
  | { readonly kind: 'granted'; readonly token: number }
  | { readonly kind: 'renewed' | 'released' | 'lost' }
