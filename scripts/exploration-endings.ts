/**
 * `node scripts/run-typescript.mjs scripts/exploration-endings.ts [RUNS] [FILES]`: lets runs that are over go on for two minutes more, and prints what becomes otherwise. Every
 * scenario and variant as it stands, and so many drawn runs around each. Ends with 1 where anything does: then a run was taken for over too early.
 */
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { attemptOf } from '../src/exploration/attempt.ts'
import { anything } from '../src/exploration/failure.ts'
import { searchSpaceOf } from '../src/exploration/search-space.ts'
import { changesAfterTheEnd } from '../test/exploration/lingering.ts'

const [given = '30', ...files] = process.argv.slice(2)
const runs = Number(given)

function main(patterns: readonly string[]): void {
  let compared = 0
  for (const { scenario } of loadScenarios(patterns, { ...noOverlay, variant: 'all' }, [])) {
    const space = searchSpaceOf(scenario, { wanted: anything, seed: scenario.seed, nemesis: undefined })
    const drawn = Array.from({ length: runs }, (_, index) => attemptOf(space, index).scenario)
    for (const [place, each] of [scenario, ...drawn].entries()) {
      const changes = changesAfterTheEnd(each)
      if (changes === undefined) continue
      compared++
      if (changes.length === 0) continue
      const which = place === 0 ? 'as it stands' : `run ${place - 1}`
      process.stdout.write(`${scenario.name} [${scenario.variant}], ${which}: ${changes.join('; ')}\n`)
      process.exitCode = 1
    }
  }
  process.stdout.write(`${compared} runs went on for two minutes more.\n`)
}

main(files.length === 0 ? ['scenarios'] : files)
