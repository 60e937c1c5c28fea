/**
 * `node scripts/run-typescript.mjs scripts/conservation-laws.ts [RUNS] [FILES]`: what holds in every run, whatever the design and whatever the faults: each copy has
 * an end that somebody told, and nobody is handed what was never sent, or what its producer was told was refused. Makes drawn runs around every lesson and variant and prints what
 * breaks one of these laws: a bug of a model. Ends with 1 where there is one.
 */
import { fileURLToPath } from 'node:url'
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { attemptOf } from '../src/exploration/attempt.ts'
import { anything } from '../src/exploration/failure.ts'
import { searchSpaceOf } from '../src/exploration/search-space.ts'
import { run } from '../src/run.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

const laws: readonly string[] = ['accounted', 'no-invention']

/** What breaks a law in so many drawn runs around a scenario, its own faults left out. */
export function lawsBroken(scenario: Scenario, runs: number): readonly string[] {
  const calm = { ...scenario, faults: [], nemesis: undefined }
  const space = searchSpaceOf(calm, {
    seed: `laws/${scenario.name}/${scenario.variant}`,
    nemesis: undefined,
    wanted: anything,
  })
  return Array.from({ length: runs }, (_, index) => index).flatMap((index) => {
    const { rows } = run(attemptOf(space, index).scenario, { mostEvents: space.mostEvents })
    return rows
      .filter(({ guarantee, verdict }) => laws.includes(guarantee) && verdict === 'violated')
      .map(({ service, guarantee, level, witnesses }) => {
        const lesson = `${scenario.name} [${scenario.variant}], run ${index}`
        return `${lesson}: ${service} ${guarantee} (${level}): ${witnesses[0]?.sentence ?? ''}`
      })
  })
}

function main(given = '50', ...files: readonly string[]): void {
  let count = 0
  const wanted = files.length > 0 ? files : ['scenarios']
  for (const { scenario } of loadScenarios(wanted, { ...noOverlay, variant: 'all' }, [])) {
    const broken = lawsBroken(scenario, Number(given))
    for (const line of broken) console.log(line)
    count += broken.length
  }
  console.log(count === 0 ? 'Every law was kept.' : `${count} times a law was broken.`)
  process.exitCode = count === 0 ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main(...process.argv.slice(2))
