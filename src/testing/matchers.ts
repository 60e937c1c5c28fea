/**
 * The matchers of Onceproof for an `expect` that is no global, as in Jest with `injectGlobals: false`:
 *
 *     import { expect } from '@jest/globals'
 *     import * as matchers from 'onceproof/testing/matchers'
 *     expect.extend(matchers)
 */
import { matchers } from './check/matcher.ts'

export const { toHold } = matchers
