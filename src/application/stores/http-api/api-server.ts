import { effectApplied, effectSkipped } from '../../../history/facts.ts'
import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { LogFile } from '../../../simulation/log-file.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Numbered } from '../request-client.ts'
import type { Effect } from '../store.ts'
import type { ApiState, HttpAnswer, HttpBehaviour, HttpCall } from './http-call.ts'
import { jsonAnswer } from './http-call.ts'
import type { HttpApiValues } from './options.ts'
import type { HttpReply, HttpRequest } from './protocol.ts'

/** A call that came to its end, as the API has it on its disk. */
export interface ExecutedCall {
  readonly route: string
  readonly call: HttpCall
  readonly answer: HttpAnswer
  readonly key: string | undefined
  readonly at: Micros
  /** What the API keeps after it. */
  readonly state: ApiState
}

/** What is known under a key: the answer to the first call with it; nothing while that is being executed. */
interface Known {
  readonly text: string
  readonly since: Micros
  answer: HttpAnswer | undefined
}

/** The server of an API: it executes calls one after the other as they are done, and remembers keys. */
export class ApiServer {
  readonly #process: Process
  readonly #values: HttpApiValues
  readonly #log: LogFile<ExecutedCall>
  readonly #keys = new Map<string, Known>()
  readonly #states = new Map<string, ApiState>()
  /** Every call that was executed and is known to last, for whoever asks in the end. */
  readonly #executed: ExecutedCall[]
  readonly #intern: (text: string) => number
  #calls = 0

  constructor(process: Process, values: HttpApiValues, executed: ExecutedCall[], intern: (text: string) => number) {
    this.#process = process
    this.#values = values
    this.#executed = executed
    this.#intern = intern
    this.#log = process.disk.log<ExecutedCall>('calls')
  }

  start(): void {
    for (let place = 0; place < this.#log.length; place++) {
      const found = this.#log.read(place)?.value
      if (found !== undefined) this.#remember(found)
    }
    this.#process.listen<Numbered<HttpReply>, Numbered<HttpRequest>>('http', (connection) => ({
      received: ({ number, body }) => this.#receive(body, connection, number),
    }))
  }

  #receive(request: HttpRequest, connection: Connection<Numbered<HttpReply>>, number: number): void {
    const answer = (body: HttpAnswer): void =>
      connection.send({ number, body }, { bytes: 256 + body.body.length, about: String(body.status) })
    const { route, call, behaviour } = request
    const random = this.#process.randomOf(`${this.#process.name}/call-${this.#process.incarnation}-${++this.#calls}`)
    if (this.#process.node.overloaded || random.fork('too-many').chance(this.#values['too-many']))
      return answer(jsonAnswer(429, { error: 'too many requests' }))
    const key = behaviour.keyOf?.(call)
    const named = key === undefined ? undefined : `${route} ${key}`
    const known = named === undefined ? undefined : this.#known(named, behaviour.keepsKeys)
    if (known !== undefined) return answer(this.#again(known, request))
    if (named !== undefined) this.#keys.set(named, { text: call.text, since: this.#process.now, answer: undefined })
    this.#process.work(this.#values.takes, () => {
      if (random.fork('error').chance(this.#values.errors)) {
        if (named !== undefined) this.#keys.delete(named)
        answer(jsonAnswer(500, { error: 'internal error' }))
        return
      }
      const isLost = random.fork('lost').chance(this.#values['lost-answers'])
      this.#execute(request, named, (body) => (isLost ? connection.close() : answer(body)))
    })
  }

  #execute(
    { route, call, behaviour, by }: HttpRequest,
    key: string | undefined,
    answer: (body: HttpAnswer) => void,
  ): void {
    const state = structuredClone(this.#states.get(route) ?? {})
    const body = behaviour.respond(call, state)
    const done: ExecutedCall = { route, call, answer: body, key, at: this.#process.now, state }
    const fail = (): void => {
      if (key !== undefined) this.#keys.delete(key)
      answer(jsonAnswer(500, { error: 'internal error' }))
    }
    if (this.#log.append(done, 512) !== 'written') return fail()
    this.#remember(done)
    this.#log.fsync((outcome) => {
      if (outcome !== 'written') return fail()
      this.#executed.push(done)
      const operation = body.status < 400 ? behaviour.operationOf(call, body) : undefined
      if (operation !== undefined) this.#tell(operation, behaviour, by)
      answer(body)
    })
  }

  #tell(operation: string, { effect, caller = '' }: HttpBehaviour, by: Effect | undefined): void {
    const named = this.#intern(operation)
    const outside = { message: named, service: caller, consumer: '', attempt: 0, key: '', version: 0, value: 1 }
    this.#process.record(effectApplied, { ...(by ?? outside), operation: named, effect, store: this.#process.name })
  }

  /** What a call gets whose key is known. */
  #again({ text, answer }: Known, { call, behaviour, by }: HttpRequest): HttpAnswer {
    if (text !== call.text) return jsonAnswer(422, { error: 'this idempotency key was used for another request' })
    if (answer === undefined) return jsonAnswer(409, { error: 'a request with this idempotency key is being executed' })
    if (by !== undefined) {
      const { message, operation, service, attempt } = by
      const reason = `${this.#process.name} has it already`
      this.#process.record(effectSkipped, { message, operation, effect: behaviour.effect, service, attempt, reason })
    }
    return answer
  }

  #known(key: string, keeps: Micros): Known | undefined {
    const known = this.#keys.get(key)
    return known !== undefined && this.#process.now - known.since < keeps ? known : undefined
  }

  #remember({ route, call, answer, key, at, state }: ExecutedCall): void {
    this.#states.set(route, state)
    if (key !== undefined) this.#keys.set(key, { text: call.text, since: at, answer })
  }
}
