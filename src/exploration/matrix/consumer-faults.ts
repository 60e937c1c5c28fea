import type { Fault } from '../../simulation/fault.ts'
import type { Operation } from './outcome.ts'
import type { Moment } from './strikes.ts'
import { crashOfConsumer, moments, pauseOfConsumer } from './strikes.ts'

/** A fault at a consumer, and at which of its operations. */
export interface ConsumerFault {
  readonly where: string
  readonly step: number
  readonly moment: Moment
  readonly fault: Fault
}

/** A crash at every operation: before it leaves, and applied but unanswered. After the answer is before the next one leaves. */
export function crashPlacements(operations: readonly Operation[]): readonly ConsumerFault[] {
  return operations.flatMap((operation) =>
    moments.map((moment) => ({
      where: `at ${operation.step} (${operation.name}), ${moment}`,
      step: operation.step,
      moment,
      fault: crashOfConsumer(operation, moment),
    })),
  )
}

/** The same with a pause of `duration` µs. */
export function pausePlacements(operations: readonly Operation[], duration: number): readonly ConsumerFault[] {
  return operations.flatMap((operation) =>
    moments.map((moment) => ({
      where: `at ${operation.step} (${operation.name}), ${moment}`,
      step: operation.step,
      moment,
      fault: pauseOfConsumer(operation, moment, duration),
    })),
  )
}

/** The acknowledgement at the end of a handling; nothing where it does not come at the end. */
export function acknowledgement(operations: readonly Operation[]): Operation | undefined {
  const last = operations.at(-1)
  return last?.name === 'acknowledge' ? last : undefined
}
