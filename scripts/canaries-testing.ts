/**
 * The bugs that are planted in consumers, held against the check with the default plan: how soon each is found and how small it gets, and how
 * many runs its mended twin passes; then the correct consumers. Takes long. A second argument chooses by a part of the name.
 *
 *     npm run canaries:testing -- 5000
 *     npm run canaries:testing -- 500 outbox
 */
import { canaries, checked } from '../test/testing/canaries/canaries.ts'
import { correct } from '../test/testing/canaries/correct.ts'

const runs = Number(process.argv[2] ?? 5000)
const part = process.argv[3] ?? ''
const planted = canaries.filter(({ bug }) => bug.includes(part))
const right = correct.filter(([name]) => name.includes(part))

console.log(`| bug | breaks | found after | faults | messages | mended twin, ${runs} runs |`)
console.log('|---|---|---|---|---|---|')
let misses = 0
let falseAlarms = 0
for (const { bug, breaks, broken, mended } of planted) {
  const found = await checked(bug, broken)
  const failure = found.failures.find(({ guarantee }) => guarantee === breaks)
  const twin = await checked(bug, mended, runs)
  if (failure === undefined) misses++
  if (!twin.ok) falseAlarms++
  const size =
    failure === undefined ? '**missed** | |' : `${failure.foundInRun} runs | ${failure.faults} | ${failure.messages}`
  console.log(`| ${bug} | ${breaks} | ${size} | ${twin.ok ? 'passes' : `**${twin.text.split('\n')[0] ?? ''}**`} |`)
}
console.log(`\n| correct consumer | ${runs} runs |`)
console.log('|---|---|')
for (const [name, consumer] of right) {
  const { ok, text } = await checked(name, consumer, runs)
  if (!ok) falseAlarms++
  console.log(`| ${name} | ${ok ? 'passes' : `**${text.split('\n')[0] ?? ''}**`} |`)
}
console.log(
  `\n${planted.length} bugs, ${misses} missed; ${planted.length + right.length} correct consumers, ${falseAlarms} false alarms.`,
)
