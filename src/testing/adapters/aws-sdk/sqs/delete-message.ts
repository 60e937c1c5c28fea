import type { Answer, EntryResult } from '../../../../systems/sqs/protocol.ts'
import type { Answered, CallOfCode } from './call-of-code.ts'
import { answered, callService } from './call-of-code.ts'
import type { BatchAnswer, EntryEnd, Target } from './settled-messages.ts'
import { batchAnswer, isRefusal, targetIn, targetOf } from './settled-messages.ts'
import { refusalOf } from './sqs-error.ts'

/** Deletes a message by the handle of a receive. With that its handling has come to its end. */
export async function deleteMessage(of: CallOfCode): Promise<Answered> {
  await deleted(of, [targetOf(of)], false)
  return answered(of)
}

export async function deleteMessageBatch(of: CallOfCode): Promise<BatchAnswer> {
  const read = of.input.entries().map((entry) => ({ entry, target: targetIn(of, entry) }))
  const targets = read.flatMap(({ target }) => (isRefusal(target) ? [] : [target]))
  const results = targets.length === 0 ? [] : await deleted(of, targets, true)
  const next = results.values()
  return batchAnswer(
    of,
    read.map(({ entry, target }): EntryEnd<object> => {
      if (isRefusal(target)) return { entry, end: target }
      const refusal = next.next().value
      return { entry, end: refusal === undefined ? {} : refusalOf(refusal) }
    }),
  )
}

function deleted(of: CallOfCode, targets: readonly Target[], batch: boolean): Promise<readonly EntryResult[]> {
  for (const { held } of targets) held?.noteDeletion()
  const receipts = targets.map(({ receipt }) => receipt)
  const messages = targets.map(({ message }) => message)
  const queue = of.input.queue()
  return callService(
    of,
    { type: 'DeleteMessage', queue, batch, receipts, messages, fate: 'acknowledged' },
    (answer) => {
      const results = resultsIn(answer)
      for (const [place, { held }] of targets.entries()) if (results[place] === undefined) held?.deleted()
      return results
    },
  )
}

/** How each entry of a call fared. */
export function resultsIn(answer: Answer): readonly EntryResult[] {
  return answer.type === 'results' ? answer.results : []
}
