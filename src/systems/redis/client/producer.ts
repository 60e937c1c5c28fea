import type { Process } from '../../../simulation/process.ts'
import type { Envelope, Producer, SendAnswer } from '../../system.ts'
import type { Command } from '../core/command.ts'
import type { Idempotency, Trimming } from '../core/stream-command.ts'
import type { ProducerValues } from '../options/client-table.ts'
import type { Place } from '../options/topology.ts'
import type { Request } from '../protocol.ts'
import type { Contents } from './contents.ts'
import { jobKey } from './job-key.ts'
import type { CallEnd, RedisClient } from './redis-client.ts'

export interface ProducerTarget {
  readonly place: Place
  readonly key: string
  readonly service: string
}

/** Sends to a stream, a list or a channel, and waits for replicas or the disk where it is told to. */
export class RedisProducer implements Producer {
  readonly #client: RedisClient
  readonly #process: Process
  readonly #target: ProducerTarget
  readonly #values: ProducerValues
  readonly #contents: Contents
  #isClosed = false

  constructor(client: RedisClient, target: ProducerTarget, values: ProducerValues, contents: Contents) {
    this.#client = client
    this.#process = client.process
    this.#target = target
    this.#values = values
    this.#contents = contents
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void {
    if (this.#isClosed) {
      this.#process.setTimer(0, () => answered({ outcome: 'rejected', reason: 'the producer is closed' }))
      return
    }
    const wait = this.#waitFor
    let written: CallEnd | undefined
    this.#client.call(this.#commandFor(envelope), (end) => {
      written = end
      if (wait === undefined) answered(answerOf(end))
    })
    if (wait === undefined) return
    // It goes out right behind the write, which is the last one of this connection then.
    this.#client.call(
      wait,
      (end) => {
        const answer = written === undefined ? answerOf(end) : answerOf(written)
        answered(answer.outcome === 'confirmed' ? afterWaiting(end, this.#values) : answer)
      },
      true,
    )
  }

  close(done: () => void): void {
    this.#isClosed = true
    this.#client.close(done)
  }

  get #waitFor(): Request | undefined {
    const replicas = this.#values['wait.numreplicas']
    const local = this.#values['waitaof.numlocal']
    const timeout = Math.ceil(this.#values['wait.timeout'] / 1000)
    if (local > 0) return { type: 'WAITAOF', local, replicas, timeout }
    return replicas > 0 ? { type: 'WAIT', replicas, timeout } : undefined
  }

  #commandFor(envelope: Envelope): Command {
    const { place, key } = this.#target
    const payload = this.#contents.payloadOf(envelope)
    switch (place) {
      case 'channel':
        return { type: 'PUBLISH', channel: key, message: payload }
      case 'list': {
        if (this.#values.enqueue === 'push') return { type: this.#values.push, key, values: [payload] }
        const time = String(Math.floor(this.#process.wallClock / 1000))
        const job = jobKey(key, this.#text(envelope.operation))
        return { type: 'EVAL', script: 'enqueue', keys: [key, job], arguments: [payload, time, this.#values.push] }
      }
      case 'stream': {
        const [trimming, idempotency] = [this.#trimming, this.#idempotencyOf(envelope)]
        return {
          type: 'XADD',
          key,
          id: '*',
          fields: ['message', payload],
          ...(trimming === undefined ? {} : { trimming }),
          ...(idempotency === undefined ? {} : { idempotency }),
        }
      }
    }
  }

  get #trimming(): Trimming | undefined {
    const { maxlen, trim, references } = this.#values
    if (maxlen === null) return undefined
    const policy = references === 'KEEPREF' ? {} : { references }
    return { strategy: { maxLength: maxlen }, approximate: trim === '~', ...policy }
  }

  #idempotencyOf(envelope: Envelope): Idempotency | undefined {
    const { idempotency, content, pid } = this.#values
    if (idempotency === 'none') return undefined
    const { service } = this.#target
    const producer = pid === 'service' ? service : `${service}/${this.#process.incarnation}`
    if (idempotency === 'IDMP') return { producer, id: this.#text(envelope.operation) }
    // A hash of the fields is the same where they are: of each message, or of all with its key.
    return { producer, id: content === 'key' ? `content/${envelope.key}` : `content/${envelope.operation}` }
  }

  #text(name: number): string {
    return `${name}`
  }
}

function answerOf(end: CallEnd): SendAnswer {
  if (end.outcome !== 'answered')
    return { outcome: end.outcome === 'unsent' ? 'rejected' : 'unknown', reason: end.reason }
  const { reply, isAgain } = end
  if (reply.type === 'error')
    return { outcome: isAgain ? 'unknown' : 'rejected', reason: `${reply.prefix} ${reply.text}` }
  return { outcome: 'confirmed', reason: '' }
}

/** A write that too few have is there all the same: nobody takes it back. */
function afterWaiting(end: CallEnd, values: ProducerValues): SendAnswer {
  if (end.outcome !== 'answered') return { outcome: 'unknown', reason: end.reason }
  const { reply } = end
  if (reply.type === 'error') return { outcome: 'unknown', reason: `${reply.prefix} ${reply.text}` }
  const [local, replicas] = reply.type === 'integers' ? reply.values : [0, reply.type === 'integer' ? reply.value : 0]
  const enough = (local ?? 0) >= values['waitaof.numlocal'] && (replicas ?? 0) >= values['wait.numreplicas']
  return enough
    ? { outcome: 'confirmed', reason: '' }
    : { outcome: 'unknown', reason: `only ${replicas ?? 0} replicas have it` }
}
