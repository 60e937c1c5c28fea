import type { Program } from '../program.ts'
import { workThenEffect } from './none.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategy.ts'
import { skipped } from './strategy.ts'

export const redeliveredFlag: Strategy = {
  name: 'redelivered-flag',
  summary: 'Leave out what the system marks as delivered before.',
  why: 'It is safe nowhere: the mark says that somebody was handed the message, and not that anybody finished it; and copies carry no mark.',
  options: {},
  stores: {},
  writes: 'delta',
  start: () => handle,
}

function* handle(handling: Handling): Program<HandlingOutcome> {
  if (handling.delivery.redelivered) return skipped('it was delivered before')
  return yield* workThenEffect(handling)
}
