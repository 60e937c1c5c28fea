/**
 * Drives SQL texts, translated for the database model, and real servers side by side: `node scripts/run-typescript.mjs scripts/conformance-sql.ts
 * [sequences] [seed]`. Starts and stops the servers by itself, on free ports of the loopback interface.
 */
import { sqlParserReady } from '../src/testing/dependencies/sql/parse.ts'
import { compareMany } from '../test/application/stores/database/conformance/compare-many.ts'
import { throughSql } from '../test/testing/dependencies/sql/through-sql.ts'

const [sequences = 1_000, seed = 1] = process.argv.slice(2, 4).map(Number)
process.once('SIGINT', () => process.exit(130))
await sqlParserReady()
const progress = (done: number) => done % 100 === 0 && console.error(`${done} of ${sequences}`)
const compared = await compareMany({ ...{ sequences, seed, width: 2, progress }, through: throughSql })
if (typeof compared === 'string') {
  console.error(compared)
  process.exit(1)
}
const { differences, ...counts } = compared
console.log(JSON.stringify({ ...counts, differences: differences.length }, undefined, 1))
for (const difference of differences) console.log(`\n${difference}`)
process.exitCode = differences.length === 0 ? 0 : 1
