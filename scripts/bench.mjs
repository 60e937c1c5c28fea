/** `npm run bench [-- word ...]`: runs the benchmarks `bench/*.ts` whose name contains one of the words, one at a time. */
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { root, runNode } from './project.mjs'

const words = process.argv.slice(2)
const files = readdirSync(path.join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .toSorted()

if (files.length === 0) {
  console.error(`No benchmark is named like: ${words.join(' ')}`)
  process.exitCode = 64
}

for (const file of files) {
  console.log(`\n${file}`)
  const code = await runNode(['scripts/run-typescript.mjs', `bench/${file}`])
  if (code !== 0) process.exitCode = code
}
