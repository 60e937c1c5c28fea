/**
 * `npm run controls:kafka [-- RUNS [SEED]]`: what Kafka promises, tried with random options and random faults, 2,000 runs a promise by default.
 * A run that breaks a promise is shrunk and printed as a scenario, and the exit code is 1.
 */
import * as fc from 'fast-check'
import { breaksOf, negativeControls } from '../test/systems/kafka/negative-controls.ts'

function main(runs: number, seed: number | undefined): void {
  for (const [name, control] of Object.entries(negativeControls)) {
    const kept = fc.property(control.scenarios, (document) => breaksOf(control, document).length === 0)
    const {
      failed,
      counterexample,
      seed: used,
    } = fc.check(kept, { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
    process.stdout.write(`${name}: ${control.statement}\n`)
    if (!failed) process.stdout.write(`  kept in ${runs} runs (seed ${used})\n`)
    for (const document of counterexample ?? []) {
      const breaks = breaksOf(control, document)
      process.stdout.write(`  broken (seed ${used}): ${breaks.join('; ')}\n  ${JSON.stringify(document)}\n`)
      process.exitCode = 1
    }
  }
}

const [runs = '2000', seed] = process.argv.slice(2)
if (/^[1-9]\d*$/.test(runs)) main(Number(runs), seed === undefined ? undefined : Number(seed))
else {
  process.stderr.write('Say how many runs a promise: npm run controls:kafka -- 2000\n')
  process.exitCode = 64
}
