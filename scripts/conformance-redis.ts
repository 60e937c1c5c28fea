/**
 * Executes random commands on the cache model and on a real server, side by side: `node scripts/run-typescript.mjs scripts/conformance-redis.ts
 * [sequences] [seed]`. Starts and stops the server by itself, on a free port of the loopback interface.
 */
import { compareCommands } from '../test/testing/dependencies/ioredis/compare-commands.ts'
import { missingRedis, startRedis } from '../test/testing/dependencies/ioredis/real-redis.ts'

const [sequences = 3_000, seed = 1] = process.argv.slice(2, 4).map(Number)
const missing = missingRedis()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}
const server = await startRedis()
try {
  console.log(`${await compareCommands(server.client, sequences, seed)} commands came to the same`)
} catch (error) {
  console.log(error instanceof Error ? `${error.message}\n${String(error.cause)}` : error)
  process.exitCode = 1
} finally {
  await server.stop()
}
process.exit()
