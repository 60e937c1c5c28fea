import { configureGlobal } from 'fast-check'

/**
 * The seed of every property: fixed, so that the same commit passes or fails the same way wherever it is tested.
 * `PROPERTY_SEED=random npm test` draws others, as a nightly run should; a failure prints the seed that it had, and
 * `PROPERTY_SEED=<that seed> npm test -- <file>` repeats it.
 */
const asked = process.env['PROPERTY_SEED'] ?? '1'

if (asked !== 'random') {
  const seed = Number(asked)
  if (!Number.isInteger(seed)) throw new Error(`PROPERTY_SEED is an integer or "random", not "${asked}".`)
  configureGlobal({ seed })
}
