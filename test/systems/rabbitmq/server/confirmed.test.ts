import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diskProfiles } from '../../../../src/simulation/disk.ts'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import type { Node, Undo } from '../../../../src/simulation/node.ts'
import { BrokerBench } from './broker-bench.ts'
import type { RawClient } from './raw-client.ts'

type Fault = 'crash' | 'power' | 'torn' | 'stop' | 'freeze' | 'break'

type Deed = { readonly do: 'publish' | Fault } | { readonly do: 'wait'; readonly millis: number }

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('publish') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait'), millis: fc.constantFrom(0, 1, 4, 15, 250) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom<Fault>('crash', 'power', 'torn', 'stop', 'freeze', 'break') }),
  },
)

/** A publisher that numbers what it publishes and notes what is confirmed, and takes another connection after each fault. */
class Publisher {
  readonly bench: BrokerBench
  readonly confirmed = new Set<string>()
  #client: RawClient
  #onChannel: string[] = []
  #count = 0

  constructor(fsyncLatency: number) {
    this.bench = new BrokerBench({ settings: { disk: { ...diskProfiles.ssd, fsyncLatency } } })
    this.#client = this.#connect()
  }

  act(act: Deed): void {
    if (act.do === 'wait') this.bench.runFor(act.millis * millisecond)
    else if (act.do === 'publish') this.#publish()
    else this.#strike(act.do)
  }

  /** Takes down what has been confirmed on the connection. */
  note(): void {
    for (const answer of this.#client.answers) {
      if (answer.kind !== 'confirm' || answer.answer !== 'ack') continue
      const first = answer.multiple ? 1 : answer.sequence
      for (const message of this.#onChannel.slice(first - 1, answer.sequence)) this.confirmed.add(message)
    }
  }

  #publish(): void {
    const message = `m${this.#count++}`
    this.#onChannel.push(message)
    this.#client.publish(this.#count % 3 === 0 ? 'r' : 'q', message)
  }

  #strike(fault: Fault): void {
    const undo = begin(fault, this.bench.node)
    this.#publish()
    this.bench.runFor(2 * second)
    undo()
    this.bench.runFor(10 * millisecond)
    this.note()
    this.#client = this.#connect()
  }

  #connect(): RawClient {
    this.#onChannel = []
    const client = this.bench.connect('one')
    for (const name of ['q', 'r']) client.queue(name)
    client.do({ kind: 'confirm-select' })
    this.bench.runFor(10 * millisecond)
    return client
  }
}

function begin(fault: Fault, node: Node): Undo {
  switch (fault) {
    case 'crash':
      return node.crash()
    case 'power':
    case 'torn':
      return node.losePower(fault === 'torn')
    case 'stop':
      return node.stop(second)
    case 'freeze':
      return node.pause()
    case 'break':
      return node.disk.breakDown()
  }
}

describe('what is confirmed', () => {
  it('is in its queue whatever happens to the broker, and nothing is there that was not published', () => {
    let [confirmed, lost] = [0, 0]
    fc.assert(
      fc.property(
        fc.array(deed, { minLength: 10, maxLength: 60 }),
        fc.constantFrom(200, 20 * millisecond),
        (deeds, latency) => {
          const publisher = new Publisher(latency)
          for (const each of deeds) publisher.act(each)
          publisher.bench.runFor(5 * second)
          publisher.note()
          const there = ['q', 'r'].flatMap((queue) => publisher.bench.ready(queue)).map((name) => name.replace('!', ''))
          expect([...publisher.confirmed].filter((message) => !there.includes(message))).toEqual([])
          expect(new Set(there).size).toBe(there.length)
          confirmed += publisher.confirmed.size
          lost += publisher.bench.fates().length
        },
      ),
      { numRuns: 100, seed: 3 },
    )
    // The law says something only if there was something to lose, and some of it was lost.
    expect(Math.min(confirmed, lost)).toBeGreaterThan(20)
  })
})
