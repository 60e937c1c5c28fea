/**
 * The bugs that are planted in consumers, held against the check with the default plan: how soon each is found and how small it gets, and how
 * many runs its mended twin passes. Takes long.
 *
 *     npm run canaries:testing -- 5000
 */
import { canaries, checked } from '../test/testing/canaries/canaries.ts'
import { correct } from '../test/testing/canaries/correct.ts'

const runs = Number(process.argv[2] ?? 5000)

console.log(`| bug | breaks | found after | faults | messages | mended twin, ${runs} runs |`)
console.log('|---|---|---|---|---|---|')
let misses = 0
let falseAlarms = 0
for (const { bug, breaks, broken, mended } of canaries) {
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
for (const [name, planted] of correct) {
  const { ok, text } = await checked(name, planted, runs)
  if (!ok) falseAlarms++
  console.log(`| ${name} | ${ok ? 'passes' : `**${text.split('\n')[0] ?? ''}**`} |`)
}
console.log(
  `\n${canaries.length} bugs, ${misses} missed; ${canaries.length + correct.length} correct consumers, ${falseAlarms} false alarms.`,
)
