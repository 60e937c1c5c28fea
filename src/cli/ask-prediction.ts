import { createInterface } from 'node:readline/promises'

/** The learner's side of a lesson: a keyboard and a screen. */
export interface Desk {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** What the learner said: a choice; nothing, by ending the input; or that the lesson is to stop. */
export type Prediction = { readonly kind: 'choice'; readonly choice: string } | { readonly kind: 'none' | 'stop' }

/** Asks until the answer is one of the choices: by its number, or by the beginning of its words. */
export async function askPrediction(
  choices: readonly string[],
  { input, output }: Desk,
  wanted = 'Your prediction',
): Promise<Prediction> {
  const lines = createInterface({ input, output, prompt: `  ${wanted} (1-${choices.length}): ` })
  let left: Prediction = { kind: 'none' }
  lines.on('SIGINT', () => {
    left = { kind: 'stop' }
    lines.close()
  })
  try {
    lines.prompt()
    // Not question(): that drops lines which were typed ahead.
    for await (const said of lines) {
      const choice = choiceMeant(said, choices)
      if (choice !== undefined) return { kind: 'choice', choice }
      output.write(`  Write a number from 1 to ${choices.length}, or the beginning of a choice.\n`)
      lines.prompt()
    }
    output.write('\n')
    return left
  } finally {
    lines.close()
  }
}

/** The one choice that was meant, if it is only one. */
export function choiceMeant(said: string, choices: readonly string[]): string | undefined {
  const wanted = said.trim().toLowerCase()
  if (/^\d+$/.test(wanted)) return choices[Number(wanted) - 1]
  const exact = choices.find((choice) => choice.toLowerCase() === wanted)
  const begun = choices.filter((choice) => wanted !== '' && choice.toLowerCase().startsWith(wanted))
  return exact ?? (begun.length === 1 ? begun[0] : undefined)
}
