import type { Canary } from './canary.ts'
import { databaseCanaries } from './database.ts'
import { dependencyCanaries } from './dependencies.ts'
import { handlingCanaries } from './handling.ts'

export { checked } from './canary.ts'

/** Every planted bug. */
export const canaries: readonly Canary[] = [...handlingCanaries, ...databaseCanaries, ...dependencyCanaries]
