import type { CheckRow, Witness } from '../../../checks/check.ts'
import { conclude } from '../../../checks/conclude.ts'
import { delivered, submitted } from '../../../history/facts.ts'
import type { History } from '../../../history/history.ts'
import type { JudgedRow, Run } from '../../../run.ts'
import type { Place } from '../../dependencies/store-trace.ts'
import type { RunOfCheck } from '../run-scenario.ts'
import type { Difference, Fickle } from './compare-places.ts'
import { differences } from './compare-places.ts'
import { unclearText } from './saying.ts'

/** What is known of the run in which nothing breaks. */
export interface Undisturbed {
  readonly places: readonly Place[]
  /** The operations. */
  readonly sent: ReadonlySet<string>
}

const certainly: Readonly<Record<string, readonly Difference['kind'][]>> = {
  'no-loss': ['loss'],
  'no-duplicates': ['repetition'],
  'exactly-once': ['loss', 'repetition'],
}

/**
 * The rows of what came of the messages, judged by what the stores hold; and what is neither certainly right nor certainly wrong, where invariants
 * say what must come of it.
 */
export function stateRows(
  rows: readonly JudgedRow[],
  made: RunOfCheck,
  { places, sent }: Undisturbed,
  fickle: Fickle,
  hasInvariants: boolean,
): { readonly judged: readonly CheckRow[]; readonly unclear: Difference | undefined } {
  if (places.every(({ items }) => items.length === 0)) {
    const nothing = 'the code leaves nothing behind that could be judged: declare its stores'
    return { judged: rows.map((row) => open(row, nothing)), unclear: undefined }
  }
  const found = differences(places, made.places(), fickle, sent)
  const unclear = found.find(({ kind }) => kind === 'unclear')
  const undecided = hasInvariants || unclear === undefined ? undefined : unclearText(unclear.text)
  return {
    judged: rows.map((row) => judgedRow(row, made, found, undecided)),
    unclear: hasInvariants ? unclear : undefined,
  }
}

function judgedRow(
  row: JudgedRow,
  { run }: RunOfCheck,
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
