import { CannotStart } from '../bridge/cannot-start.ts'
import type { Inside, OriginOf } from '../bridge/inside.ts'
import type { Prepare, ShapedHandler } from '../bridge/shaped-handler.ts'
import { isShaped } from '../bridge/shaped-handler.ts'
import type { Dependencies } from '../dependencies/dependencies.ts'
import type { BackgroundWork } from './background-work.ts'
import { isSlip, WrongCheck } from '../wrong-check.ts'
import type { ConsumerFactory, Handler, Tools } from './check.ts'
import { described } from './described.ts'
import { withOrderlyStop } from './orderly-stop.ts'
import { plainHandler } from './plain-handler.ts'
import { toolsOf } from './tools-of.ts'

/** Makes the handler of a process that starts, from the release of the code that is deployed on it by then. */
export function prepareVersions(
  versions: readonly ConsumerFactory[],
  dependencies: Dependencies,
  background: BackgroundWork,
  originIn: (inside: Inside) => OriginOf,
): Prepare {
  return async (inside) => {
    background.begin(inside)
    inside.originOf = originIn(inside)
    const version = versions[Math.min(inside.process.node.release, versions.length - 1)]
    if (version === undefined) throw new Error('There is no code to test; the check should have been refused.')
    const tools = toolsOf(inside, dependencies)
    const made: unknown = await madeBy(version, tools)
    const { handle, shutdown } = partsOf(made, tools)
    return withOrderlyStop(handle, inside, shutdown)
  }
}

/** Code that has started once, in whatever run: if it fails to start later, that is the doing of a fault. */
const started = new WeakSet<ConsumerFactory>()

async function madeBy(version: ConsumerFactory, tools: Tools): Promise<unknown> {
  try {
    const made = await version(tools)
    started.add(version)
    return made
  } catch (error) {
    if (started.has(version)) throw new CannotStart(error)
    // The likeliest slip: the handler stands where its factory belongs, and looks for a message among the tools.
    if (isSlip(error))
      error.message +=
        ' (`consumer` is called with the tools when a process starts; if it is the handler itself, call it `handle`)'
    throw error
  }
}

interface Parts {
  readonly handle: ShapedHandler
  readonly shutdown: (() => unknown) | undefined
}

/** A function, what an adapter made, or one of the two with what to call when the process is told to stop. */
function partsOf(made: unknown, tools: Tools): Parts {
  const handle = shapedOf(made, tools)
  if (handle !== undefined) return { handle, shutdown: undefined }
  if (typeof made === 'object' && made !== null && 'handle' in made) {
    const inner = shapedOf(made.handle, tools)
    const shutdown = 'shutdown' in made && isAction(made.shutdown) ? made.shutdown : undefined
    if (inner !== undefined) return { handle: inner, shutdown }
  }
  throw new WrongCheck(
    `\`consumer\` gave ${described(made)}, and must give a handler: a function, what an adapter made, or { handle, shutdown }. It is called with ` +
      'the tools when a process starts; if it is the handler itself, call it `handle`',
  )
}

function shapedOf(made: unknown, tools: Tools): ShapedHandler | undefined {
  if (isHandler(made)) return plainHandler(made, tools)
  return isShaped(made) ? made : undefined
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function'
}

function isAction(value: unknown): value is () => unknown {
  return typeof value === 'function'
}
