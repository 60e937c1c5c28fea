import type { Program } from '../program.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategy.ts'

export const none: Strategy = {
  name: 'none',
  summary: 'Work, then the effect, every time a message comes.',
  why: 'It is safe only where no message comes twice: nothing remembers what was done.',
  options: {},
  stores: {},
  writes: 'delta',
  start: () => workThenEffect,
}

/** What every strategy does that finds nothing to leave out, and that has no transaction around it. */
export function* workThenEffect(handling: Handling): Program<HandlingOutcome> {
  const worked = yield* handling.work()
  return worked.kind === 'done' ? yield* handling.applyEffect() : worked
}
