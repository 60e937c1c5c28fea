import type { Prepare } from '../bridge/shaped-handler.ts'
import type { ConsumerFactory } from './check.ts'
import { plainHandler } from './plain-handler.ts'

/** Makes the handler of a process that starts, from the version of the code that is deployed on it by then. */
export function prepareVersions(versions: readonly ConsumerFactory[]): Prepare {
  return async () => {
    const [version] = versions
    if (version === undefined) throw new Error('There is no code to test; the check should have been refused.')
    return plainHandler(await version())
  }
}
