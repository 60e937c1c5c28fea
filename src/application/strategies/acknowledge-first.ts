import type { Program } from '../program.ts'
import { workThenEffect } from './none.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategy.ts'

export const acknowledgeFirst: Strategy = {
  name: 'acknowledge-first',
  summary: 'Acknowledge, then work and the effect.',
  why: 'The system does not hand out again what was acknowledged, so nothing is done twice; what a crash leaves undone is lost.',
  options: {},
  stores: {},
  writes: 'delta',
  start: () => handle,
}

function* handle(handling: Handling): Program<HandlingOutcome> {
  yield* handling.acknowledge()
  return yield* workThenEffect(handling)
}
