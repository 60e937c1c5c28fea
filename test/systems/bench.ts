import type { AnyFact } from '../../src/history/fact.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import type { Micros } from '../../src/simulation/duration.ts'
import { hour, millisecond, second } from '../../src/simulation/duration.ts'
import type { Node } from '../../src/simulation/node.ts'
import type { Process } from '../../src/simulation/process.ts'
import { World } from '../../src/simulation/world.ts'
import type { OptionSpec, OptionTable, Settings } from '../../src/systems/option.ts'
import type {
  AcknowledgeOutcome,
  Consumer,
  Delivery,
  Envelope,
  Producer,
  SendAnswer,
  System,
  SystemKind,
  Use,
} from '../../src/systems/system.ts'

export type Written = Readonly<Record<string, unknown>>

export interface BenchOptions {
  readonly kind: SystemKind
  /** The newest by default. */
  readonly version?: string
  /** What a scenario would say of the system. */
  readonly options?: Written
  readonly seed?: string
  /** The run goes on at least so long. */
  readonly until?: Micros
  /** Records every packet. */
  readonly observeNetwork?: boolean
  readonly clients: readonly Client[]
}

export interface Client {
  readonly use: Use
  readonly nodeName: string
  attach(bench: Bench, process: Process): void
}

/** A small world with one system, named `events`, and programs that drive the contract by hand. */
export class Bench {
  readonly world: World
  readonly system: System

  constructor({
    kind,
    version,
    options = {},
    seed = 'bench',
    until = 0,
    observeNetwork = false,
    clients,
  }: BenchOptions) {
    this.world = new World({
      seed,
      linkProfileOf: () => linkProfiles.loopback,
      faults: [],
      faultKinds: [],
      settling: { healAfter: second, heal: 'all', bound: 24 * hour },
      factKinds: kind.facts,
      observeNetwork,
      keepHistory: true,
      strikesBefore: new Map(),
    })
    let copies = 0
    const system = kind.build({
      world: this.world,
      name: 'events',
      version: version ?? kind.versions.at(-1) ?? '',
      settings: settingsFrom(kind.options, options),
      uses: clients.map((client) => client.use),
      nextCopy: () => copies++,
    })
    this.system = system
    this.world.addParticipant({
      name: 'events',
      busyWith: () => (this.world.engine.now < until ? 'the time of the test' : undefined),
      waitingFor: () => system.waitingFor(),
      patience: Math.max(system.patience, until),
    })
    for (const client of clients) {
      this.world.addNode({ name: client.nodeName, start: (process) => client.attach(this, process) })
    }
  }

  /** Lets `act` happen at a time of the run, outside of every process. */
  at(time: Micros, act: () => void): this {
    this.world.engine.schedule(time, { number: -100, occur: act }, 0, undefined)
    return this
  }

  /** A process dies and starts again after `duration`. */
  crash(name: string, at: Micros, duration: Micros = 50 * millisecond): this {
    return this.at(at, () => {
      const undo = this.world.node(name).crash()
      this.world.engine.schedule(duration, { number: -100, occur: undo }, 0, undefined)
    })
  }

  run(): this {
    this.world.begin()
    this.world.advance()
    this.system.takeInventory()
    return this
  }

  get ending(): { readonly ending: string; readonly waitingFor: string } {
    const fact = this.facts('run-ended').at(-1)
    return { ending: this.text(fact?.['ending']), waitingFor: this.text(fact?.['waitingFor']) }
  }

  facts(kind: string): readonly AnyFact[] {
    return [...this.world.history].filter((fact) => fact.kind === kind)
  }

  /** `[message, fate]` of each copy that ended at a place, in the order of ending. */
  fatesAt(place: string): readonly (readonly [string, string])[] {
    return this.facts('copy-ended')
      .filter((fact) => this.text(fact['place']) === `events/${place}`)
      .map((fact) => [this.text(fact['message']), this.text(fact['fate'])] as const)
  }

  remaining(): readonly string[] {
    return this.facts('copy-remained').map(
      (fact) => `${this.text(fact['message'])} ${this.text(fact['place'])} ${this.text(fact['state'])}`,
    )
  }

  text(name: AnyFact[string] | undefined): string {
    return this.world.history.names.text(Number(name))
  }

  get fingerprint(): string {
    return this.world.engine.fingerprint.digest()
  }

  node(name: string): Node {
    return this.world.node(name)
  }
}

/** One answer to a send. */
export interface Answered extends SendAnswer {
  readonly message: string
  readonly time: Micros
  /** The incarnation of the process that was told. */
  readonly incarnation: number
}

export interface SenderOptions {
  readonly to: string
  readonly messages: number
  /** µs between two sends. */
  readonly every?: Micros
  readonly after?: Micros
  readonly options?: Written
  readonly close?: boolean
  /** How many it sends after that all the same. */
  readonly afterClosing?: number
  readonly nodeName?: string
}

/** Sends `order-0`, `order-1`, ... and remembers what it is told. A new incarnation goes on behind what was sent. */
export class Sender implements Client {
  readonly use: Use
  readonly nodeName: string
  readonly answers: Answered[] = []
  readonly sent: string[] = []
  readonly #options: SenderOptions
  closed = 0

  constructor(kind: SystemKind, options: SenderOptions) {
    this.#options = options
    this.nodeName = options.nodeName ?? 'shop'
    this.use = useOf(this.nodeName, 'producer', options.to, settingsFrom(kind.producerOptions, options.options ?? {}))
  }

  attach(bench: Bench, process: Process): void {
    const producer = bench.system.producer(process, this.use)
    const wait = Math.max(0, (this.#options.after ?? 0) - process.now)
    process.setTimer(wait, () => this.#sendNext(bench, process, producer))
  }

  outcomes(): readonly string[] {
    return this.answers.map((answer) => answer.outcome)
  }

  confirmed(): readonly string[] {
    return this.answers.filter(({ outcome }) => outcome === 'confirmed').map(({ message }) => message)
  }

  #sendNext(bench: Bench, process: Process, producer: Producer): void {
    const { messages, every = millisecond, close = false, afterClosing = 0 } = this.#options
    if (this.sent.length === messages && close) producer.close(() => this.closed++)
    if (this.sent.length >= messages + afterClosing) return
    const message = `order-${this.sent.length}`
    this.sent.push(message)
    let inside = true
    producer.send(envelope(bench, message, this.sent.length - 1), (answer) => {
      if (inside) throw new Error('A producer answered inside of the call.')
      this.answers.push({ ...answer, message, time: process.now, incarnation: process.incarnation })
    })
    inside = false
    process.setTimer(every, () => this.#sendNext(bench, process, producer))
  }
}

/** One delivery to a worker. */
export interface Received {
  readonly message: string
  readonly time: Micros
  readonly redelivered: boolean
  /** Counts the deliveries of this message to this worker from 1. */
  readonly attempt: number
  readonly incarnation: number
}

/** What a worker does with a delivery; `next` goes on. */
export type Handle = (context: {
  readonly delivery: Delivery
  readonly received: Received
  readonly consumer: Consumer
  readonly process: Process
  readonly next: () => void
  readonly settled: (outcome: AcknowledgeOutcome) => void
}) => void

/** Acknowledges at once. */
export const acknowledge: Handle = ({ delivery, consumer, settled }) => consumer.acknowledge([delivery], settled)

/** Never says what became of it. */
export const keep: Handle = ({ next }) => next()

export const rejectAgain: Handle = ({ delivery, consumer, settled }) => consumer.reject(delivery, 'again', settled)

export const discard: Handle = ({ delivery, consumer, settled }) => consumer.reject(delivery, 'discard', settled)

export interface WorkerOptions {
  readonly from: string
  readonly handle?: Handle
  readonly limit?: number
  readonly options?: Written
  readonly nodeName?: string
  readonly group?: string
  readonly after?: Micros
  /** Closes its consumer then. */
  readonly closeAt?: Micros
}

/** Receives, handles one after the other, again. */
export class Worker implements Client {
  readonly use: Use
  readonly nodeName: string
  readonly received: Received[] = []
  readonly settled: AcknowledgeOutcome[] = []
  readonly #options: WorkerOptions
  readonly #attempts = new Map<string, number>()
  closed = 0
  emptyReceives = 0

  constructor(kind: SystemKind, options: WorkerOptions) {
    this.#options = options
    this.nodeName = options.nodeName ?? 'billing'
    const settings = settingsFrom(kind.consumerOptions, options.options ?? {})
    this.use = { ...useOf(this.nodeName, 'consumer', options.from, settings), group: options.group ?? 'billing' }
  }

  messages(): readonly string[] {
    return this.received.map(({ message }) => message)
  }

  attach(bench: Bench, process: Process): void {
    const { after = 0, closeAt } = this.#options
    const begin = (): void => {
      const consumer = bench.system.consumer(process, this.use)
      this.#receive(bench, process, consumer)
      if (closeAt !== undefined && closeAt > process.now) {
        process.setTimer(closeAt - process.now, () => consumer.close(() => this.closed++))
      }
    }
    if (after > process.now) process.setTimer(after - process.now, begin)
    else begin()
  }

  #receive(bench: Bench, process: Process, consumer: Consumer): void {
    let inside = true
    consumer.receive(this.#options.limit ?? 1, (deliveries) => {
      if (inside) throw new Error('A consumer answered inside of the call.')
      if (deliveries.length === 0) this.emptyReceives++
      else this.#handleAll(bench, process, consumer, deliveries)
    })
    inside = false
  }

  #handleAll(bench: Bench, process: Process, consumer: Consumer, deliveries: readonly Delivery[]): void {
    const [delivery, ...rest] = deliveries
    if (delivery === undefined) {
      this.#receive(bench, process, consumer)
      return
    }
    const next = (): void => this.#handleAll(bench, process, consumer, rest)
    const settled = (outcome: AcknowledgeOutcome): void => {
      this.settled.push(outcome)
      next()
    }
    const handle = this.#options.handle ?? acknowledge
    handle({ delivery, received: this.#note(bench, process, delivery), consumer, process, next, settled })
  }

  #note(bench: Bench, process: Process, { envelope: { message }, redelivered }: Delivery): Received {
    const text = bench.text(message)
    const attempt = (this.#attempts.get(text) ?? 0) + 1
    this.#attempts.set(text, attempt)
    const received = { message: text, time: process.now, redelivered, attempt, incarnation: process.incarnation }
    this.received.push(received)
    return received
  }
}

export function useOf(service: string, role: Use['role'], address: string, settings: Settings): Use {
  return { service, members: 1, role, address, group: '', settings }
}

function envelope(bench: Bench, message: string, sequence: number): Envelope {
  const name = bench.world.history.names.intern(message)
  return {
    message: name,
    operation: name,
    key: `customer-${sequence % 3}`,
    sequence,
    version: sequence,
    size: 100,
    type: 'order',
    headers: {},
    body: undefined,
  }
}

/** Complete settings, as the parser makes them from what was written. */
export function settingsFrom(table: OptionTable, written: Written): Settings {
  const explicit: string[] = []
  return { values: completed(table, written, '', explicit), explicit }
}

function completed(table: OptionTable, written: Written, prefix: string, explicit: string[]): Written {
  const unknown = Object.keys(written).find((name) => !Object.hasOwn(table, name))
  if (unknown !== undefined) throw new Error(`There is no option ${prefix}${unknown}.`)
  return Object.fromEntries(
    Object.entries(table).map(([name, spec]) => [name, value(spec, written[name], prefix + name, explicit)]),
  )
}

function value(spec: OptionSpec, written: unknown, path: string, explicit: string[]): unknown {
  if (spec.type === 'group') return completed(spec.of, recordOf(written), `${path}.`, explicit)
  if (spec.type === 'map') {
    const entries = Object.entries(recordOf(written))
    return Object.fromEntries(
      entries.map(([name, inner]) => [name, completed(spec.of, recordOf(inner), `${path}.${name}.`, explicit)]),
    )
  }
  if (written === undefined) return spec.fallback
  explicit.push(path)
  return written
}

function recordOf(written: unknown): Written {
  return typeof written === 'object' && written !== null ? Object.fromEntries(Object.entries(written)) : {}
}
