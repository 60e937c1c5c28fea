import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { dedupOptions, identityOf, identityOptions, memoryOptions } from './identity.ts'
import { marksOf } from './marks.ts'
import { workThenEffect } from './none.ts'
import type { Strategy } from './strategy.ts'
import { failed, skipped } from './strategy.ts'

const options = {
  ...identityOptions,
  ...dedupOptions,
  ...memoryOptions,
  'gives-back': {
    type: 'flag',
    fallback: false,
    summary: 'Whether the claim is taken back where the handler ends in an error.',
  },
} as const satisfies OptionTable

export const claimFirst: Strategy = {
  name: 'claim-first',
  summary: 'Set a mark in a store of its own if it is not there; whoever set it does the work.',
  why: 'One of several wins, so that it is never done twice while the mark lasts; but who claims and then dies leaves it undone, and everybody else believes it done.',
  options,
  stores: { dedup: ['cache', 'database'] },
  writes: 'delta',
  start(context, settings) {
    const { key, 'gives-back': givesBack, 'time-to-live': lives } = valuesOf(options, settings)
    const marks = marksOf(context, lives)
    return function* handle(handling) {
      const id = identityOf(handling.ids, key)
      const claimed = yield* marks.claim(id)
      if (claimed === 'unknown') return failed('nobody says whether it was claimed')
      if (claimed === 'no') return skipped('claimed already')
      const outcome = yield* workThenEffect(handling)
      if (outcome.kind === 'failed' && givesBack) yield* marks.unmark(id)
      return outcome
    }
  },
}
