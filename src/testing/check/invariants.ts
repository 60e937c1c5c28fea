import type { Witness } from '../../checks/check.ts'
import { effectApplied } from '../../history/facts.ts'
import type { JudgedRow, Run } from '../../run.ts'
import { framesOf, userLine } from '../bridge/user-line.ts'
import { isSlip, thrownText, WrongCheck } from '../wrong-check.ts'
import type { FinalState } from './check.ts'
import { runRow } from './run-row.ts'

/** What must be true of the stores when everything has settled. */
export type Invariant = (state: FinalState) => unknown

/** Asks the invariants, by their names, what they say of the end of a run. `isUndisturbed`: it is the run of the whole check in which nothing breaks. */
export async function invariantRows(
  invariants: readonly (readonly [string, Invariant])[],
  service: string,
  run: Run,
  state: FinalState,
  isUndisturbed: boolean,
): Promise<readonly JudgedRow[]> {
  const rows: JudgedRow[] = []
  for (const [name, invariant] of invariants) {
    const broken = await brokenBy(name, invariant, state, isUndisturbed)
    rows.push(runRow(service, name, broken === undefined ? undefined : witnessOf(run, name, broken)))
  }
  return rows
}

/** What an invariant has to say against the state; nothing where it is content. */
async function brokenBy(
  name: string,
  invariant: Invariant,
  state: FinalState,
  isUndisturbed: boolean,
): Promise<string | undefined> {
  try {
    return (await invariant(state)) === false ? 'it gave false' : undefined
  } catch (error) {
    if (error instanceof WrongCheck) throw error
    if (isUndisturbed && isSlip(error)) throw new WrongCheck(slipText(name, error))
    return isSlip(error) || !(error instanceof Error) ? `it threw ${thrownText(error)}` : error.message
  }
}

/** An invariant that trips where nothing broke has a mistake of its own: what it asks for is not there. */
function slipText(name: string, error: Error): string {
  const line = userLine(framesOf(error.stack))
  const where = line === undefined ? '' : `, at ${line}`
  return `the invariant "${name}" threw ${thrownText(error)}${where}, in the run in which nothing breaks`
}

/** An invariant names no message; its story is that of the effects that faults may have touched. */
function witnessOf({ history }: Run, name: string, broken: string): Witness {
  const evidence = [...history].filter(({ kind }) => kind === effectApplied.name)
  const sentence = `when everything had settled, "${name}" was not so: ${broken.replace(/\.$/, '')}.`
  return { item: name, evidence, sentence }
}
