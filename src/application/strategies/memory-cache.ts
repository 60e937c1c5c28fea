import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { identityOf, identityOptions } from './identity.ts'
import { workThenEffect } from './none.ts'
import type { Strategy } from './strategy.ts'
import { skipped } from './strategy.ts'

const options = {
  ...identityOptions,
  size: {
    type: 'count',
    fallback: 1000,
    minimum: 1,
    summary: 'How many it remembers; the one longest not seen goes first.',
  },
} as const satisfies OptionTable

export const memoryCache: Strategy = {
  name: 'memory-cache',
  summary: 'Remember in the memory of the process what was done.',
  why: 'It is safe while the same process gets every copy, lives, and has not forgotten: a crash forgets all, and other members know nothing.',
  options,
  stores: {},
  writes: 'delta',
  start(_context, settings) {
    const { key, size } = valuesOf(options, settings)
    const seen = new Set<string>()
    return function* handle(handling) {
      const id = identityOf(handling.ids, key)
      if (seen.delete(id)) {
        seen.add(id)
        return skipped('done already')
      }
      const outcome = yield* workThenEffect(handling)
      if (outcome.kind === 'done') remember(seen, id, size)
      return outcome
    }
  },
}

function remember(seen: Set<string>, id: string, size: number): void {
  seen.add(id)
  for (const oldest of seen) {
    if (seen.size <= size) return
    seen.delete(oldest)
  }
}
