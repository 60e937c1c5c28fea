import { copyRemained, copyStored } from '../../../src/history/facts.ts'
import type { Micros } from '../../../src/simulation/duration.ts'
import { second } from '../../../src/simulation/duration.ts'
import type { Process } from '../../../src/simulation/process.ts'
import type { OptionTable } from '../../../src/systems/option.ts'
import { valuesOf } from '../../../src/systems/option.ts'
import type {
  AcknowledgeOutcome,
  Consumer,
  Delivery,
  Envelope,
  ParkingPlace,
  Producer,
  System,
  SystemKind,
  SystemSetup,
  Use,
} from '../../../src/systems/system.ts'
import { Caller, serve } from '../stub-channel.ts'

/*
 * A double of a log: append, fetch from a position, commit a position for a group. The log outlives the processes that serve it.
 */

const options = {
  topics: { type: 'map', of: {}, summary: 'Topics by name, each with one partition.' },
} as const satisfies OptionTable

const callTimeout = 5 * second

type Command =
  | { readonly type: 'append'; readonly topic: string; readonly envelope: Envelope }
  | { readonly type: 'fetch'; readonly topic: string; readonly from: number; readonly limit: number }
  | { readonly type: 'stop-fetching' }
  | { readonly type: 'committed'; readonly topic: string; readonly group: string }
  | { readonly type: 'commit'; readonly topic: string; readonly group: string; readonly position: number }

type Answer =
  | { readonly done: boolean }
  | { readonly position: number }
  | { readonly records: readonly Envelope[]; readonly from: number }

interface Fetch {
  readonly topic: string
  readonly from: number
  readonly limit: number
  readonly peer: object
  readonly answer: (answer: Answer) => void
}

class LogSystem implements System {
  readonly name: string
  readonly parkingPlaces: readonly ParkingPlace[] = []
  readonly patience: Micros = 3 * callTimeout
  readonly #setup: SystemSetup
  readonly #topics: ReadonlyMap<string, { readonly envelope: Envelope; readonly copy: number }[]>
  readonly #committed = new Map<string, number>()
  #fetches: Fetch[] = []

  constructor(setup: SystemSetup) {
    this.#setup = setup
    this.name = setup.name
    const names = Object.keys(valuesOf(options, setup.settings).topics)
    this.#topics = new Map(names.map((name) => [name, []]))
    setup.world.addNode({ name: setup.name, start: (process) => this.#start(process) })
  }

  sourcesOf(address: string): readonly string[] {
    return this.#topics.has(address) ? [address] : []
  }

  producer(process: Process, use: Use): Producer {
    const caller = new Caller<Command, Answer>(process, this.name)
    return {
      send: (envelope, answered) =>
        caller.call({ type: 'append', topic: use.address, envelope }, callTimeout, (answer) => {
          if (answer === undefined || !('done' in answer)) answered({ outcome: 'unknown', reason: 'no answer' })
          else answered({ outcome: answer.done ? 'confirmed' : 'rejected', reason: '' })
        }),
      close: (done) => caller.close(done),
    }
  }

  consumer(process: Process, use: Use): Consumer {
    return new LogConsumer(process, this.name, use)
  }

  waitingFor(): string | undefined {
    const behind = this.#setup.uses.filter(
      ({ role, address, group }) => role === 'consumer' && this.#position(address, group) < this.#end(address),
    )
    return behind.length === 0
      ? undefined
      : `${behind.map(({ group }) => group).join(', ')} to commit the end of the log`
  }

  takeInventory(): void {
    for (const [topic, records] of this.#topics) {
      for (const { copy, envelope } of records) {
        const values = { copy, message: envelope.message, place: `${this.name}/${topic}`, state: 'retained' }
        this.#setup.world.recordOfRun(copyRemained, values)
      }
    }
  }

  #start(process: Process): void {
    this.#fetches = []
    serve<Command, Answer>(
      process,
      (command, answer, peer) => this.#serve(process, command, answer, peer),
      (peer) => this.#drop(peer),
    )
  }

  #serve(process: Process, command: Command, answer: (answer: Answer) => void, peer: object): void {
    switch (command.type) {
      case 'append':
        answer({ done: this.#append(process, command.topic, command.envelope) })
        break
      case 'fetch':
        this.#fetches.push({ ...command, peer, answer })
        break
      case 'stop-fetching':
        for (const fetch of this.#drop(peer)) fetch.answer({ records: [], from: fetch.from })
        answer({ done: true })
        break
      case 'committed':
        answer({ position: this.#position(command.topic, command.group) })
        break
      case 'commit':
        this.#committed.set(`${command.topic}/${command.group}`, command.position)
        answer({ done: true })
    }
    this.#answerFetches()
  }

  #append(process: Process, topic: string, envelope: Envelope): boolean {
    const records = this.#topics.get(topic)
    if (records === undefined) return false
    const copy = this.#setup.nextCopy()
    process.record(copyStored, { copy, message: envelope.message, place: `${this.name}/${topic}` })
    records.push({ envelope, copy })
    return true
  }

  #answerFetches(): void {
    for (const fetch of [...this.#fetches]) {
      const { topic, from, limit } = fetch
      const records = (this.#topics.get(topic) ?? []).slice(from, from + limit)
      if (records.length === 0) continue
      this.#fetches = this.#fetches.filter((other) => other !== fetch)
      fetch.answer({ records: records.map(({ envelope }) => envelope), from })
    }
  }

  #drop(peer: object): readonly Fetch[] {
    const dropped = this.#fetches.filter((fetch) => fetch.peer === peer)
    this.#fetches = this.#fetches.filter((fetch) => fetch.peer !== peer)
    return dropped
  }

  #position(topic: string, group: string): number {
    return this.#committed.get(`${topic}/${group}`) ?? 0
  }

  #end(topic: string): number {
    return this.#topics.get(topic)?.length ?? 0
  }
}

/** Reads on from the committed position. Giving a delivery back means to read again from there. */
class LogConsumer implements Consumer {
  readonly #process: Process
  readonly #caller: Caller<Command, Answer>
  readonly #use: Use
  #position: number | undefined
  #closed = false

  constructor(process: Process, server: string, use: Use) {
    this.#process = process
    this.#caller = new Caller(process, server)
    this.#use = use
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#closed) return
    if (this.#position !== undefined) this.#fetch(this.#position, limit, ready)
    else {
      const { address, group } = this.#use
      this.#caller.call({ type: 'committed', topic: address, group }, undefined, (answer) => {
        if (this.#closed) ready([])
        else this.#fetch(answer !== undefined && 'position' in answer ? answer.position : 0, limit, ready)
      })
    }
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const { address, group } = this.#use
    const position = Math.max(0, ...deliveries.map((delivery) => delivery.position + 1))
    this.#caller.call({ type: 'commit', topic: address, group, position }, callTimeout, (answer) =>
      done(answer === undefined ? 'unknown' : 'acknowledged'),
    )
  }

  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    if (how === 'discard') this.acknowledge([delivery], done)
    else {
      this.#position = delivery.position
      this.#process.setTimer(0, () => done('acknowledged'))
    }
  }

  extend(_delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  close(done: () => void): void {
    this.#closed = true
    this.#caller.call({ type: 'stop-fetching' }, callTimeout, () => this.#caller.close(done))
  }

  #fetch(from: number, limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    this.#caller.call({ type: 'fetch', topic: this.#use.address, from, limit }, undefined, (answer) => {
      const records = answer !== undefined && 'records' in answer ? answer.records : []
      this.#position = from + records.length
      ready(
        records.map((envelope, index) => ({
          envelope,
          partition: `${this.#use.address}/0`,
          position: from + index,
          redelivered: false,
        })),
      )
    })
  }
}

export const logStub: SystemKind = {
  name: 'log-stub',
  title: 'A log',
  versions: ['1'],
  options,
  producerOptions: {},
  consumerOptions: {},
  facts: [],
  omissions: ['Nearly everything: it is a double for tests.'],
  claims: () => [],
  problems: (settings, uses) =>
    uses
      .filter(({ address }) => !Object.hasOwn(valuesOf(options, settings).topics, address))
      .map((use) => ({
        use,
        path: ['address'],
        message: `there is no topic ${use.address}`,
        suggestion: `one of ${Object.keys(valuesOf(options, settings).topics).join(', ')}`,
      })),
  build: (setup) => new LogSystem(setup),
}
