import { hour, second } from '../../simulation/duration.ts'
import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { dedupOptions, identityOf, identityOptions } from './identity.ts'
import { workThenEffect } from './none.ts'
import { recordsOf } from './records.ts'
import type { Strategy } from './strategy.ts'
import { done, failed, skipped } from './strategy.ts'

const page = 'https://docs.powertools.aws.dev/lambda/typescript/latest/features/idempotency/'

const options = {
  ...identityOptions,
  ...dedupOptions,
  lease: {
    type: 'duration',
    fallback: 30 * second,
    minimum: 1,
    summary: 'How long what was begun keeps others away; after that somebody else begins it anew.',
  },
  'time-to-live': {
    type: 'duration',
    fallback: hour,
    minimum: 1,
    summary: 'How long it remembers what was completed.',
    page,
  },
} as const satisfies OptionTable

export const leaseThenComplete: Strategy = {
  name: 'lease-then-complete',
  summary: 'Record in a store of its own that it is in progress, for a time; do it; record that it is completed.',
  why: 'Nothing is lost, as what was begun and not completed is begun anew; but the record and the effect are in two places, and a crash between them makes it twice, only later.',
  options,
  stores: { dedup: ['cache', 'database'] },
  writes: 'delta',
  start(context, settings) {
    const { key, lease, 'time-to-live': lives } = valuesOf(options, settings)
    const records = recordsOf(context, lease, lives)
    return function* handle(handling) {
      const id = identityOf(handling.ids, key)
      const state = yield* records.begin(id)
      if (state === 'unknown') return failed('nobody says whether it was begun')
      if (state === 'completed') return skipped('done already')
      if (state === 'in-progress') return failed('somebody is at it')
      const outcome = yield* workThenEffect(handling)
      if (outcome.kind !== 'done') {
        yield* records.abandon(id)
        return outcome
      }
      return (yield* records.complete(id)) ? done : failed('nobody says whether it was completed')
    }
  },
}
