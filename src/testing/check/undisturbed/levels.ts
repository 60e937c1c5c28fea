import type { JudgedRow } from '../../../run.ts'

/** Guarantees that are about what comes of messages, and of deliveries only where somebody asks. */
const ofEffects: readonly string[] = ['no-loss', 'no-duplicates', 'exactly-once']

/** A row about what the code was handed, of a guarantee that is about what it made of it. */
export function isDelivery({ level, guarantee }: JudgedRow): boolean {
  return level === 'delivery' && ofEffects.includes(guarantee)
}

/** Whether this very level is asked for. */
export function namesLevel(asked: readonly string[], { guarantee, level }: JudgedRow): boolean {
  return asked.includes(`${guarantee}/${level}`)
}
