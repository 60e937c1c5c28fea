import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { dedupOptions, identityOf, identityOptions, memoryOptions } from './identity.ts'
import { marksOf } from './marks.ts'
import { workThenEffect } from './none.ts'
import type { Strategy } from './strategy.ts'
import { done, failed, skipped } from './strategy.ts'

const options = {
  ...identityOptions,
  ...dedupOptions,
  ...memoryOptions,
  remembers: {
    type: 'choice',
    choices: ['keys', 'one-set'],
    fallback: 'keys',
    summary:
      'In a cache: a key for each id, or all ids in one set, whose time to live every new one begins anew for all of them.',
  },
} as const satisfies OptionTable

export const checkThenMark: Strategy = {
  name: 'check-then-mark',
  summary: 'Look in a store of its own whether it was done; do it; mark it there.',
  why: 'It is safe while nothing happens between looking and marking: a crash after the effect, or a second consumer meanwhile, makes it twice.',
  options,
  stores: { dedup: ['cache', 'database'] },
  writes: 'delta',
  start(context, settings) {
    const { key, remembers, 'time-to-live': lives } = valuesOf(options, settings)
    const marks = marksOf(context, lives, remembers)
    return function* handle(handling) {
      const id = identityOf(handling.ids, key)
      const marked = yield* marks.isMarked(id)
      if (marked === 'unknown') return failed('nobody says whether it was done')
      if (marked === 'yes') return skipped('done already')
      const outcome = yield* workThenEffect(handling)
      if (outcome.kind !== 'done') return outcome
      return (yield* marks.mark(id)) === 'unknown' ? failed('nobody says whether it was marked') : done
    }
  },
}
