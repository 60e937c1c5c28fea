import type { Prepare } from '../bridge/shaped-handler.ts'
import type { ConsumerFactory } from './check.ts'
import { plainHandler } from './plain-handler.ts'
import { toolsOf } from './tools-of.ts'

/** Makes the handler of a process that starts, from the version of the code that is deployed on it by then. */
export function prepareVersions(versions: readonly ConsumerFactory[]): Prepare {
  return async (inside) => {
    const [version] = versions
    if (version === undefined) throw new Error('There is no code to test; the check should have been refused.')
    const tools = toolsOf(inside)
    const handler = await version(tools)
    return typeof handler === 'function' ? plainHandler(handler, tools) : handler
  }
}
