import type { ScenarioProblem } from '../scenario/problem.ts'
import { defineCommand } from './command.ts'
import { differenceText } from './difference-text.ts'
import type { ExitCode } from './exit-code.ts'
import { exitCodes } from './exit-code.ts'
import { loadScenarios } from './load-scenarios.ts'
import { print, styleOf } from './output.ts'
import { overlayOf, overlayOptions } from './overlay.ts'
import { firstDifference } from './run-difference.ts'
import { runInWorker } from './worker-run.ts'

export const verifyCommand = defineCommand({
  words: 'verify <files..>',
  summary: 'Run a scenario twice, in two threads, and compare the runs event by event',
  details: 'The same scenario does the same on every machine. Should it not, this names the first event that differs.',
  positionals: {
    files: { type: 'string', array: true, demandOption: true, describe: 'Scenario files, folders or globs' },
  },
  options: overlayOptions,
  examples: [['verify scenarios/01-delivery/exactly-once.yaml', 'Are two runs of this scenario the same?']],
  async perform(args) {
    const style = styleOf(process.stdout, args.color)
    const codes: ExitCode[] = []
    const problems: ScenarioProblem[] = []
    for (const { scenario } of loadScenarios(args.files, overlayOf(args, problems), problems)) {
      const runs = await Promise.all([runInWorker(scenario), runInWorker(scenario)])
      const [one, other] = runs
      const difference = await firstDifference(one, other)
      await Promise.all(runs.map((run) => run.end()))
      const which = `${scenario.name}${scenario.variant === '' ? '' : ` [${scenario.variant}]`} (seed ${scenario.seed})`
      print(
        difference === undefined
          ? `${style.holds('the same')}: ${which}: ${one.summary.fingerprint}, ${one.summary.events} events, twice`
          : `${style.broken('NOT THE SAME')}: ${which}\n${differenceText(difference, one, other)}`,
      )
      codes.push(difference === undefined ? exitCodes.asExpected : exitCodes.notAsExpected)
    }
    return codes.includes(exitCodes.notAsExpected) ? exitCodes.notAsExpected : exitCodes.asExpected
  },
})
