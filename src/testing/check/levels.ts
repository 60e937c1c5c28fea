import type { JudgedRow } from '../../run.ts'

type Judged = Pick<JudgedRow, 'guarantee' | 'level'>

/** Guarantees that are about what comes of messages, and of deliveries only where somebody asks. */
const ofEffects: readonly string[] = ['no-loss', 'no-duplicates', 'exactly-once']

/** A row about what the code made of what it was handed, of a guarantee that is about that. */
export function isEffect({ level, guarantee }: Judged): boolean {
  return level === 'effect' && ofEffects.includes(guarantee)
}

/** A row about what the code was handed, of a guarantee that is about what it made of it. */
export function isDelivery({ level, guarantee }: Judged): boolean {
  return level === 'delivery' && ofEffects.includes(guarantee)
}

/** Whether it is asked for: its guarantee at whatever level, or at this very one. */
export function isAsked(row: Judged, asked: string): boolean {
  return asked === row.guarantee || namesLevel(row, asked)
}

/** Whether this very level is asked for. */
export function namesLevel({ guarantee, level }: Judged, asked: string): boolean {
  return asked === `${guarantee}/${level}`
}
