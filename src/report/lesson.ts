import type { Run } from '../run.ts'
import { hanging } from './lines.ts'
import { plainStyle, printable, type Style } from './paint.ts'

type Scenario = Run['scenario']

/** What a learner is asked before the run: the title, the question, and the choices with their numbers. */
export function lessonQuestion({ title, question, predict }: Scenario, style: Style = plainStyle, width = 80): string {
  const choices = (predict?.choices ?? []).map((choice, place) =>
    hanging(`    ${place + 1}. `, printable(choice), width),
  )
  const asked = predict === undefined ? [] : [paragraph(predict.ask, width), choices.join('\n')]
  return `${[hanging('  ', printable(title), width, style.strong), paragraph(question, width), ...asked].filter((part) => part !== '').join('\n\n')}\n`
}

/** The answer after the run: how the learner's prediction (nothing where there was none) did, what most people say, and why it is so. */
export function lessonAnswer(
  { predict, why }: Scenario,
  predicted: string | undefined,
  style: Style = plainStyle,
  width = 80,
): string {
  const lines =
    predict === undefined
      ? []
      : [
          ...(predicted === undefined
            ? []
            : [
                hanging(
                  '  You said:   ',
                  printable(predicted),
                  width,
                  predicted === predict.answer ? style.holds : style.broken,
                ),
              ]),
          hanging('  The answer: ', printable(predict.answer), width, style.strong),
          ...(predict.usual === predict.answer ? [] : [hanging('  Most say:   ', printable(predict.usual), width)]),
        ]
  return `${[lines.join('\n'), paragraph(why, width)].filter((part) => part !== '').join('\n\n')}\n`
}

function paragraph(text: string, width: number): string {
  return text.trim() === '' ? '' : hanging('  ', printable(text.trim()), width)
}
