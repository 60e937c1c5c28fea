import type { Planted } from './canary.ts'
import { decidedByDatabase } from './correct-databases.ts'
import { rightOtherwise } from './correct-others.ts'
import { rightSdkLoops } from './correct-sdk-loops.ts'

/** Consumers that are right, in the styles in which people write them. None may be reported. */
export const correct: readonly (readonly [string, Planted])[] = [
  ...decidedByDatabase,
  ...rightOtherwise,
  ...rightSdkLoops,
]
