/**
 * Onceproof for tests of your own consumer.
 */
export type { Inside } from './bridge/inside.ts'
export { inside } from './bridge/inside.ts'
