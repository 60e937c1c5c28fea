import { second } from '../../../simulation/duration.ts'
import type { Fault } from '../../../simulation/fault.ts'
import type { FaultPlan, Moment } from './plan.ts'

/** How long a handler that died is gone. */
const absence = second

/**
 * Each operation of the handling of each message, three times: the handler dies before the operation leaves it, when it was applied and the
 * answer is still to come, and right after the answer. Nothing is drawn, so there are as many runs as that makes.
 */
export const crashAtEveryOperation: FaultPlan = {
  name: 'crash-at-every-operation',
  summary:
    'The handler dies at each operation of each message: before it leaves, applied but unanswered, and after the answer.',
  every: ({ moments }) => moments.flatMap(crashesAt),
}

function crashesAt({ anchor, struck }: Moment): readonly (readonly Fault[])[] {
  const crash = (cut: 'before' | 'after-state'): readonly Fault[] => [
    {
      action: 'crash',
      targets: [[...struck]],
      parameters: {},
      strikes: { when: anchor, cut },
      duration: absence,
    },
  ]
  switch (anchor.fact) {
    case 'operation-began':
      // After the state of the step, nothing has left yet.
      return [crash('after-state')]
    case 'operation-answered':
      // Before the answer is heard, what was asked for has been done; a crash right after asking would take the request along.
      return [crash('before'), crash('after-state')]
    default:
      return []
  }
}
