import type { Process } from '../simulation/process.ts'
import type { Delivery } from '../systems/system.ts'
import type { HandlingContext } from './handling.ts'
import { handleDelivery } from './handling.ts'
import type { Program } from './program.ts'
import { perform, sleep, spawn } from './program.ts'
import { Slots } from './sending.ts'
import type { ReceivesSpec } from './service.ts'

/**
 * The loop of a consumer: receive, handle, again. With a concurrency above one, that many deliveries are handled at a time. `subscribe` opens
 * the consumer; it is called when the service begins to receive, and not before.
 */
export function* receiveAll(process: Process, receives: ReceivesSpec, subscribe: () => HandlingContext): Program {
  const wait = receives.after - process.now
  if (wait > 0) yield* sleep(wait)
  const context = subscribe()
  const slots = new Slots(context.spec.concurrency)
  for (;;) {
    const deliveries = yield* perform<readonly Delivery[]>('receive', (resume) =>
      context.consumer.receive(receives.limit, resume),
    )
    for (const delivery of deliveries) {
      if (context.spec.concurrency === 1) yield* handleDelivery(context, delivery)
      else {
        yield* slots.take()
        yield* spawn(handleInSlot(context, delivery, slots))
      }
    }
  }
}

function* handleInSlot(context: HandlingContext, delivery: Delivery, slots: Slots): Program {
  yield* handleDelivery(context, delivery)
  slots.give()
}
