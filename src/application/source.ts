import type { Process } from '../simulation/process.ts'
import type { Consumer, Delivery } from '../systems/system.ts'
import type { SharedOutcome, SourceContext } from './handling.ts'
import { handleDelivery, handleTogether } from './handling.ts'
import { isPlain, PlainLoop } from './plain-loop.ts'
import type { Program } from './program.ts'
import type { HandlingSpec } from './service.ts'
import { workThenEffect } from './strategies/none.ts'
import type { Handle, Handling } from './strategies/strategy.ts'

/** What the service does by itself after its code: where that is given the client, nothing may be left to do. */
export type Ways = Pick<HandlingSpec, 'acknowledge' | 'onError'>

/** A source of a service on one process, for the loop that receives from it. */
export interface Source {
  readonly process: Process
  /** How the scenario lets the service handle. */
  readonly spec: HandlingSpec
  /** Deliveries to ask for at a time. */
  readonly limit: number
  /** Opens the client, the first time that it is called. */
  open(): Consumer
  /** What receives and handles in place of a program, where all that is done about a delivery is plain. */
  plainLoop(handle: Handle): PlainLoop | undefined
  /** Handles a delivery and records what became of it. Without `ways` it is acknowledged, and fails, as the scenario has it. */
  handler(handle: Handle, ways?: Ways): (delivery: Delivery) => Program
  /** The same for deliveries that the code is handed together. */
  handlerOfMany(
    handleAll: (handlings: readonly Handling[]) => Program<SharedOutcome>,
    ways?: Ways,
  ): (deliveries: readonly Delivery[]) => Program
}

/** The source that `subscribe` opens. */
export function sourceOf(process: Process, spec: HandlingSpec, limit: number, subscribe: () => SourceContext): Source {
  let opened: SourceContext | undefined
  const contextWith = (ways: Ways | undefined): SourceContext => {
    const context = (opened ??= subscribe())
    return ways === undefined ? context : { ...context, spec: { ...spec, ...ways } }
  }
  return {
    process,
    spec,
    limit,
    open: () => contextWith(undefined).consumer,
    plainLoop(handle) {
      const context = contextWith(undefined)
      return handle === workThenEffect && isPlain(context) ? new PlainLoop(context, limit) : undefined
    },
    handler: (handle, ways) => {
      const context = { ...contextWith(ways), handle }
      return (delivery) => handleDelivery(context, delivery)
    },
    handlerOfMany: (handleAll, ways) => {
      const context = contextWith(ways)
      return (deliveries) => handleTogether(context, deliveries, handleAll)
    },
  }
}
