import type { Scenario } from '../../src/scenario/scenario.ts'
import {
  delivered,
  nodeCrashed,
  nodeLostPower,
  nodeResumed,
  nodeStarted,
  nodeStopped,
} from '../../src/history/facts.ts'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { World } from '../../src/simulation/world.ts'
import { rabbitmq } from '../../src/systems/rabbitmq/rabbitmq.ts'
import type { Consumer, Delivery, SystemKind } from '../../src/systems/system.ts'
import { scenarioOf } from './small-scenario.ts'

/*
 * A product with a bug that shows only when faults stand in a certain relation: several on the same message, or one in the recovery from another.
 * Nothing of the kind is in the products; a search has to bring it about to find it. Where it shows, a consumer is handed a message that nobody
 * sent, which nothing else can cause.
 */

export interface RareBug {
  readonly bug: string
  readonly product: SystemKind
}

/** Twelve orders that survive a crash of the broker, each acknowledged after it is billed. */
export const rareBugScenario: Scenario = scenarioOf(`
seed: rare
systems: { rabbit: { rabbitmq: { queues: { orders: {} } } } }
services:
  shop:
    sends: { to: rabbit/orders, messages: 12, rate: 100/s, on-failure: send-again }
    producer: { confirms: true, delivery_mode: 2 }
  billing: { receives: rabbit/orders, members: 2, consumer: { prefetch: 2 }, handling: { takes: 2ms } }
`)

/** What a bug knows of a run. */
class Watch {
  readonly #world: World
  /** By node: when it last did what. */
  readonly #started = new Map<string, number>()
  readonly #resumed = new Map<string, number>()
  /** By message: how many consumers died with it in hand. */
  readonly deaths = new Map<number, number>()
  /** By message: how often it was handed out. */
  readonly deliveries = new Map<number, number>()
  /** Nodes that died just after they had come back. */
  readonly relapsed = new Set<string>()

  constructor(world: World) {
    this.#world = world
    const inHand = new Map<number, number>()
    const { names } = world.history
    const textOf = (node: number): string => names.text(node)
    world.history.listen(nodeStarted, (fact) => {
      if (Number(fact['incarnation']) > 1) this.#started.set(textOf(fact.node), fact.time)
    })
    world.history.listen(nodeResumed, (fact) => this.#resumed.set(textOf(fact.node), fact.time))
    world.history.listen(delivered, (fact) => {
      const message = Number(fact['message'])
      inHand.set(fact.node, message)
      this.deliveries.set(message, (this.deliveries.get(message) ?? 0) + 1)
    })
    for (const kind of [nodeCrashed, nodeLostPower, nodeStopped])
      world.history.listen(kind, ({ node }) => {
        const message = inHand.get(node)
        if (message !== undefined) this.deaths.set(message, (this.deaths.get(message) ?? 0) + 1)
        inHand.delete(node)
        if (this.hasJustStarted(textOf(node), 50 * millisecond)) this.relapsed.add(textOf(node))
      })
  }

  /** Whether a node came back from the dead, or went on, less than `micros` ago. */
  hasJustStarted(node: string, micros: number): boolean {
    return this.#now - (this.#started.get(node) ?? -Infinity) < micros
  }

  hasJustResumed(node: string, micros: number): boolean {
    return this.#now - (this.#resumed.get(node) ?? -Infinity) < micros
  }

  get #now(): number {
    return this.#world.engine.now
  }
}

/** Hands out a ghost beside a delivery for which the bug shows. */
function haunted(bug: string, shows: (watch: Watch, delivery: Delivery, consumer: string) => boolean): RareBug {
  const product: SystemKind = {
    ...rabbitmq,
    build: (setup) => {
      const sound = rabbitmq.build(setup)
      const watch = new Watch(setup.world)
      return {
        name: sound.name,
        parkingPlaces: sound.parkingPlaces,
        patience: sound.patience,
        sourcesOf: (address) => sound.sourcesOf(address),
        waitingFor: () => sound.waitingFor(),
        takeInventory: () => sound.takeInventory(),
        producer: (process, use) => sound.producer(process, use),
        consumer: (process, use) =>
          withGhosts(sound.consumer(process, use), (delivery) => shows(watch, delivery, process.node.name)),
      }
    },
  }
  return { bug, product }
}

function withGhosts(sound: Consumer, shows: (delivery: Delivery) => boolean): Consumer {
  return {
    receive: (limit, ready) =>
      sound.receive(limit, (deliveries) =>
        ready(deliveries.flatMap((delivery) => (shows(delivery) ? [delivery, ghostOf(delivery)] : [delivery]))),
      ),
    acknowledge: (deliveries, done) => sound.acknowledge(deliveries.filter(isHonest), done),
    reject: (delivery, how, done) =>
      isHonest(delivery) ? sound.reject(delivery, how, done) : sound.acknowledge([], done),
    extend: (delivery, duration, done) => sound.extend(delivery, duration, done),
    close: (done) => sound.close(done),
  }
}

const ghostly = 1_000_000

function ghostOf(delivery: Delivery): Delivery {
  const { message, operation } = delivery.envelope
  return { ...delivery, envelope: { ...delivery.envelope, message: message - ghostly, operation: operation - ghostly } }
}

function isHonest({ envelope }: Delivery): boolean {
  return envelope.message > -ghostly
}

export const rareBugs: readonly RareBug[] = [
  haunted('a broker that has just come back hands out what two consumers died with', (watch, { envelope }) => {
    return watch.hasJustStarted('rabbit-1', second) && (watch.deaths.get(envelope.message) ?? 0) >= 2
  }),
  haunted('a broker that was frozen hands out to a consumer that has just come back', (watch, _, node) => {
    return watch.hasJustStarted(node, 30 * millisecond) && watch.hasJustResumed('rabbit-1', 30 * millisecond)
  }),
  haunted(
    'a consumer that was frozen takes over from one that died and is coming back',
    (watch, { envelope }, node) => {
      const other = node === 'billing-1' ? 'billing-2' : 'billing-1'
      const isAgain = (watch.deaths.get(envelope.message) ?? 0) >= 1
      return isAgain && watch.hasJustResumed(node, 200 * millisecond) && watch.hasJustStarted(other, 5 * second)
    },
  ),
  haunted('a consumer that died in its recovery is handed out what another died with', (watch, { envelope }, node) => {
    return watch.relapsed.has(node) && (watch.deaths.get(envelope.message) ?? 0) >= 2
  }),
  haunted(
    'a message is handed out for the fourth time, to a consumer that has just come back',
    (watch, { envelope }, node) => {
      return (watch.deliveries.get(envelope.message) ?? 0) >= 3 && watch.hasJustStarted(node, 200 * millisecond)
    },
  ),
]
