/**
 * Drives the core of the RabbitMQ model and a real server side by side: `node scripts/run-typescript.mjs scripts/conformance-rabbitmq.ts
 * [sequences] [seed]`. Starts and stops the server by itself, on a free port of the loopback interface.
 */
import { compareEdges } from '../test/systems/rabbitmq/conformance/compare-edges.ts'
import { compareMany } from '../test/systems/rabbitmq/conformance/compare-many.ts'
import { startServer } from '../test/systems/rabbitmq/conformance/real-server.ts'

const [sequences = 2_000, seed = 1] = process.argv.slice(2).map(Number)
const server = await startServer()
if (typeof server === 'string') {
  console.error(server)
  process.exit(1)
}
process.once('SIGINT', () => void server.stop().then(() => process.exit(130)))
try {
  const started = Date.now()
  const progress = (done: number) => done % 100 === 0 && console.error(`${done} of ${sequences}`)
  const edges = await compareEdges(server.url)
  const random = await compareMany({ url: server.url, sequences, seed, width: 12, progress })
  const { differences: ofRandom, ...counts } = random
  const differences = [...edges.differences, ...ofRandom]
  console.error(`${Math.round((Date.now() - started) / 1000)} s`)
  console.log(JSON.stringify({ edges: edges.cases, ...counts, differences: differences.length }, undefined, 1))
  for (const difference of differences) console.log(`\n${difference}`)
  process.exitCode = differences.length === 0 ? 0 : 1
} finally {
  await server.stop()
}
