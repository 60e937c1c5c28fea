import { describe, expect, it } from 'vitest'
import type { Micros } from '../../../../src/simulation/duration.ts'
import { second } from '../../../../src/simulation/duration.ts'
import type { Process } from '../../../../src/simulation/process.ts'
import type { Answer, Request } from '../../../../src/systems/redis/protocol.ts'
import { frameBytes, serverPort } from '../../../../src/systems/redis/protocol.ts'
import { redis } from '../../../../src/systems/redis/redis.ts'
import type { Client, Written } from '../../bench.ts'
import { Bench, settingsFrom, useOf } from '../../bench.ts'

/** Writes commands to the first server as they are, each at its time, and remembers what comes. */
class PlainClient implements Client {
  readonly nodeName: string
  readonly use
  readonly answers: Answer[] = []
  readonly #commands: readonly (readonly [Micros, Request])[]

  constructor(nodeName: string, commands: readonly (readonly [Micros, Request])[]) {
    this.nodeName = nodeName
    this.use = useOf(nodeName, 'producer', 'orders', settingsFrom(redis.producerOptions, {}))
    this.#commands = commands
  }

  attach(_bench: Bench, process: Process): void {
    const connection = process.connect<Request, Answer>('events-1', serverPort, {
      received: (answer) => void this.answers.push(answer),
      closed: () => {},
    })
    for (const [at, command] of this.#commands)
      process.setTimer(at, () => connection.send(command, { bytes: frameBytes, about: command.type }))
  }
}

function bench(clients: readonly PlainClient[], options: Written = {}, version = '8.8'): Bench {
  const until = 30 * second
  const system = { streams: { orders: {} }, channels: { news: {} }, ...options }
  return new Bench({ kind: redis, version, options: system, until, clients })
}

const subscribe = { type: 'SUBSCRIBE', channels: ['news'] } as const

describe('who counts as a subscriber', () => {
  it('is nobody whose subscription waits for its transaction, which then never comes', () => {
    const client = new PlainClient('reader', [
      [1, { type: 'MULTI' }],
      [2, subscribe],
      [3, { type: 'DISCARD' }],
    ])
    const { answers } = client
    const ran = bench([client]).run()
    expect(answers.map(({ type }) => type)).toEqual(['status', 'status', 'status'])
    expect(ran.facts('subscribed')).toEqual([])
  })

  it('is whoever is told so, also at the end of a transaction', () => {
    const plain = new PlainClient('plain', [[second, subscribe]])
    const later = new PlainClient('later', [
      [1, { type: 'MULTI' }],
      [2, subscribe],
      [2 * second, { type: 'EXEC' }],
    ])
    const ran = bench([plain, later]).run()
    expect(ran.facts('subscribed').map(({ client }) => ran.text(client))).toEqual(['plain', 'later'])
  })

  it('is nobody any more who has unsubscribed: its end is no end of a subscription', () => {
    const gone = new PlainClient('reader', [
      [1, subscribe],
      [2, { type: 'UNSUBSCRIBE', channels: [] }],
    ])
    const ran = bench([gone]).crash('reader', second).run()
    expect(ran.facts('unsubscribed')).toEqual([])
    const there = new PlainClient('reader', [[1, subscribe]])
    expect(bench([there]).crash('reader', second).run().facts('unsubscribed')).toHaveLength(1)
  })
})

describe('WAIT', () => {
  const add: Request = { type: 'XADD', key: 'orders', id: '*', fields: ['a', 'b'] }
  const look: Request = { type: 'XLEN', key: 'orders' }
  const wait: Request = { type: 'WAIT', replicas: 1, timeout: 1000 }
  const redisWithReplica = { replicas: 1, 'repl-diskless-sync-delay': 0 }

  /** One client adds while the replica is there, another when that has stood still for a while; then the first asks. */
  function answerAfter(before: readonly (readonly [Micros, Request])[], version: string): Answer | undefined {
    const asking = new PlainClient('asking', [[10 * second, add], ...before, [22 * second, wait]])
    const writing = new PlainClient('writing', [[20 * second, add]])
    const ran = bench([asking, writing], redisWithReplica, version)
    ran.at(15 * second, () => void ran.node('events-2').pause()).run()
    return asking.answers.at(-1)
  }

  it.each(['7.0', '8.8'])(
    'is about what the client itself wrote, whatever others have written since (%s)',
    (version) => {
      expect(answerAfter([], version)).toEqual({ type: 'integer', value: 1 })
    },
  )

  it('goes by the last command until 7.0, by the last that was propagated since 7.2', () => {
    const read = [[21 * second, look]] as const
    expect(answerAfter(read, '7.0')).toEqual({ type: 'integer', value: 0 })
    expect(answerAfter(read, '8.8')).toEqual({ type: 'integer', value: 1 })
  })
})
