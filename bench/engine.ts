/** What the engine and the record of facts cost, as ratios to the bare event queue in the same run. */
import { Bench } from 'tinybench'
import { defineFact } from '../src/history/fact.ts'
import type { EventTarget } from '../src/simulation/event-queue.ts'
import { EventQueue } from '../src/simulation/event-queue.ts'
import { Engine } from '../src/simulation/engine.ts'
import { linkProfiles } from '../src/simulation/link-profile.ts'
import { settlingDefaults } from '../src/simulation/settling.ts'
import { World } from '../src/simulation/world.ts'

const events = 200_000
const waiting = 1000

/** Delays that are the same for all, and no two of a row alike. */
const delays = Array.from({ length: 4096 }, (_, place) => 1 + ((place * 7919) % 5003))
const delayAfter = (count: number): number => delays[count & 4095] ?? 1

function bareHeap(): void {
  const queue = new EventQueue()
  const target: EventTarget = { number: 1, occur: () => {} }
  for (let each = 0; each < waiting; each++) queue.push(delayAfter(each), target, 0, undefined, 0)
  for (let count = 0; count < events; count++) {
    queue.pop()?.occur(queue.code, queue.payload)
    queue.push(queue.time + delayAfter(count), target, 0, undefined, 0)
  }
}

/** Lets something happen that schedules itself again. */
class Ticking implements EventTarget {
  readonly number = 1
  readonly #engine: Engine
  #count = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  occur(): void {
    this.#engine.schedule(delayAfter(this.#count++), this, 0, undefined)
  }
}

function engineAlone(): void {
  const engine = new Engine()
  const target = new Ticking(engine)
  for (let each = 0; each < waiting; each++) engine.schedule(delayAfter(each), target, 0, undefined)
  for (let count = 0; count < events; count++) engine.step()
}

const ticked = defineFact('ticked', 'client', { message: 'name', attempt: 'int' }, '{node} ticked')

class Telling implements EventTarget {
  readonly number = 1
  readonly #world: World
  readonly #node: number
  readonly #first: number
  #count = 0

  constructor(world: World) {
    this.#world = world
    this.#node = world.history.names.intern('node')
    this.#first = world.history.names.reserve('message', events)
  }

  occur(): void {
    const count = this.#count++
    this.#world.record(ticked, this.#node, { message: this.#first - count, attempt: 1 })
    this.#world.engine.schedule(delayAfter(count), this, 0, undefined)
  }
}

function engineWithFacts(): void {
  const world = new World({
    seed: 'bench',
    linkProfileOf: () => linkProfiles.lan,
    faults: [],
    faultKinds: [],
    settling: settlingDefaults,
    factKinds: [ticked],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  const target = new Telling(world)
  for (let each = 0; each < waiting; each++) world.engine.schedule(delayAfter(each), target, 0, undefined)
  for (let count = 0; count < events; count++) world.engine.step()
}

const bench = new Bench({ time: 2000, warmupTime: 500 })
bench
  .add('bare heap', bareHeap)
  .add('engine, no facts', engineAlone)
  .add('engine, a fact for each event', engineWithFacts)
await bench.run()

// The fastest run is the least disturbed one; medians say more about what else the machine was doing.
const fastest = bench.tasks.map(({ name, result }) => {
  if (result.state !== 'completed') throw new Error(`The benchmark of ${name} failed.`)
  return { name, micros: result.latency.min * 1000 }
})
const bare = fastest[0]?.micros ?? Number.NaN
for (const { name, micros } of fastest) {
  const perEvent = ((micros * 1000) / events).toFixed(0)
  console.log(`${name.padEnd(32)} ${perEvent.padStart(5)} ns an event   ${(bare / micros).toFixed(2)} of the bare heap`)
}
