import type { Program } from '../../application/program.ts'
import type { HandlingOutcome } from '../../application/strategies/strategy.ts'
import { done, skipped } from '../../application/strategies/strategy.ts'
import { copyOf } from '../bridge/copy-of.ts'
import type { Prepare, ShapedHandling } from '../bridge/shaped-handler.ts'
import { asked } from '../wrong-check.ts'
import type { SentMessage } from './check.ts'
import type { OutputOfCheck } from './sends-of-check.ts'

/** What came out of the code in one run, by the names of its outputs. */
export type Sent = Readonly<Record<string, SentMessage[]>>

/** Whoever reads an output: it notes what it gets, and that is an effect, unless it recognises what it has read already. */
export function reader({ name, recognises }: OutputOfCheck, sent: Sent): Prepare {
  return ({ process }) => {
    // Of a run that was rehearsed only what came of it in the end counts.
    if (process.incarnation === 1) sent[name]?.splice(0)
    const known = new Set<unknown>()
    return {
      shape: 'reader',
      *handle({ handling }: ShapedHandling): Program<HandlingOutcome> {
        const message = sentMessage(handling)
        sent[name]?.push(message)
        const id =
          recognises &&
          asked(
            () => `\`recognises\` of the output ${name}`,
            () => recognises(message),
          )
        if (id !== undefined && known.has(id)) return skipped('read already')
        const outcome = yield* handling.applyEffect()
        if (outcome.kind === 'done' && id !== undefined) known.add(id)
        return outcome.kind === 'done' ? done : outcome
      },
    }
  }
}

function sentMessage({ delivery, ids }: ShapedHandling['handling']): SentMessage {
  const { key, headers, type, body } = delivery.envelope
  return { id: ids.message, key, value: copyOf(body), headers: { ...headers }, type }
}
