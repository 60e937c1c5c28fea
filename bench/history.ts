/** What it takes to hold ten million facts: bytes a fact, and the time to record and to read them. */
import { performance } from 'node:perf_hooks'
import { acknowledged } from '../src/history/facts.ts'
import { History } from '../src/history/history.ts'

const facts = 10_000_000

const before = residentBytes()
const history = new History()
const node = history.names.intern('consumer-1')
const service = history.names.intern('billing')
const first = history.names.reserve('order', facts)

const begin = performance.now()
for (let number = 0; number < facts; number++) {
  history.record(acknowledged, number * 10, node, { message: first - number, service, attempt: 1 }, number - 1)
}
const recorded = performance.now()
const held = residentBytes() - before

let attempts = 0
const readings = 1_000_000
for (let index = 0; index < readings; index++) attempts += Number(history.at(index)['attempt'])
const read = performance.now()

console.log(`${facts} facts of three values: ${(held / 1e6).toFixed(0)} MB, ${(held / facts).toFixed(1)} bytes a fact`)
console.log(`recording: ${(((recorded - begin) * 1e6) / facts).toFixed(0)} ns a fact`)
console.log(`reading: ${(((read - recorded) * 1e6) / readings).toFixed(0)} ns a fact (${attempts} read)`)

/** What is really used: the heap after a collection, where the caller allows one, and the typed arrays outside of it. */
function residentBytes(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
