import type { Inside } from '../bridge/inside.ts'
import type { Prepare, ShapedHandler } from '../bridge/shaped-handler.ts'
import type { ConsumerFactory, Handler } from './check.ts'
import { withOrderlyStop } from './orderly-stop.ts'
import { plainHandler } from './plain-handler.ts'

/** Makes the handler of a process that starts, from the release of the code that is deployed on it by then. */
export function prepareVersions(versions: readonly ConsumerFactory[]): Prepare {
  return async (inside: Inside) => {
    const version = versions[Math.min(inside.process.node.release, versions.length - 1)]
    if (version === undefined) throw new Error('There is no code to test; the check should have been refused.')
    const made: unknown = await version()
    const { handle, shutdown } = partsOf(made)
    return withOrderlyStop(handle, inside, shutdown)
  }
}

interface Parts {
  readonly handle: ShapedHandler
  readonly shutdown: (() => unknown) | undefined
}

/** A function, what an adapter made, or one of the two with what to call when the process is told to stop. */
function partsOf(made: unknown): Parts {
  if (isHandler(made)) return { handle: plainHandler(made), shutdown: undefined }
  if (isShaped(made)) return { handle: made, shutdown: undefined }
  if (typeof made === 'object' && made !== null && 'handle' in made) {
    const shutdown = 'shutdown' in made ? made.shutdown : undefined
    if (isHandler(made.handle) || isShaped(made.handle))
      return { ...partsOf(made.handle), shutdown: isAction(shutdown) ? shutdown : undefined }
  }
  throw new TypeError('`consumer` must give a handler: a function, what an adapter made, or { handle, shutdown }')
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function'
}

function isAction(value: unknown): value is () => unknown {
  return typeof value === 'function'
}

function isShaped(value: unknown): value is ShapedHandler {
  return typeof value === 'object' && value !== null && 'shape' in value
}
