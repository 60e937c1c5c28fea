import type { Name } from '../../history/fact.ts'
import type { Broker } from './broker.ts'
import type { Copy } from './queue.ts'

/** What a broker still has to see to, for people: what consumers have not taken or not settled, and dead letters that will be redriven. */
export function unfinishedWork(
  broker: Broker,
  consumed: ReadonlySet<string>,
  textOf: (message: Name) => string,
): string | undefined {
  const work: string[] = []
  const redriven = new Set<string>()
  for (const { plan, redriven: over } of broker.desks) {
    if (plan.redriveAt !== undefined && !over && plan.deadLetterQueue !== undefined) redriven.add(plan.deadLetterQueue)
  }
  for (const { plan, queue } of broker.desks) {
    const { name, visibilityTimeout } = plan
    const watched = consumed.has(name)
    if ((watched || redriven.has(name)) && queue.readyCount > 0) {
      work.push(`${counted(queue.readyCount, queue.firstReady, textOf)} in ${name}`)
    }
    if (queue.processingCount === 0) continue
    const until = visibilityTimeout === undefined ? ', and nobody will put it back' : ''
    work.push(`${counted(queue.processingCount, queue.firstProcessing, textOf)} in processing from ${name}${until}`)
  }
  return work.length === 0 ? undefined : work.join('; ')
}

function counted(count: number, first: Copy | undefined, textOf: (message: Name) => string): string {
  const example = first === undefined ? '' : textOf(first.envelope.message)
  return count === 1 ? `1 message (${example})` : `${count} messages (${example} first)`
}
