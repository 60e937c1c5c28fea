import type { Effect } from '../store.ts'

/** What a client asks of the API. */
export type ApiRequest =
  | { readonly kind: 'call'; readonly effect: Effect; readonly key: string | undefined }
  /** Whether the operation has had its effect, by what the business calls it. */
  | { readonly kind: 'find'; readonly operation: Effect['operation']; readonly effect: string }

/**
 * What it answers. `executed`: this call, or an earlier one with its key, had the effect. `error`: a server error, now or as the result that is
 * kept under the key. `conflict`: another call with the key is being executed (HTTP 409). `mismatch`: the key belongs to other parameters (400).
 */
export type ApiReply =
  | { readonly kind: 'executed' | 'error'; readonly replayed: boolean }
  | { readonly kind: 'conflict' | 'mismatch' }
  | { readonly kind: 'found'; readonly found: boolean }
