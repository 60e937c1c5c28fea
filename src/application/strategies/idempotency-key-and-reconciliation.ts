import { apiOf, callWithKey } from './idempotency-key.ts'
import type { Strategy } from './strategy.ts'
import { failed, skipped } from './strategy.ts'

export const idempotencyKeyAndReconciliation: Strategy = {
  name: 'idempotency-key-and-reconciliation',
  summary: 'Ask the API whether the operation was done, and call it with the operation as the key where it was not.',
  why: 'The key arbitrates between calls that are close to each other, the question finds what is older than any key; it is safe if the search finds things before keys are forgotten.',
  options: {},
  stores: { store: ['api'] },
  writes: 'delta',
  start(context) {
    const api = apiOf(context)
    return function* handle(handling) {
      const { effect, ids } = handling
      const found = effect === undefined ? false : yield* api.find(effect)
      if (found === undefined) return failed('nobody says whether it was done')
      if (found) return skipped('done already')
      const worked = yield* handling.work()
      return worked.kind === 'done' ? yield* callWithKey(api, handling, ids.operation) : worked
    }
  },
}
