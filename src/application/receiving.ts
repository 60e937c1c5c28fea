import type { Process } from '../simulation/process.ts'
import type { Delivery } from '../systems/system.ts'
import type { Program } from './program.ts'
import { perform, sleep, spawn } from './program.ts'
import { Slots } from './slots.ts'
import type { ReceivesSpec } from './service.ts'
import type { Source } from './source.ts'
import type { Handle } from './strategies/strategy.ts'

/** The loop of a consumer: receive, handle, again. With a concurrency above one, that many deliveries are handled at a time. */
export function receiveAll(source: Source, handle: Handle): Program<never> {
  const plain = source.plainLoop(handle)
  return plain === undefined ? receiveEach(source, handle) : perform('receive', () => plain.begin())
}

function* receiveEach(source: Source, handle: Handle): Program<never> {
  const { concurrency } = source.spec
  const slots = new Slots(concurrency)
  const handleOne = source.handler(handle)
  for (;;) {
    for (const delivery of yield* receive(source)) {
      if (concurrency === 1) yield* handleOne(delivery)
      else {
        yield* slots.take()
        yield* spawn(handleInSlot(handleOne(delivery), slots))
      }
    }
  }
}

/** The next deliveries of a source. */
export function receive(source: Source): Program<readonly Delivery[]> {
  return perform('receive', (resume) => source.open().receive(source.limit, resume))
}

/** Waits until the service begins to receive. */
export function* untilItReceives(process: Process, { after }: ReceivesSpec): Program {
  if (after > process.now) yield* sleep(after - process.now)
}

function* handleInSlot(handling: Program, slots: Slots): Program {
  yield* handling
  slots.give()
}
