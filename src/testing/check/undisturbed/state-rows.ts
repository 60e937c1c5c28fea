import type { CheckRow, Witness } from '../../../checks/check.ts'
import { conclude } from '../../../checks/conclude.ts'
import { delivered, submitted } from '../../../history/facts.ts'
import type { History } from '../../../history/history.ts'
import type { JudgedRow, Run } from '../../../run.ts'
import type { Difference } from './compare-places.ts'

const certainly: Readonly<Record<string, readonly Difference['kind'][]>> = {
  'no-loss': ['loss'],
  'no-duplicates': ['repetition'],
  'exactly-once': ['loss', 'repetition'],
}

/**
 * A row of what came of the messages, judged by how the stores are not as without faults. `undecided` is why it cannot be said to hold although
 * nothing is certainly wrong.
 */
export function stateRow(
  row: JudgedRow,
  run: Run,
  found: readonly Difference[],
  undecided: string | undefined,
): CheckRow {
  const certain = found.filter(({ kind }) => certainly[row.guarantee]?.includes(kind))
  // What was set aside, or could still come, is not lost.
  const isOpen = Number(row.counts['parked'] ?? 0) > 0 || run.ending === 'bound'
  const violations = certain.filter(({ kind }) => kind === 'repetition' || !isOpen)
  return conclude(headOf(row), {
    violations: violations.length,
    witnesses: violations.slice(0, 5).map((difference) => witness(run, difference)),
    undecided:
      run.ending === 'bound'
        ? 'the run reached its bound before everything had settled'
        : certain.length > 0
          ? 'messages were set aside'
          : undecided,
  })
}

/** The row, of which it cannot be said whether it holds. */
export function open(row: JudgedRow, reason: string): JudgedRow {
  const judged = conclude(headOf(row), { violations: 0, witnesses: [], undecided: reason })
  return { ...judged, expected: row.expected, met: row.expected === undefined }
}

function headOf({
  service,
  guarantee,
  level,
  judged,
  counts,
}: JudgedRow): Pick<CheckRow, 'service' | 'guarantee' | 'level' | 'judged' | 'counts'> {
  return { service, guarantee, level, judged, counts }
}

function witness({ history }: Run, { operation, text }: Difference): Witness {
  const messages = messagesOf(history, operation)
  const evidence = [...history].filter(({ kind, message }) => kind === delivered.name && messages.has(message))
  return { item: operation, sentence: `${text}.`, evidence }
}

function messagesOf(history: History, operation: string): ReadonlySet<unknown> {
  const { names } = history
  return new Set(
    [...history]
      .filter((fact) => fact.kind === submitted.name && isAbout(names.text(Number(fact['operation'])), operation))
      .map(({ message }) => message),
  )
}

/** Where no operation is named, everything may have to do with it. */
function isAbout(operation: string, wanted: string): boolean {
  return wanted === '' || operation === wanted
}
