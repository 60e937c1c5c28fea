import { run, type Run } from '../../src/run.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { second } from '../../src/simulation/duration.ts'

const longer = 120 * second
/** A run that takes more is of no use here. */
const mostEvents = 300_000

/**
 * What becomes otherwise when a run that is over goes on for two minutes more, a sentence each: verdicts, and copies that end. A run is to be over only when nothing can
 * change any more by itself, so there should be none. `undefined` where the run did not settle.
 */
export function changesAfterTheEnd(scenario: Scenario): readonly string[] | undefined {
  const ended = run(scenario, { mostEvents })
  if (ended.ending !== 'settled') return undefined
  const until = ended.simulatedMicros + longer
  const later = run(scenario, {
    mostEvents,
    watch: ({ world }) => {
      world.addParticipant({
        name: 'whoever is curious',
        busyWith: () => undefined,
        waitingFor: () => (world.engine.now < until ? 'more time' : undefined),
        get patience() {
          return world.engine.now < until ? Number.MAX_SAFE_INTEGER : 0
        },
      })
    },
  })
  const before = said(ended)
  return said(later).filter((sentence) => !before.includes(sentence))
}

function said({ rows, history }: Run): readonly string[] {
  const verdicts = rows.map(({ service, guarantee, level, verdict, violations }) =>
    [service, `${guarantee}/${level}`, verdict, violations].join(' '),
  )
  return [...verdicts, `${history.countOf('copy-ended')} copies ended`]
}
