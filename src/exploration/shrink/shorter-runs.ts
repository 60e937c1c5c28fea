import type { Scenario } from '../../scenario/scenario.ts'
import { second } from '../../simulation/duration.ts'
import { blamedIn, withFaults } from './fewer-faults.ts'
import { handfulOfMessages } from './less-work.ts'
import type { Pass } from './shrinking.ts'

/** A case whose runs have more events than this is to be made cheap before it is made small: every try costs as much as a run. */
const longRun = 15_000

const shorterTimes = [10, 30, 60, 120].map((seconds) => seconds * second)

/**
 * What makes a run shorter, rather than its case smaller: all faults over after some seconds, a handful of messages, a blamed fault alone.
 */
export const shorterRuns: Pass = function* (current, run) {
  if (run.events <= longRun) return
  for (const most of shorterTimes) {
    const cut = withTimesUpTo(current, most)
    if (cut !== undefined) yield cut
  }
  yield* handfulOfMessages(current, run)
  if (current.faults.length > 1) for (const blamed of blamedIn(run)) yield withFaults(current, [blamed])
}

/** Faults that last for no longer than that; nothing where none does. */
function withTimesUpTo(current: Scenario, most: number): Scenario | undefined {
  const { faults } = current
  if (faults.every(({ duration }) => duration === undefined || duration <= most)) return undefined
  const shorter = faults.map((fault) =>
    fault.duration === undefined ? fault : { ...fault, duration: Math.min(most, fault.duration) },
  )
  return withFaults(current, shorter)
}
