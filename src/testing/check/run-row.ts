import type { Witness } from '../../checks/check.ts'
import { conclude } from '../../checks/conclude.ts'
import type { JudgedRow } from '../../run.ts'

/** A row of what is asked of a run as a whole: it holds, unless a witness shows how it does not. */
export function runRow(service: string, guarantee: string, witness: Witness | undefined, times = 1): JudgedRow {
  const row = conclude(
    { service, guarantee, level: 'run', judged: 1, counts: {} },
    {
      violations: witness === undefined ? 0 : times,
      witnesses: witness === undefined ? [] : [witness],
      undecided: undefined,
    },
  )
  return { ...row, expected: undefined, met: witness === undefined }
}
