import { effectApplied, effectSkipped } from '../../../history/facts.ts'
import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { LogFile } from '../../../simulation/log-file.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import { valuesOf } from '../../../systems/option.ts'
import type { Numbered } from '../request-client.ts'
import { RequestClient } from '../request-client.ts'
import type { Effect, Store, StoreKind } from '../store.ts'
import { ApiClient } from './api-client.ts'
import { IdempotencyKeys } from './idempotency-keys.ts'
import type { ApiValues } from './options.ts'
import { apiOptions } from './options.ts'
import type { ApiReply, ApiRequest } from './protocol.ts'

/*
 * Somebody else's API, such as that of a payment provider: it has the effect, and nobody can make it part of a transaction. Left out: limits of
 * rate, the validation of parameters, and asynchronous results (webhooks).
 */
export const externalApi: StoreKind = {
  name: 'api',
  summary: 'An API of somebody else, with idempotency keys.',
  options: apiOptions,
  build: (world, name, settings) => new ExternalApi(world, name, valuesOf(apiOptions, settings)),
}

/** What the provider keeps on its disk: a call that came to its end. */
interface Call {
  readonly effect: Effect
  readonly key: string | undefined
  readonly result: 'executed' | 'error'
  readonly at: Micros
}

class ExternalApi implements Store {
  readonly name: string
  readonly patience: Micros
  readonly #values: ApiValues

  constructor(world: World, name: string, values: ApiValues) {
    this.name = name
    this.#values = values
    this.patience = values.timeout
    const told = new Set<number>()
    world.addNode({ name, start: (process) => new ApiServer(process, values, told).listen() })
  }

  client(process: Process): ApiClient {
    return new ApiClient(new RequestClient(process, this.name, 'api', this.#values.timeout))
  }
}

class ApiServer {
  readonly #process: Process
  readonly #values: ApiValues
  readonly #keys: IdempotencyKeys
  readonly #calls: LogFile<Call>
  /** When each operation had its effect. */
  readonly #doneAt = new Map<string, Micros>()
  /** Places of calls that are in the history; a crash may leave one on the disk that is not. */
  readonly #told: Set<number>
  #executions = 0

  constructor(process: Process, values: ApiValues, told: Set<number>) {
    this.#process = process
    this.#values = values
    this.#keys = new IdempotencyKeys(values['keeps-keys'])
    this.#calls = process.disk.log<Call>('calls')
    this.#told = told
    for (let place = 0; place < this.#calls.length; place++) this.#restore(place)
  }

  listen(): void {
    this.#process.listen<Numbered<ApiReply>, Numbered<ApiRequest>>('api', (connection) => ({
      received: ({ number, body }) => this.#serve(body, new Caller(connection, number)),
    }))
  }

  #serve(request: ApiRequest, caller: Caller): void {
    if (request.kind === 'find') return caller.answer({ kind: 'found', found: this.#finds(request) })
    const key = this.#values['idempotency-keys'] ? request.key : undefined
    const verdict = key === undefined ? 'first' : this.#keys.begin(key, request.effect, this.#process.now)
    if (verdict === 'first') this.#execute(request.effect, key, caller)
    else {
      if (verdict.kind === 'executed') this.#recordReplay(request.effect)
      caller.answer(verdict)
    }
  }

  #execute(effect: Effect, key: string | undefined, caller: Caller): void {
    const { errors, takes } = this.#values
    const random = this.#process.random.fork(`call-${this.#executions++}`)
    const result = random.chance(errors) ? 'error' : 'executed'
    this.#process.work(takes, () => this.#finish({ effect, key, at: this.#process.now, result }, caller))
  }

  /** The effect and what the key will say from now on become durable together. */
  #finish(call: Call, caller: Caller): void {
    const forgotten = call.result === 'error' && !this.#values['keeps-errors']
    if (forgotten || this.#calls.append(call, 256) !== 'written') return this.#giveUp(call, caller)
    const place = this.#calls.length - 1
    this.#calls.fsync((outcome) => {
      if (outcome !== 'written') return this.#giveUp(call, caller)
      if (call.key !== undefined) this.#keys.end(call.key, call.result)
      this.#note(call, place)
      caller.answer({ kind: call.result, replayed: false })
    })
  }

  #giveUp({ key }: Call, caller: Caller): void {
    if (key !== undefined) this.#keys.end(key, undefined)
    caller.answer({ kind: 'error', replayed: false })
  }

  #restore(place: number): void {
    const call = this.#calls.read(place)?.value
    if (call === undefined) return
    if (call.key !== undefined) this.#keys.restore(call.key, call.effect, call.result, call.at)
    this.#note(call, place)
  }

  /** What was executed can be found from here on, and is in the history, once. */
  #note({ effect, result, at }: Call, place: number): void {
    if (result === 'error') return
    const business = businessId(effect)
    if (!this.#doneAt.has(business)) this.#doneAt.set(business, at)
    if (!this.#told.has(place)) this.#process.record(effectApplied, { ...effect, store: this.#process.name })
    this.#told.add(place)
  }

  #finds(request: Extract<ApiRequest, { readonly kind: 'find' }>): boolean {
    const at = this.#doneAt.get(businessId(request))
    return at !== undefined && this.#process.now - at >= this.#values['found-after']
  }

  #recordReplay({ message, operation, effect, service, attempt }: Effect): void {
    const reason = `${this.#process.name} has it already`
    this.#process.record(effectSkipped, { message, operation, effect, service, attempt, reason })
  }
}

function businessId({ operation, effect }: Pick<Effect, 'operation' | 'effect'>): string {
  return `${effect} ${operation}`
}

/** Whoever waits for the answer to one request. */
class Caller {
  readonly #connection: Connection<Numbered<ApiReply>>
  readonly #number: number

  constructor(connection: Connection<Numbered<ApiReply>>, number: number) {
    this.#connection = connection
    this.#number = number
  }

  answer(body: ApiReply): void {
    this.#connection.send({ number: this.#number, body }, { bytes: 256, about: body.kind })
  }
}
