import type { LoggedEvent } from './dispatch-log.ts'
import type { LoggedRun, RunDifference } from './run-difference.ts'

/** The first event that differs, as both runs saw it, with what they recorded there. */
export function differenceText({ kind, event, one, other }: RunDifference, ours: LoggedRun, theirs: LoggedRun): string {
  const what =
    kind === 'another-event'
      ? `event ${event} is not the same`
      : event < 0
        ? 'the nodes did not start in the same way'
        : `event ${event} is the same, and did not do the same`
  return [
    `  fingerprints ${ours.summary.fingerprint} and ${theirs.summary.fingerprint}; ${what}:`,
    ...eventLines('first run', one, other),
    ...eventLines('second run', other, one),
  ].join('\n')
}

const shownFacts = 8

/** The event and its facts; those from the first one on that the other run does not have at the same place are what matters. */
function eventLines(which: string, event: LoggedEvent | undefined, beside: LoggedEvent | undefined): readonly string[] {
  if (event === undefined) return [`  ${which}: had ended`]
  const head = `  ${which}: at ${(event.time / 1e6).toFixed(6)} s, ${event.target} (code ${event.code})`
  const differing = event.facts.findIndex((fact, place) => fact !== beside?.facts[place])
  const from = Math.max(0, (differing < 0 ? 0 : differing) - 1)
  const shown = event.facts
    .slice(from, from + shownFacts)
    .map((fact, place) => `    ${from + place === differing ? '>' : ' '} ${fact}`)
  const left = event.facts.length - from - shown.length
  return [
    head,
    ...(shown.length === 0 ? ['      recorded nothing'] : shown),
    ...(left > 0 ? [`      and ${left} more`] : []),
  ]
}
