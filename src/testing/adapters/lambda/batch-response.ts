/** Which records of a batch failed, by the answer of the function; all of them where the answer is not what it should be. */
export type Failed = 'all' | ReadonlySet<string>

/**
 * Reads what a function answered under ReportBatchItemFailures. No answer, or one without a list, is a success of the whole batch; an identifier
 * that is missing, empty or of no record of the batch, a failure of the whole
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#sqs-batchfailurereporting-conditions).
 */
export function failedIn(answer: unknown, ids: readonly string[]): Failed {
  if (answer === undefined || answer === null) return none
  if (typeof answer !== 'object') return 'all'
  const failures = 'batchItemFailures' in answer ? answer.batchItemFailures : undefined
  if (failures === undefined || failures === null) return none
  if (!Array.isArray(failures)) return 'all'
  const failed = failures.map(identifierOf)
  if (!failed.every((id) => typeof id === 'string' && ids.includes(id))) return 'all'
  return new Set(failed.map(String))
}

const none: ReadonlySet<string> = new Set()

function identifierOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure
    ? failure.itemIdentifier
    : undefined
}
