import { type Check, type CheckRow, witnessLimit, worstVerdict } from './check.ts'
import { noDuplicates } from './no-duplicates.ts'
import { noLoss } from './no-loss.ts'
import { conclude } from './conclude.ts'

/** Neither loss nor repetition, of the same things: what `no-loss` and `no-duplicates` say, in one word. */
export const exactlyOnce: Check = {
  name: 'exactly-once',
  title: 'whatever was taken for sent comes once',
  scope: 'guarantee',
  begin: ({ rowsOf }) => ({
    kinds: [],
    see: () => undefined,
    finish: () => pairUp(rowsOf(noLoss), rowsOf(noDuplicates)),
  }),
}

function pairUp(losses: readonly CheckRow[], duplicates: readonly CheckRow[]): readonly CheckRow[] {
  return losses.flatMap((loss) => {
    const repeated = duplicates.find((row) => row.service === loss.service && row.level === loss.level)
    return repeated === undefined ? [] : [combine(loss, repeated)]
  })
}

function combine(loss: CheckRow, repeated: CheckRow): CheckRow {
  const { service, level, judged } = loss
  const counts = { lost: loss.violations, repeated: repeated.violations, parked: loss.counts['parked'] ?? 0 }
  const undecided = [loss, repeated].flatMap((row) => (row.verdict === 'unknown' ? [row.reason] : []))
  return conclude(
    { service, guarantee: exactlyOnce.name, level, judged, counts },
    {
      violations: loss.violations + repeated.violations,
      witnesses: takeTurns(loss, repeated),
      violationReason: loss.verdict === 'violated' ? loss.reason : undefined,
      undecided: worstVerdict([loss.verdict, repeated.verdict]) === 'unknown' ? undecided.join('; ') : undefined,
    },
  )
}

/** The worst of both kinds, so that many losses do not hide the duplicates. */
function takeTurns(loss: CheckRow, repeated: CheckRow): CheckRow['witnesses'] {
  return Array.from({ length: witnessLimit }, (_, place) => [
    ...loss.witnesses.slice(place, place + 1),
    ...repeated.witnesses.slice(place, place + 1),
  ])
    .flat()
    .slice(0, witnessLimit)
}
