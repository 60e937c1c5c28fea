import { counted, countText } from '../../report/quantities.ts'
import type { Covered, SweepResult } from './sweep.ts'

/** Exactly what was covered, a line for each kind of fault on somebody, and what it broke. */
export function coverageLines({ covered, pairs, events }: SweepResult): readonly string[] {
  const runs = covered.reduce((sum, line) => sum + line.runs, 0)
  const points = covered.reduce((sum, line) => sum + line.points, 0)
  return [
    `${countText(points)} single faults in a run of ${counted(events, 'event')}, tried by ${counted(runs, 'run')}`,
    ...covered.map((line) => `  ${coveredText(line)}`),
    ...(pairs.tried === 0
      ? []
      : [
          `${countText(pairs.tried)} of about ${countText(pairs.possible)} second faults behind a harmless first one: ${pairs.broken === 0 ? 'nothing breaks' : `${countText(pairs.broken)} break something`}`,
        ]),
  ]
}

/** `every single crash of queue at each of 1,284 points: nothing breaks`. */
export function coveredText({ what, points, missed, broken }: Covered): string {
  const guarantees = Object.entries(broken)
  const outcome =
    guarantees.length === 0
      ? 'nothing breaks'
      : guarantees.map(([name, count]) => `${name} breaks at ${countText(count)}`).join(', ')
  const where = points === 1 ? 'at its one point' : `at each of ${counted(points, 'point')}`
  const late = missed === 0 ? '' : ` (${countText(missed)} of them struck nobody)`
  return `every single ${what} ${where}: ${outcome}${late}`
}
