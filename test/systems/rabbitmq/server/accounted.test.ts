import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diskProfiles } from '../../../../src/simulation/disk.ts'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import type { Undo } from '../../../../src/simulation/node.ts'
import type { Method } from '../../../../src/systems/rabbitmq/protocol.ts'
import { BrokerBench } from './broker-bench.ts'
import type { RawClient } from './raw-client.ts'

/*
 * Two clients do what they like with four queues that lead into each other, while the broker crashes, loses its power, is restarted and its disk
 * is full. Afterwards every copy has one fate, everything confirmed and persistent was somewhere, and the broker's own figures agree.
 */

const queues = ['plain', 'short', 'waiting', 'dead'] as const

type Fault = 'crash' | 'power' | 'restart' | 'freeze' | 'fill' | 'break'

type Deed =
  | {
      readonly do: 'publish'
      readonly key: string
      readonly persistent: boolean
      readonly expiration: number | undefined
    }
  | { readonly do: 'method'; readonly method: Method }
  | { readonly do: 'settle'; readonly how: 'acknowledge' | 'requeue' | 'discard'; readonly multiple: boolean }
  | { readonly do: 'reopen' | 'drop' | 'start' | Fault }
  | { readonly do: 'wait'; readonly millis: number }

const queue = fc.constantFrom(...queues)
const method: fc.Arbitrary<Method> = fc.oneof(
  fc.record({ kind: fc.constant('acknowledge'), tag: fc.constant(1), multiple: fc.boolean() }),
  fc.record({ kind: fc.constant('get'), queue, noAck: fc.boolean() }),
  fc.record({ kind: fc.constant('consume'), queue, tag: fc.constantFrom('x', 'y', 'z'), noAck: fc.boolean() }),
  fc.record({ kind: fc.constant('cancel'), tag: fc.constantFrom('x', 'y', 'z') }),
  fc.record({ kind: fc.constant('prefetch'), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('purge'), queue }),
  fc.record({ kind: fc.constantFrom('recover', 'confirm-select') }),
  fc.record({ kind: fc.constantFrom('tx-commit', 'tx-select', 'tx-rollback') }),
  fc.record({ kind: fc.constant('delete-queue'), name: queue }),
)
const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('publish'),
      key: fc.constantFrom(...queues, 'nowhere', 'all'),
      persistent: fc.boolean(),
      expiration: fc.constantFrom(undefined, 5, 50),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('method'), method }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('settle'),
      how: fc.constantFrom('acknowledge', 'requeue', 'discard'),
      multiple: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), millis: fc.constantFrom(0, 1, 3, 20, 300) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('reopen', 'drop', 'start') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom<Fault>('crash', 'power', 'restart', 'freeze', 'fill', 'break') }),
  },
)

/** What a random client and its broker go through. */
class Story {
  readonly bench: BrokerBench
  readonly #clients: RawClient[]
  readonly #undos: Undo[] = []
  #messages = 0

  constructor(fsyncLatency: number) {
    this.bench = new BrokerBench({ settings: { disk: { ...diskProfiles.ssd, fsyncLatency } } })
    this.#clients = [this.bench.connect('one'), this.bench.connect('two')]
    this.#declare()
  }

  live(deeds: readonly (readonly [who: number, deed: Deed])[]): void {
    for (const [who, each] of deeds) this.#act(who, each)
    for (const undo of this.#undos.splice(0)) undo()
    this.bench.runFor(5 * second)
  }

  #declare(): void {
    const [client] = this.#clients
    const letters = (key: string) => ({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': key })
    client?.queue('plain', letters('waiting'))
    client?.queue('short', { 'x-max-length': 2, ...letters('dead') })
    client?.queue('waiting', { 'x-message-ttl': 30, ...letters('plain') })
    client?.queue('dead', { 'x-max-length': 2, 'x-overflow': 'reject-publish' })
    for (const name of queues)
      client?.do({ kind: 'bind', source: 'amq.fanout', destination: { kind: 'queue', name }, key: '' })
    this.bench.runFor(100 * millisecond)
  }

  #act(who: number, act: Deed): void {
    const client = this.#clients[who]
    switch (act.do) {
      case 'publish':
        return this.#publish(client, act)
      case 'method':
        return client?.do(act.method)
      case 'settle':
        return settleLast(client, act)
      case 'wait':
        return void this.bench.runFor(act.millis * millisecond)
      case 'reopen':
        return client?.openChannel(1)
      case 'drop':
        client?.drop()
        return void this.#reconnect(who)
      case 'start':
        for (const undo of this.#undos.splice(0)) undo()
        this.bench.runFor(10 * millisecond)
        return void [0, 1].forEach((each) => this.#reconnect(each))
      default:
        return void this.#undos.push(this.#strike(act.do))
    }
  }

  #publish(client: RawClient | undefined, { key, persistent, expiration }: Extract<Deed, { do: 'publish' }>): void {
    const expires = expiration === undefined ? {} : { expiration: String(expiration) }
    const properties = { deliveryMode: persistent ? 2 : 1, ...expires } as const
    const exchange = key === 'all' ? 'amq.fanout' : ''
    client?.publish(key, `m${this.#messages++}`, { exchange, properties })
  }

  #strike(fault: Fault): Undo {
    const { node } = this.bench
    switch (fault) {
      case 'crash':
        return node.crash()
      case 'power':
        return node.losePower(true)
      case 'restart':
        return node.stop(second)
      case 'freeze':
        return node.pause()
      case 'fill':
        return node.disk.fillUp()
      case 'break':
        return node.disk.breakDown()
    }
  }

  #reconnect(who: number): void {
    const name = ['one', 'two'][who] ?? ''
    const client = this.bench.connect(name)
    client.consume('plain')
    this.#clients[who] = client
  }
}

/** Settles what came last, which may have been settled before, or need no acknowledgement: then the channel is closed. */
function settleLast(client: RawClient | undefined, { how, multiple }: Extract<Deed, { do: 'settle' }>): void {
  const last = client?.answers.findLast((answer) => answer.kind === 'deliver' || answer.kind === 'got')
  if (last === undefined || !('tag' in last)) return
  const { tag } = last
  if (how === 'acknowledge') client?.do({ kind: 'acknowledge', tag, multiple })
  else client?.do({ kind: 'reject', tag, multiple, requeue: how === 'requeue' })
}

/** What the stories have to have come across, for the law to mean something. */
const everyFate = [
  'acknowledged',
  'dead-lettered (expired)',
  'dead-lettered (rejected)',
  'dead-lettered (the queue was too long)',
  'delivered',
  'dropped (expired; its dead letter would go round for ever)',
  'dropped (no queue)',
  'dropped (purged)',
  'dropped (the queue is full)',
  'dropped (the queue was deleted)',
  'expired',
  'lost (it was not on the disk yet)',
  'lost (it was transient)',
]

describe('the account of copies', () => {
  it('gives every copy one fate, whatever clients and faults do', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 1 }), deed), { minLength: 20, maxLength: 120 }),
        fc.constantFrom(200, 20 * millisecond),
        (deeds, latency) => {
          const story = new Story(latency)
          story.live(deeds)
          const { bench } = story
          expect(bench.unaccounted()).toEqual([])
          expect(bench.remaining()).toEqual(bench.contents())
          for (const fate of bench.fates()) seen.add(fate.slice(fate.indexOf(':') + 2))
        },
      ),
      { numRuns: 150, seed: 20 },
    )
    expect([...seen]).toEqual(expect.arrayContaining(everyFate))
  })
})
