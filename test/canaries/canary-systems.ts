import type { Consumer, Delivery, Producer, System, SystemKind } from '../../src/systems/system.ts'
import { memory } from '../../src/systems/memory/memory.ts'

/** A product with one planted bug: the broker of the tutorial, but for what the canary changes. */
interface Canary {
  readonly producer?: (honest: Producer) => Producer
  readonly consumer?: (honest: Consumer) => Consumer
  readonly system?: (honest: System) => Partial<System>
}

export function canarySystem({ producer, consumer, system }: Canary): SystemKind {
  return {
    ...memory,
    build: (setup) => {
      const honest = memory.build(setup)
      return {
        name: honest.name,
        parkingPlaces: honest.parkingPlaces,
        patience: honest.patience,
        sourcesOf: (address) => honest.sourcesOf(address),
        waitingFor: () => honest.waitingFor(),
        takeInventory: () => honest.takeInventory(),
        producer: (process, use) => (producer ?? same)(honest.producer(process, use)),
        consumer: (process, use) => (consumer ?? same)(honest.consumer(process, use)),
        ...system?.(honest),
      }
    },
  }
}

/** Changes what a consumer is handed. */
export function consumerHanding(
  change: (deliveries: readonly Delivery[]) => readonly Delivery[],
): (honest: Consumer) => Consumer {
  return (honest) => ({
    receive: (limit, ready) => honest.receive(limit, (deliveries) => ready(change(deliveries))),
    acknowledge: (deliveries, done) => honest.acknowledge(deliveries, done),
    reject: (delivery, how, done) => honest.reject(delivery, how, done),
    extend: (delivery, duration, done) => honest.extend(delivery, duration, done),
    close: (done) => honest.close(done),
  })
}

function same<T>(honest: T): T {
  return honest
}
