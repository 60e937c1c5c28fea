import { defineFact } from '../../history/fact.ts'

/** A consumer was handed a message of a queue, which now waits for its acknowledgement. `attempt` counts the deliveries of this copy. */
export const processingBegan = defineFact(
  'processing-began',
  'broker',
  { copy: 'int', message: 'name', place: 'name', attempt: 'int', consumer: 'name' },
  '{node} handed {message} to {consumer} (attempt {attempt})',
)

/** A message that was handed out went into the line again: `rejected`, or `visibility timeout`. */
export const putBack = defineFact(
  'put-back',
  'broker',
  { copy: 'int', message: 'name', place: 'name', attempt: 'int', reason: 'name' },
  '{node} put {message} back into {place}: {reason}',
)
