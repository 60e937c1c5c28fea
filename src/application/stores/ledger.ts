import { effectApplied, effectSkipped, effectUndone } from '../../history/facts.ts'
import type { Connection } from '../../simulation/connection.ts'
import { diskProfiles } from '../../simulation/disk.ts'
import { second } from '../../simulation/duration.ts'
import type { LogFile } from '../../simulation/log-file.ts'
import type { Process } from '../../simulation/process.ts'
import type { World } from '../../simulation/world.ts'
import type { OptionValues } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import type { Program } from '../program.ts'
import { perform } from '../program.ts'
import type { Effect, Store, StoreClient, StoreKind, StoreOutcome } from './store.ts'
import { effectIn } from './store.ts'

/*
 * A list of effects on a disk. As it stands, whatever it is told is applied, once for each time it is told: that is what makes duplicates
 * visible. With a unique key it takes each effect once. Left out: reads, transactions and other conditions, which a database has.
 */

const options = {
  timeout: { type: 'duration', fallback: 5 * second, minimum: 1, summary: 'How long a client waits for the answer.' },
  unique: {
    type: 'choice',
    choices: ['none', 'message', 'operation'],
    fallback: 'none',
    summary:
      'By what an effect is recognised that is there already; it is then left out, and the client is told that it is there.',
  },
  disk: { type: 'choice', choices: ['nvme', 'ssd', 'hdd'], fallback: 'nvme', summary: 'How long an fsync takes.' },
} as const

type Request = { readonly number: number; readonly effect: Effect }
type Reply = { readonly number: number; readonly applied: boolean }

export const ledger: StoreKind = {
  name: 'ledger',
  summary: 'A list of effects on a disk, in the order in which they were applied.',
  options,
  build: (world, name, settings) => new Ledger(world, name, valuesOf(options, settings)),
}

class Ledger implements Store {
  readonly name: string
  readonly patience: number
  readonly #values: OptionValues<typeof options>
  /** How many entries of the log are in the history: what a crash left written but untold is told after the start. */
  #told = 0
  /** Places of entries that were told of and turned out to be unreadable. */
  readonly #undone = new Set<number>()

  constructor(world: World, name: string, values: OptionValues<typeof options>) {
    this.name = name
    this.#values = values
    this.patience = values.timeout
    world.addNode({ name, disk: diskProfiles[values.disk], start: (process) => this.#serve(process) })
  }

  client(process: Process): StoreClient {
    return new LedgerClient(process, this.name, this.#values.timeout)
  }

  #serve(process: Process): void {
    const log = process.disk.log<Effect>('effects')
    const taken = this.#keysIn(log)
    this.#tell(process, log)
    this.#takeBack(process, log)
    process.listen<Reply, Request>('store', (connection) => ({
      received: ({ number, effect }) => {
        const answer = (applied: boolean): void => connection.send({ number, applied }, { bytes: 32, about: 'applied' })
        const key = this.#keyOf(effect)
        const isThere = key !== undefined && taken.has(key)
        if (!isThere && log.append(effect, 128) !== 'written') return answer(false)
        if (key !== undefined) taken.add(key)
        // Also for what is there already: it may be in the page cache only, and whoever is answered relies on it.
        this.#makeDurable(process, log, (durable) => {
          if (isThere && durable)
            process.record(effectSkipped, { ...withoutStoreValues(effect), reason: `${this.name} has it already` })
          answer(durable)
        })
      },
    }))
  }

  #makeDurable(process: Process, log: LogFile<Effect>, done: (durable: boolean) => void): void {
    this.#tell(process, log)
    if (log.durableLength() === log.length) return done(true)
    log.fsync((outcome) => {
      this.#tell(process, log)
      done(outcome === 'written')
    })
  }

  /** What was told of and cannot be read any more. */
  #takeBack(process: Process, log: LogFile<Effect>): void {
    for (let place = 0; place < this.#told; place++) {
      const entry = log.read(place)
      if (entry?.state !== 'corrupt' || this.#undone.has(place)) continue
      this.#undone.add(place)
      const { message, operation, effect, service } = entry.value
      process.record(effectUndone, { message, operation, effect, service, store: this.name })
    }
  }

  /** The unique keys of everything that survived. */
  #keysIn(log: LogFile<Effect>): Set<string> {
    const keys = new Set<string>()
    for (let place = 0; place < log.length; place++) {
      const entry = log.read(place)
      const key = entry?.state === 'whole' ? this.#keyOf(entry.value) : undefined
      if (key !== undefined) keys.add(key)
    }
    return keys
  }

  #keyOf({ effect, message, operation }: Effect): string | undefined {
    const { unique } = this.#values
    return unique === 'none' ? undefined : `${effect} ${unique === 'message' ? message : operation}`
  }

  #tell(process: Process, log: LogFile<Effect>): void {
    const length = log.durableLength()
    for (; this.#told < length; this.#told++) {
      const entry = log.read(this.#told)
      if (entry !== undefined && entry.state === 'whole')
        process.record(effectApplied, effectIn(this.name, entry.value))
    }
  }
}

class LedgerClient implements StoreClient {
  readonly kind = 'ledger'
  readonly #process: Process
  readonly #store: string
  readonly #timeout: number
  readonly #waiting = new Map<number, (outcome: StoreOutcome) => void>()
  #connection: Connection<Request> | undefined
  #requests = 0

  constructor(process: Process, store: string, timeout: number) {
    this.#process = process
    this.#store = store
    this.#timeout = timeout
  }

  apply(effect: Effect): Program<StoreOutcome> {
    return perform(`apply to ${this.#store}`, (resume) => {
      const number = ++this.#requests
      const timer = this.#process.setTimer(this.#timeout, () => this.#answer(number, unknown('time-out')), this.#store)
      this.#waiting.set(number, (outcome) => {
        timer.clear()
        resume(outcome)
      })
      this.#open().send({ number, effect }, { bytes: 128, about: 'apply' })
    })
  }

  #open(): Connection<Request> {
    this.#connection ??= this.#process.connect<Request, Reply>(
      this.#store,
      'store',
      {
        received: ({ number, applied }) =>
          this.#answer(number, applied ? { kind: 'applied' } : { kind: 'refused', reason: 'disk' }),
        closed: (reason) => this.#closed(reason),
      },
      { connectTimeout: this.#timeout },
    )
    return this.#connection
  }

  #closed(reason: string): void {
    this.#connection = undefined
    for (const number of [...this.#waiting.keys()]) this.#answer(number, unknown(reason))
  }

  #answer(number: number, outcome: StoreOutcome): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    waiting?.(outcome)
  }
}

function unknown(reason: string): StoreOutcome {
  return { kind: 'unknown', reason }
}

function withoutStoreValues({
  message,
  operation,
  effect,
  service,
  attempt,
}: Effect): Omit<Effect, 'consumer' | 'key' | 'version' | 'value'> {
  return { message, operation, effect, service, attempt }
}
