import nodeProcess from 'node:process'
import { patch } from './patch.ts'

/** `process.exit` and `process.abort` end the simulated process; a supervisor starts it again. */
export function patchEnding(): void {
  for (const process of new Set([nodeProcess, globalThis.process]))
    for (const name of ['exit', 'abort', 'reallyExit'])
      patch(process, name, (scope, [code]) => {
        const call = code === undefined ? `process.${name}()` : `process.${name}(${String(code)})`
        scope.user.exit(call, typeof code === 'number' ? code : 0)
        // The real function does not return: what stands behind the call must not run.
        throw new Error(`${call} ended the process.`)
      })
}
