import { hanging } from '../../report/lines.ts'
import { counted } from '../../report/quantities.ts'
import { exercisedText } from './exercised.ts'
import type { Found } from './explore-check.ts'

/** Columns of what is told. */
const width = 110

/** What a check came to, for people: what failed first; else what was exercised, or that nothing was. */
export function resultText(found: Found): string {
  const { failures, doubts } = found
  const sections = failures.map(({ text }) => text)
  const last = failures.length > 0 ? [] : doubts.length > 0 ? [undecidedText(found)] : [passText(found)]
  return [...sections, ...last].join('\n\n')
}

function passText({ name, asked, runs, seed, exercised }: Found): string {
  const what = asked.join(', ')
  return hanging(
    '',
    `${name}: ${what} held in ${counted(runs, 'run')} (seed ${seed}), with ${exercisedText(exercised)}.`,
    width,
  )
}

function undecidedText({ name, doubts, runs, seed }: Found): string {
  const head = `${name} is undecided after ${counted(runs, 'run')} (seed ${seed}):`
  return [head, ...doubts.map((doubt) => hanging('  - ', doubt, width))].join('\n')
}
