import type { Condition } from '../expression.ts'
import type { Value } from '../value.ts'
import { isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { emptyScope } from './scope.ts'

/** Whether a condition is true of a row alone: it names its columns as those of `row`, and nothing else. */
export function isTrueAlone(
  condition: Condition,
  columns: ReadonlyMap<string, number>,
  values: readonly Value[],
): boolean {
  const outer = emptyScope(noStatement)
  return isTrue(condition, { execution: noStatement, name: 'row', columns, values, version: undefined, outer })
}

function none(): never {
  throw new Error('What is computed of a row alone asks for nothing else.')
}

/** Where no statement runs. */
const noStatement: Execution = {
  session: 0,
  get transaction() {
    return none()
  },
  get snapshot() {
    return none()
  },
  get locks() {
    return none()
  },
  get reads() {
    return none()
  },
  get rules() {
    return none()
  },
  get clock() {
    return none()
  },
  parameters: [],
  by: undefined,
  answers: new Map(),
  common: new Map(),
  newUuid: none,
  tableNamed: none,
  keysTo: none,
  ask: none,
  later: none,
}
