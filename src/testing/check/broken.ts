import type { Failure } from '../../exploration/failure.ts'
import { failuresOf } from '../../exploration/failure.ts'
import type { ShrinkTarget } from '../../exploration/shrink/target.ts'
import type { Run } from '../../run.ts'
import { isAsked } from './levels.ts'

/** The guarantees of a check and its invariants, in the order of importance to whoever wrote it. */
export type Asked = readonly string[]

/** What a run broke of what was asked. Invariants come last, since a broken guarantee says more of how it came to that. */
export function brokenIn(run: Run, asked: Asked): readonly Failure[] {
  const failures = failuresOf(run, { guarantees: asked, symptom: undefined })
  const place = (failure: Failure): number => {
    const found = asked.findIndex((each) => isAsked(failure, each))
    return found < 0 ? asked.length : found
  }
  return [...failures].sort((one, other) => place(one) - place(other))
}

export function targetOf({ service, guarantee, level }: Failure): ShrinkTarget {
  return { service, guarantee, level, symptom: undefined }
}

/** What was broken and by what kind of fault: failures that agree in this are one discovery. What came before and after matters only later. */
export function discoveryOf({ kind }: Failure): string {
  return kind.replace(/^[^:]*: /, '').replace(/ (after|before) .*$/, '')
}
