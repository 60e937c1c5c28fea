import { handlingOf } from '../adapters/handling-of.ts'
import { sendFrom } from '../adapters/sending.ts'
import type { Inside } from '../bridge/inside.ts'
import type { Dependencies } from '../dependencies/dependencies.ts'
import type { Tools } from './check.ts'

/** What the code in one process may use. What it does, it does in the name of the delivery that is being handled. */
export function toolsOf(inside: Inside, dependencies: Dependencies): Tools {
  return {
    ...dependencies.toolsFor(inside),
    effect: async (message) => {
      const handling = message === undefined ? inside.handling : handlingOf(message)
      if (handling === undefined) throw new Error('effect() is of a message: call it where one is handled.')
      const outcome = await inside.perform(() => handling.applyEffect())
      if (outcome.kind !== 'done') throw new Error(outcome.reason)
    },
    send: async (output, message) => {
      const { outcome, reason } = await sendFrom(inside, output, message)
      if (outcome === 'rejected' || outcome === 'unknown') throw new Error(`${output} did not take it: ${reason}`)
    },
    log: (...values) => inside.log(...values),
  }
}
