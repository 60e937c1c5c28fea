import type { Level } from '../../checks/plan.ts'
import type { Run } from '../../run.ts'
import { hasSymptom, type Symptom } from '../symptom.ts'

/** The broken guarantee that a case is to keep showing while it gets smaller. */
export interface ShrinkTarget {
  readonly service: string
  readonly guarantee: string
  readonly level: Level
  readonly symptom: Symptom | undefined
  /** Kinds of faults that may take the place of others; any where nothing is said. */
  readonly kinds?: readonly string[]
}

/** Whether the run breaks that guarantee, and every fault of its schedule struck: a fault that did nothing proves nothing. */
export function shows(run: Run, target: ShrinkTarget): boolean {
  return breaks(run, target) && run.faults.every(({ state }) => state === 'over' || state === 'active')
}

/** Whether the run breaks that guarantee, whatever its faults did. */
export function breaks({ rows, history }: Run, { service, guarantee, level, symptom }: ShrinkTarget): boolean {
  const broken = rows.some(
    (row) =>
      row.service === service && row.guarantee === guarantee && row.level === level && row.verdict === 'violated',
  )
  return broken && (symptom === undefined || hasSymptom(history, symptom))
}
