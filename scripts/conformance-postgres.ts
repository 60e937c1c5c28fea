/**
 * Drives the core of the database model and real servers side by side: `node scripts/run-typescript.mjs scripts/conformance-postgres.ts
 * [sequences] [seed] [isolation level]`. Starts and stops the servers by itself, on free ports of the loopback interface.
 */
import type { Isolation } from '../src/application/stores/database/statement.ts'
import { compareMany } from '../test/application/stores/database/conformance/compare-many.ts'

const levels: readonly Isolation[] = ['read committed', 'repeatable read', 'serializable']
const [sequences = 2_000, seed = 1] = process.argv.slice(2, 4).map(Number)
const isolation = levels.find((level) => level === process.argv[4])
// The servers go with the process.
process.once('SIGINT', () => process.exit(130))
const started = Date.now()
const progress = (done: number) => done % 100 === 0 && console.error(`${done} of ${sequences}`)
const compared = await compareMany({
  ...{ sequences, seed, width: 2, progress },
  ...(isolation === undefined ? {} : { isolation }),
})
if (typeof compared === 'string') {
  console.error(compared)
  process.exit(1)
}
const { differences, ...counts } = compared
console.error(`${Math.round((Date.now() - started) / 1000)} s`)
console.log(JSON.stringify({ ...counts, differences: differences.length }, undefined, 1))
for (const difference of differences) console.log(`\n${difference}`)
process.exitCode = differences.length === 0 ? 0 : 1
