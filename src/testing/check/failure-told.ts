import { messagesIn } from '../../exploration/trial.ts'
import { hanging } from '../../report/lines.ts'
import type { CheckFailure } from './result.ts'
import type { SmallestCase } from './smallest-case.ts'
import { caseText } from './telling.ts'

/** Columns of what is told. */
const width = 110

/** Code that no run can make sense of; `kind` is what it did. */
export function failureOfCode(name: string, kind: string, message: string, foundInRun: number): CheckFailure {
  const said = `${name} cannot be checked: ${message}`
  return {
    guarantee: kind,
    level: 'run',
    kind,
    sentence: message,
    foundInRun,
    faults: 0,
    messages: 0,
    text: message.includes('\n') ? said : hanging('', said, width),
    file: undefined,
  }
}

/** What broke, as small as it got; `last` are the lines below it. */
export function failureOfCase(
  smallest: SmallestCase,
  foundInRun: number,
  file: string | undefined,
  last: readonly string[],
): CheckFailure {
  const { failure, scenario, run } = smallest
  const { guarantee, level, kind, sentence } = failure
  return {
    guarantee,
    level,
    kind,
    sentence,
    foundInRun,
    faults: scenario.faults.length,
    messages: messagesIn(run.history),
    text: [caseText(smallest), '', ...last].join('\n').trimEnd(),
    file,
  }
}
