import { millisecond, second } from '../../simulation/duration.ts'
import type { Fault, FaultCut } from '../../simulation/fault.ts'
import type { Operation } from './outcome.ts'
import { consumer } from './situation.ts'

/** Where an operation can be struck: its request has not left, or it is done and its answer has not come. */
export type Moment = 'before it leaves' | 'before its answer comes'

export const moments: readonly Moment[] = ['before it leaves', 'before its answer comes']

/** The consumer that was handed the first message first. */
const handler = 'handler(order-0)'

/** Kills the consumer at an operation of its first attempt at the first message; a supervisor starts it again soon. */
export function crashOfConsumer(operation: Operation, moment: Moment): Fault {
  return atOperation('crash', handler, operation, moment, 50 * millisecond)
}

export function pauseOfConsumer(operation: Operation, moment: Moment, duration: number): Fault {
  return atOperation('pause', handler, operation, moment, duration)
}

/** Kinds of stores of which a replica can take over, by its nodes `<name>-1` and `<name>-2`. */
const replicatedKinds: readonly string[] = ['cache', 'database']

/**
 * Takes the primary of a store away for good, as an operation is to leave, so that its replica takes over without the writes of the run: the
 * two were cut off from each other. Nothing for kinds that have no replica.
 */
export function failoverOf(store: string, kind: string | undefined): ((at: Operation) => readonly Fault[]) | undefined {
  if (kind === undefined || !replicatedKinds.includes(kind)) return undefined
  const [primary, replica] = [`${store}-1`, `${store}-2`]
  const cut: Fault = {
    action: 'partition',
    targets: [[primary], [replica]],
    parameters: {},
    strikes: { at: 0 },
    duration: long,
  }
  return (operation) => [cut, atOperation('crash', primary, operation, 'before it leaves', long)]
}

const long = 600 * second

function atOperation(action: string, target: string, { step }: Operation, moment: Moment, duration: number): Fault {
  const [fact, cut]: readonly [string, FaultCut] =
    moment === 'before it leaves' ? ['operation-began', 'after-state'] : ['operation-answered', 'before']
  const values = { message: 'order-0', service: consumer, attempt: 1, step }
  return { action, targets: [[target]], parameters: {}, strikes: { when: { fact, values, nth: 1 }, cut }, duration }
}
