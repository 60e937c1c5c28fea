import type { Micros } from '../../../../src/simulation/duration.ts'
import { hour, second } from '../../../../src/simulation/duration.ts'
import { Random } from '../../../../src/simulation/random.ts'
import { FifoQueue } from '../../../../src/systems/sqs/core/fifo-queue.ts'
import type {
  QueueCore,
  QueueEvent,
  QueueRules,
  ReceiveRequest,
  Receipt,
  Situation,
  Storage,
} from '../../../../src/systems/sqs/core/queue-core.ts'
import { StandardQueue } from '../../../../src/systems/sqs/core/standard-queue.ts'

export const plainRules: QueueRules = {
  visibilityTimeout: 30 * second,
  retention: 96 * hour,
  delay: 0,
  maxReceiveCount: undefined,
  inFlightLimit: 120_000,
  scanWindow: 120_000,
  deduplicationScope: 'queue',
}

export const plainStorage: Storage = {
  servers: 6,
  copies: 3,
  shortPollServers: 2,
  repairWithin: 2 * second,
  oldHandleDeletes: 0.5,
}

interface Sending {
  readonly group?: string
  readonly deduplicationId?: string
  readonly delay?: Micros
  readonly sentAt?: Micros
  readonly deadLetterOf?: string
}

/** What a receive of a test returned. */
export interface Got {
  readonly name: number
  readonly receipt: Receipt
  readonly receives: number
}

/** Drives the core of a queue by hand. Messages are numbers, and so is time, which only goes forward. */
export class QueueBench {
  readonly core: QueueCore
  readonly events: QueueEvent[] = []
  now: Micros = 0
  reachable: ReadonlySet<number>
  readonly #random: Random
  #calls = 0
  #copies = 0

  constructor(make: (nextCopy: () => number, random: Random) => QueueCore, servers: number, seed = 'queue') {
    this.#random = new Random(seed)
    this.core = make(() => this.#copies++, this.#random.fork('queue'))
    this.reachable = new Set(Array.from({ length: servers }, (_, server) => server))
  }

  send(name: number, { group = 'g', deduplicationId, delay, sentAt = this.now, deadLetterOf }: Sending = {}) {
    const envelope = {
      message: name,
      operation: name,
      key: group,
      sequence: name,
      version: name,
      size: 1,
      type: '',
      headers: {},
      body: undefined,
    }
    const copy = this.#copies++
    const spec = { copy, id: copy, envelope, sentAt, delay, group, deduplicationId, deadLetterOf }
    return this.#keep(this.core.send(spec, this.situation()))
  }

  receive(most = 1, options: Partial<ReceiveRequest> = {}): readonly Got[] {
    return this.look(most, options).messages.map(({ message, receipt }) => ({
      name: message.envelope.message,
      receipt,
      receives: message.receives,
    }))
  }

  look(most = 1, options: Partial<ReceiveRequest> = {}) {
    const request = { most, visibilityTimeout: undefined, long: true, attemptId: undefined, ...options }
    return this.#keep(this.core.receive(request, this.situation()))
  }

  /** The names of what a receive returns. */
  names(most = 10, options: Partial<ReceiveRequest> = {}): readonly number[] {
    return this.receive(most, options).map(({ name }) => name)
  }

  delete(receipt: Receipt | undefined) {
    return this.#keep(this.core.delete(receipt ?? { copy: -1, receive: -1 }, 'acknowledged', this.situation()))
  }

  hide(receipt: Receipt | undefined, timeout: Micros) {
    return this.#keep(this.core.changeVisibility(receipt ?? { copy: -1, receive: -1 }, timeout, this.situation()))
  }

  wait(duration: Micros): void {
    this.now += duration
    this.events.push(...this.core.advance(this.now))
  }

  reach(servers: readonly number[]): void {
    this.reachable = new Set(servers)
    this.core.serversChanged(this.reachable, this.now)
  }

  situation(): Situation {
    this.events.push(...this.core.advance(this.now))
    return { now: this.now, reachable: this.reachable, random: this.#random.fork(`call/${++this.#calls}`) }
  }

  #keep<R extends { readonly events: readonly QueueEvent[] }>(result: R): R {
    this.events.push(...result.events)
    return result
  }
}

export function standard(
  rules: Partial<QueueRules> = {},
  storage: Partial<Storage> = {},
  seed = 'standard',
): QueueBench {
  const spread = { ...plainStorage, ...storage }
  return new QueueBench(
    (nextCopy, random) => new StandardQueue({ ...plainRules, ...rules }, spread, random, nextCopy),
    spread.servers,
    seed,
  )
}

export function fifo(rules: Partial<QueueRules> = {}): QueueBench {
  return new QueueBench(() => new FifoQueue({ ...plainRules, ...rules }, 6), 6)
}
