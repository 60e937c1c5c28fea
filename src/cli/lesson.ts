import { lessonAnswer, lessonQuestion } from '../report/lesson.ts'
import { textReport } from '../report/text.ts'
import { run } from '../run.ts'
import type { ScenarioProblem } from '../scenario/problem.ts'
import { askPrediction, type Prediction } from './ask-prediction.ts'
import { defineCommand } from './command.ts'
import { exitCodeOf, exitCodes } from './exit-code.ts'
import { loadScenarios, onlyOne } from './load-scenarios.ts'
import { isTerminal, print, say, styleOf, widthOf } from './output.ts'
import { overlayOf, overlayOptions } from './overlay.ts'
import { showProgress } from './progress.ts'
import { othersOf } from './variants-of.ts'

export const lessonCommand = defineCommand({
  words: 'lesson <file>',
  summary: 'Predict what a scenario does, run it, and see whether you were right',
  details: 'Asks by keyboard. Without a terminal it prints the question and, further down, the answer.',
  positionals: { file: { type: 'string', demandOption: true, describe: 'A scenario file' } },
  options: overlayOptions,
  examples: [['lesson scenarios/01-delivery/exactly-once.yaml', 'Is "exactly once" what it says?']],
  async perform(args) {
    const style = styleOf(process.stdout, args.color)
    const width = widthOf(process.stdout)
    const problems: ScenarioProblem[] = []
    const loaded = onlyOne(loadScenarios([args.file], overlayOf(args, problems), problems), args.file)
    const { scenario, source } = loaded
    print(lessonQuestion(scenario, style, width))
    const choices = scenario.predict?.choices ?? []
    const canAsk = choices.length > 0 && isTerminal(process.stdin) && isTerminal(process.stdout)
    const prediction: Prediction = canAsk
      ? await askPrediction(choices, { input: process.stdin, output: process.stdout })
      : { kind: 'none' }
    if (prediction.kind === 'stop') return exitCodes.interrupted
    const progress = showProgress(scenario, true)
    const outcome = run(scenario, progress.options)
    progress.end()
    const predicted = prediction.kind === 'choice' ? prediction.choice : undefined
    const answer = lessonAnswer(scenario, predicted, style, width)
    print(
      [
        '',
        style.faint(`  ${'─'.repeat(58)}`),
        '',
        answer,
        textReport(outcome, {
          source,
          style,
          width,
          drawnFor: scenario,
          variants: othersOf({ ...loaded, run: outcome }),
        }),
      ].join('\n'),
    )
    if (scenario.predict === undefined) say('This scenario asks no question; it ran as it is.')
    return exitCodeOf([outcome.conclusion])
  },
})
