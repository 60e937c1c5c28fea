import type { Name } from '../../history/fact.ts'
import type { HostedQueue } from './server/hosted-queue.ts'

/** What a queue still has to see to, for people. */
export function unfinishedWork(
  { core, plan }: HostedQueue,
  reachable: ReadonlySet<number>,
  textOf: (message: Name) => string,
): readonly string[] {
  const { count, first } = core.unfinished(reachable)
  if (first === undefined) return []
  const example = textOf(first.message)
  return [
    count === 1 ? `1 message (${example}) in ${plan.name}` : `${count} messages (${example} first) in ${plan.name}`,
  ]
}
