import type { Scenario } from '../scenario/scenario.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { defineCommand } from './command.ts'
import { differenceText } from './difference-text.ts'
import { exitCodes } from './exit-code.ts'
import { loadScenarios } from './load-scenarios.ts'
import { print, styleOf } from './output.ts'
import { outputOptions } from './output-options.ts'
import { overlayOf, overlayOptions } from './overlay.ts'
import { firstDifference, type RunDifference } from './run-difference.ts'
import { runInWorker } from './worker-run.ts'

export const verifyCommand = defineCommand({
  words: 'verify <files..>',
  summary: 'Run a scenario twice, in two threads, and compare the runs event by event',
  details: 'The same scenario does the same on every machine. Should it not, this names the first event that differs.',
  positionals: {
    files: { type: 'string', array: true, demandOption: true, describe: 'Scenario files, folders or globs' },
  },
  options: { ...overlayOptions, ...outputOptions },
  examples: [['verify scenarios/01-delivery/exactly-once.yaml', 'Are two runs of this scenario the same?']],
  async perform(args) {
    const style = styleOf(process.stdout, args.color)
    const verified: Verified[] = []
    const problems: ScenarioProblem[] = []
    for (const { scenario } of loadScenarios(args.files, overlayOf(args, problems), problems)) {
      const runs = await Promise.all([runInWorker(scenario), runInWorker(scenario)])
      const [one, other] = runs
      const difference = await firstDifference(one, other)
      await Promise.all(runs.map((run) => run.end()))
      const which = `${scenario.name}${scenario.variant === '' ? '' : ` [${scenario.variant}]`} (seed ${scenario.seed})`
      const same = `${style.holds('the same')}: ${which}: ${one.summary.fingerprint}, ${one.summary.events} events, twice`
      const not = `${style.broken('NOT THE SAME')}: ${which}`
      verified.push({ scenario, fingerprints: runs.map(({ summary }) => summary.fingerprint), difference })
      if (difference === undefined && !args.json) print(same)
      if (difference !== undefined && !args.json)
        print(args.quiet ? not : `${not}\n${differenceText(difference, one, other)}`)
    }
    if (args.json) print(JSON.stringify({ schemaVersion: 1, runs: verified.map(verifiedDocument) }, undefined, 2))
    return verified.some(({ difference }) => difference !== undefined) ? exitCodes.notAsExpected : exitCodes.asExpected
  },
})

/** A scenario that was run twice; without a difference the runs did the same. */
interface Verified {
  readonly scenario: Scenario
  readonly fingerprints: readonly string[]
  readonly difference: RunDifference | undefined
}

function verifiedDocument({ scenario, fingerprints, difference }: Verified) {
  const { name, variant, seed } = scenario
  const { kind, event, one, other } = difference ?? {}
  const first = difference === undefined ? null : { kind, event, first: one ?? null, second: other ?? null }
  return { scenario: name, variant, seed, same: difference === undefined, fingerprints, difference: first }
}
