import { second } from '../../../../simulation/duration.ts'
import type { EntryResult } from '../../../../systems/sqs/protocol.ts'
import type { Answered, CallOfCode } from './call-of-code.ts'
import { answered, callService } from './call-of-code.ts'
import { resultsIn } from './delete-message.ts'
import type { Input } from './input.ts'
import { longestHidden } from './receive-message.ts'
import type { BatchAnswer, EntryEnd, Target } from './settled-messages.ts'
import { batchAnswer, isRefusal, targetIn, targetOf } from './settled-messages.ts'
import { refusalOf } from './sqs-error.ts'

/** A message, and for how many seconds from now on it is to be hidden. */
interface Change {
  readonly target: Target
  readonly seconds: number
}

/** Hides a message for longer, or lets it be received again: with 0 at once, and then the code has given it back. */
export async function changeMessageVisibility(of: CallOfCode): Promise<Answered> {
  await changed(of, [{ target: targetOf(of), seconds: secondsIn(of.input) }], false)
  return answered(of)
}

export async function changeMessageVisibilityBatch(of: CallOfCode): Promise<BatchAnswer> {
  const read = of.input.entries().map((entry) => {
    const target = targetIn(of, entry)
    return { entry, change: isRefusal(target) ? target : { target, seconds: secondsIn(entry) } }
  })
  const changes = read.flatMap(({ change }) => (isRefusal(change) ? [] : [change]))
  const results = changes.length === 0 ? [] : await changed(of, changes, true)
  const next = results.values()
  return batchAnswer(
    of,
    read.map(({ entry, change }): EntryEnd<object> => {
      if (isRefusal(change)) return { entry, end: change }
      const refusal = next.next().value
      return { entry, end: refusal === undefined ? {} : refusalOf(refusal) }
    }),
  )
}

function secondsIn(input: Input): number {
  const seconds = input.number('VisibilityTimeout', 0, longestHidden)
  if (seconds !== undefined) return seconds
  throw input.refused('MissingParameter', 'The request must contain the parameter VisibilityTimeout.')
}

function changed(of: CallOfCode, changes: readonly Change[], batch: boolean): Promise<readonly EntryResult[]> {
  const entries = changes.map(({ target: { receipt, message }, seconds }) => ({
    receipt,
    message,
    timeout: seconds * second,
  }))
  const queue = of.input.queue()
  return callService(of, { type: 'ChangeMessageVisibility', queue, batch, entries }, (answer) => {
    const results = resultsIn(answer)
    for (const [place, { target, seconds }] of changes.entries()) {
      if (results[place] !== undefined) continue
      if (seconds === 0) target.held?.left('the code made it visible again')
      else target.held?.hideUntil(of.inside.process.now + seconds * second)
    }
    return results
  })
}
