/**
 * `node scripts/run-typescript.mjs scripts/promises-kept.ts [RUNS] [FILES]`: what vendors promise for the configuration of each lesson and variant, held against drawn runs
 * under the faults that the promise bears. Prints each promise that is broken: an error of a model, or a claim that is too strong. What is known is told
 * apart (`exceptions`); anything else ends with 1.
 */
import { fileURLToPath } from 'node:url'
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { attemptOf } from '../src/exploration/attempt.ts'
import { anything } from '../src/exploration/failure.ts'
import { searchSpaceOf, type SearchSpace } from '../src/exploration/search-space.ts'
import { brokenPromise, outcomeOf } from '../src/report/promises.ts'
import { describeSystems } from '../src/pipeline/system-description.ts'
import { run } from '../src/run.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

/** Lessons whose runs break what is promised, and why that is no error. */
const exceptions: Readonly<Record<string, string>> = {
  'kafka/produce-sequence-taken-back':
    'kafkajs promises it, and its counting of numbers breaks it: the lesson is about that',
  'rabbitmq/consume-priority-is-no-promise':
    'two services share a queue, and each is judged as if it were to get everything',
  'rabbitmq/idiom-priority-queue': 'a reply has nobody any more who waits for it',
  'sqs/dead-letter-gone-too-soon': 'faults that last longer than a message is kept',
  'sqs/dead-letter-poison': 'faults that last longer than a message is kept',
}

/** Kinds of faults under which something is promised to whoever receives, each set once. */
function boundsOf(scenario: Scenario, space: SearchSpace): readonly (readonly string[])[] {
  const claims = describeSystems(scenario).flatMap((system) => system.claims)
  const sets = claims
    .filter(({ role, holds }) => role === 'consumer' && holds)
    .map(({ guarantee, under }) => {
      const senders = claims.filter((claim) => claim.role === 'producer' && claim.guarantee === guarantee)
      return space.kinds.filter((kind) =>
        [under, ...senders.map((claim) => claim.under)].every((one) => one.includes(kind)),
      )
    })
  const known = new Map(sets.filter((kinds) => kinds.length > 0).map((kinds) => [kinds.join(), kinds]))
  return [...known.values()]
}

/** The promises that drawn runs of a scenario break, its own faults left out: `billing no-loss (delivery), run 3: …`, each once. */
export function promisesBroken(scenario: Scenario, runs: number): readonly string[] {
  const calm = { ...scenario, faults: [], nemesis: undefined }
  const seed = `promises/${scenario.name}/${scenario.variant}`
  const space = searchSpaceOf(calm, { seed, nemesis: undefined, wanted: anything })
  const broken = new Map<string, string>()
  for (const kinds of boundsOf(calm, space)) {
    // Faults for good, and other workloads, are not what a promise is about.
    const narrow = { ...space, kinds, changesWorkload: false, isForGood: false }
    for (let index = 0; index < runs; index++) {
      const result = run(attemptOf(narrow, index).scenario, { mostEvents: space.mostEvents })
      // Where somebody waits for ever, it is for something else than the product.
      if (result.ending !== 'settled') continue
      for (const claim of result.systems.flatMap(({ claims }) => claims)) {
        if (outcomeOf(claim, result).text !== brokenPromise) continue
        const name = `${claim.service} ${claim.guarantee} (${claim.level})`
        const row = result.rows.find(({ service, guarantee, level }) => `${service} ${guarantee} (${level})` === name)
        if (!broken.has(name)) broken.set(name, `${name}, run ${index}: ${row?.witnesses[0]?.sentence ?? ''}`)
      }
    }
  }
  return [...broken.values()]
}

function main(given = '30', ...files: readonly string[]): void {
  let surprises = 0
  const wanted = files.length > 0 ? files : ['scenarios']
  for (const { scenario } of loadScenarios(wanted, { ...noOverlay, variant: 'all' }, [])) {
    const known = exceptions[scenario.name]
    for (const line of promisesBroken(scenario, Number(given))) {
      console.log(`${scenario.name} [${scenario.variant}] ${line}${known === undefined ? '' : ` (known: ${known})`}`)
      if (known === undefined) surprises++
    }
  }
  console.log(surprises === 0 ? 'Every promise was kept.' : `${surprises} promises were broken.`)
  process.exitCode = surprises === 0 ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(...process.argv.slice(2))
