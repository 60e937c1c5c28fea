import type { OptionTable } from '../../systems/option.ts'
import type { MessageIds } from './strategy.ts'

/** By what a strategy recognises what it has seen. */
export type Identity = 'message' | 'operation'

/** The options of a strategy that remembers what was done. */
export const identityOptions = {
  key: {
    type: 'choice',
    choices: ['message', 'operation'],
    fallback: 'message',
    summary:
      'By what it recognises what was done: the id of the message, which a producer that sends again may change, or the operation that it is about.',
  },
} as const satisfies OptionTable

/** How long it remembers. */
export const memoryOptions = {
  'time-to-live': {
    type: 'duration',
    fallback: null,
    minimum: 1,
    summary: 'How long it remembers; for ever by default.',
  },
} as const satisfies OptionTable

/** The option that names the store for what was done. */
export const dedupOptions = {
  dedup: {
    type: 'text',
    fallback: null,
    summary: 'The store that remembers what was done; the only one that can, by default.',
  },
} as const satisfies OptionTable

export function identityOf({ message, operation }: Pick<MessageIds, Identity>, by: Identity): string {
  return by === 'message' ? message : operation
}
