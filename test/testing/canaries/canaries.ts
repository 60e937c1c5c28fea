import { acknowledgementCanaries } from './acknowledgements.ts'
import type { Canary } from './canary.ts'
import { databaseCanaries } from './database.ts'
import { dependencyCanaries } from './dependencies.ts'
import { handlingCanaries } from './handling.ts'
import { offsetCanaries } from './offsets.ts'
import { sdkLoopCanaries } from './sdk-loops.ts'

export { checked } from './canary.ts'

/** Every planted bug. */
export const canaries: readonly Canary[] = [
  ...handlingCanaries,
  ...offsetCanaries,
  ...acknowledgementCanaries,
  ...databaseCanaries,
  ...dependencyCanaries,
  ...sdkLoopCanaries,
]
