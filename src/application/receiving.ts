import type { Process } from '../simulation/process.ts'
import type { Delivery } from '../systems/system.ts'
import type { HandlingContext } from './handling.ts'
import { handleDelivery } from './handling.ts'
import type { Program } from './program.ts'
import { perform, sleep, spawn } from './program.ts'
import { Slots } from './sending.ts'
import type { ReceivesSpec } from './service.ts'

/** The loop of a consumer: receive, handle, again. With a concurrency above one, that many deliveries are handled at a time. */
export function* receiveAll(receives: ReceivesSpec, context: HandlingContext): Program<never> {
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

/** Waits until the service begins to receive. */
export function* untilItReceives(process: Process, { after }: ReceivesSpec): Program {
  if (after > process.now) yield* sleep(after - process.now)
}

function* handleInSlot(context: HandlingContext, delivery: Delivery, slots: Slots): Program {
  yield* handleDelivery(context, delivery)
  slots.give()
}
