import { hanging } from '../../report/lines.ts'
import { counted } from '../../report/quantities.ts'
import { exercisedText } from './exercised.ts'
import { noEndlessRetry } from './endless-retry.ts'
import { everyHandlerEnds } from './run-scenario.ts'
import type { Found } from './explore-check.ts'

/** Columns of what is told. */
const width = 110

/** What a check came to, for people: what failed first; else what was exercised, or that nothing was. */
export function resultText(found: Found): string {
  const { failures, doubts } = found
  const sections = failures.map(({ text }) => text)
  const last = failures.length > 0 ? [] : doubts.length > 0 ? [undecidedText(found)] : [passText(found)]
  const remarks = found.remarks.map((remark) => hanging('  note: ', remark, width)).join('\n')
  return [...sections, ...last, ...(remarks === '' ? [] : [remarks])].join('\n\n')
}

function passText({ name, asked, runs, seed, exercised, keptHeld }: Found): string {
  if (runs === 0) return `${name} was not run: ONCEPROOF_REPLAY names a case of another check.`
  const what = asked.filter((each) => each !== everyHandlerEnds && each !== noEndlessRetry).join(', ')
  const kept = keptHeld === 0 ? '' : ` ${counted(keptHeld, 'kept case')} ${keptHeld === 1 ? 'holds' : 'hold'} again.`
  return hanging(
    '',
    `${name}: ${what} held in ${counted(runs, 'run')} (seed ${seed}), with ${exercisedText(exercised)}.${kept}`,
    width,
  )
}

function undecidedText({ name, doubts, runs, seed }: Found): string {
  const head = `${name} is undecided after ${counted(runs, 'run')} (seed ${seed}):`
  return [head, ...doubts.map((doubt) => hanging('  - ', doubt, width))].join('\n')
}
