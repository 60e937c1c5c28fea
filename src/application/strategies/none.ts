import type { Strategy } from './strategy.ts'

export const none: Strategy = {
  name: 'none',
  summary: 'Work, then the effect, every time a message comes.',
  why: 'It is safe only where no message comes twice: nothing remembers what was done.',
  *handle(handling) {
    const worked = yield* handling.work()
    return worked.kind === 'failed' ? worked : yield* handling.applyEffect()
  },
}
