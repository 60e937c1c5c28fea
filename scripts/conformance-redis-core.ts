/**
 * Plays random plans on the core of Redis and on a real server, side by side: `node scripts/run-typescript.mjs
 * scripts/conformance-redis-core.ts [plans] [seed]`. Starts and stops the server by itself, on a free port of the loopback interface.
 */
import { compareMany } from '../test/systems/redis/conformance/compare-many.ts'
import { missingRedis } from '../test/testing/dependencies/ioredis/real-redis.ts'

const [count = 3_000, seed = 1] = process.argv.slice(2, 4).map(Number)
const missing = missingRedis()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}
const { plans, happened, difference } = await compareMany(count, seed)
console.log(JSON.stringify(happened, undefined, 1))
console.log(difference ?? `${plans} plans came to the same`)
process.exit(difference === undefined ? 0 : 1)
