import type { Connection, ConnectionHandler } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Received, Refusal, Situation } from '../core/queue-core.ts'
import { extensionRefused } from '../facts.ts'
import type {
  Answer,
  Call,
  EntryResult,
  QueueCounts,
  ReceiveCall,
  ReceivedEntry,
  Request,
  SendEntry,
} from '../protocol.ts'
import { actionOf, answerBytes, endpointPort } from '../protocol.ts'
import type { HostedQueue } from './hosted-queue.ts'
import type { PollOptions } from './parked-poll.ts'
import { Polls } from './polls.ts'

type CallOf<T extends Call['type']> = Extract<Call, { readonly type: T }>

interface Desk {
  readonly queue: HostedQueue
  readonly polls: Polls
}

export interface EndpointOptions {
  readonly queues: readonly HostedQueue[]
  readonly internalErrors: number
}

/** One incarnation of the service's endpoint. It keeps nothing itself but the polls that wait. */
export class Endpoint {
  readonly #process: Process
  readonly #desks = new Map<string, Desk>()
  readonly #internalErrors: number

  constructor(process: Process, { queues, internalErrors }: EndpointOptions) {
    this.#process = process
    this.#internalErrors = internalErrors
    for (const queue of queues) {
      const polls = new Polls(process, (poll, isFirst) => this.#look(queue, poll, isFirst))
      this.#desks.set(queue.plan.name, { queue, polls })
      queue.begin(process, () => polls.wake())
    }
    process.listen<Answer, Request>(endpointPort, (client) => this.#accept(client))
  }

  serversChanged(): void {
    for (const { queue } of this.#desks.values()) queue.serversChanged()
  }

  /** A connection carries one call at a time. */
  #accept(client: Connection<Answer>): ConnectionHandler<Request> {
    let forget = noPoll
    return {
      received: (request) => {
        forget()
        forget = this.#obey(request, client)
      },
      closed: () => forget(),
    }
  }

  #obey({ call, id }: Request, client: Connection<Answer>): () => void {
    const { now } = this.#process
    const desk = this.#desks.get(call.queue)
    const reply = (answer: Answer): void =>
      client.send(answer, {
        bytes: answerBytes(answer),
        about: answer.type === 'error' ? answer.refusal.code : call.type,
      })
    const refuse = (refusal: Refusal): void => {
      desk?.queue.facts.refused(this.#process, actionOf(call), client.peerName, refusal)
      reply({ type: 'error', refusal })
    }
    if (desk === undefined || desk.queue.isDeleted) refuse(noQueue)
    else if (!desk.queue.throttle.takesCall(call.type, now)) refuse(throttled)
    else if (call.type === 'ReceiveMessage') return desk.polls.take(this.#pollOf(desk.queue, call, id, client, reply))
    else {
      reply(this.#perform(desk.queue, call, id, client.peerName))
      desk.polls.wake()
    }
    return noPoll
  }

  #perform(queue: HostedQueue, call: Exclude<Call, ReceiveCall>, id: string, client: string): Answer {
    const situation = queue.situation(id)
    switch (call.type) {
      case 'SendMessage':
        return this.#resultsOf(queue, call, client, this.#send(queue, call, situation))
      case 'DeleteMessage':
        return this.#resultsOf(queue, call, client, this.#delete(queue, call, situation, client))
      case 'ChangeMessageVisibility':
        return this.#resultsOf(queue, call, client, this.#changeVisibility(queue, call, situation, client))
      case 'GetQueueUrl':
      case 'GetQueueAttributes':
        return { type: 'queue', plan: queue.plan, counts: countsOf(queue) }
    }
  }

  /** A call that is no batch fails as a whole, and the SDK tries it again. */
  #resultsOf(
    { facts }: HostedQueue,
    call: CallOf<'SendMessage' | 'DeleteMessage' | 'ChangeMessageVisibility'>,
    client: string,
    results: readonly EntryResult[],
  ): Answer {
    const [first] = results
    if (!call.batch && first !== undefined) return { type: 'error', refusal: first }
    const failed = results.filter((result) => result !== undefined).length
    facts.inPart(this.#process, actionOf(call), client, failed, results.length)
    return { type: 'results', results }
  }

  #send(queue: HostedQueue, call: CallOf<'SendMessage'>, situation: Situation): readonly EntryResult[] {
    return call.entries.map((entry, place) => {
      const refusal = this.#sendOne(queue, entry, { ...situation, random: situation.random.fork(`${place}`) })
      if (refusal !== undefined) queue.facts.failed(this.#process, 'send', entry.envelope.message, refusal)
      if (refusal !== undefined && call.batch) queue.facts.entryDropped(this.#process, entry.envelope.message)
      return refusal
    })
  }

  #sendOne(queue: HostedQueue, entry: SendEntry, situation: Situation): EntryResult {
    const { plan, throttle } = queue
    const { envelope, group, content, delay } = entry
    if (envelope.size > plan.largestMessage) return tooLarge
    if (!throttle.takesGroup('SendMessage', group, situation.now)) return throttled
    if (situation.random.fork('error').chance(this.#internalErrors)) return internalError
    const deduplicationId = entry.deduplicationId ?? (plan.usesContent ? `content/${content}` : undefined)
    if (plan.isFifo && deduplicationId === undefined) return noDeduplicationId
    const spec = { envelope, group, delay, deduplicationId, sentAt: situation.now, deadLetterOf: undefined }
    const copy = queue.newCopy()
    const { refusal, events } = queue.core.send({ ...spec, copy, id: copy }, situation)
    queue.tell(events)
    return refusal
  }

  #delete(queue: HostedQueue, call: CallOf<'DeleteMessage'>, situation: Situation, client: string): EntryResult[] {
    return call.receipts.map((receipt, place) => {
      const fails = situation.random.fork(`${place}/error`).chance(this.#internalErrors)
      const { refusal, events } = fails
        ? { refusal: internalError, events: [] }
        : queue.core.delete(receipt, call.fate, situation)
      queue.tell(events, client)
      const message = call.messages[place]
      const isTold = events.some(({ kind }) => kind === 'not-deleted')
      if (refusal !== undefined && !isTold && message !== undefined)
        queue.facts.failed(this.#process, 'deletion', message, refusal)
      return refusal
    })
  }

  #changeVisibility(
    queue: HostedQueue,
    { entries }: CallOf<'ChangeMessageVisibility'>,
    situation: Situation,
    client: string,
  ): readonly EntryResult[] {
    const { place } = queue
    return entries.map(({ receipt, timeout, message }) => {
      const { refusal, events } = queue.core.changeVisibility(receipt, timeout, situation)
      queue.tell(events, client)
      if (refusal !== undefined)
        this.#process.record(extensionRefused, { message, place, consumer: client, reason: refusal.reason })
      return refusal
    })
  }

  #pollOf(
    { plan }: HostedQueue,
    call: ReceiveCall,
    id: string,
    client: Connection<Answer>,
    reply: (answer: Answer) => void,
  ): PollOptions {
    const waitTime = call.waitTime ?? plan.waitTime
    const isLong = waitTime > 0
    const mayRest = call.mayRest && client.isWell && client.sentInLull === this.#process.lull
    return { call, id, consumer: client.peerName, isLong, rhythm: isLong ? waitTime : call.again, mayRest, reply }
  }

  /** What a poll finds now; nothing when it has to wait for it. */
  #look(queue: HostedQueue, { call, id, consumer, isLong }: PollOptions, isFirst: boolean): Answer | undefined {
    if (queue.isDeleted) return { type: 'error', refusal: noQueue }
    const { most, visibilityTimeout, attemptId } = call
    const request = { most, visibilityTimeout, attemptId, long: isLong }
    const { refusal, messages, exhausted, overlooked, events } = queue.core.receive(request, queue.situation(id))
    queue.tell(events, consumer)
    queue.bury(exhausted)
    if (overlooked !== undefined && isFirst) queue.facts.overlooked(this.#process, overlooked, consumer)
    if (refusal !== undefined) {
      queue.facts.refused(this.#process, call.type, consumer, refusal)
      return { type: 'error', refusal }
    }
    // A short poll that overlooked something finds it next time, perhaps.
    if (messages.length === 0 && (isLong || overlooked === undefined)) return undefined
    return { type: 'messages', messages: messages.map(entryOf) }
  }
}

function entryOf({ message, receipt }: Received): ReceivedEntry {
  const { envelope, receives, id, sentAt, firstReceivedAt, group, deduplicationId, sequence, deadLetterOf } = message
  const fifo = sequence === undefined ? undefined : { group, deduplicationId, sequence }
  return { envelope, receipt, receives, id, sentAt, firstReceivedAt: firstReceivedAt ?? sentAt, fifo, deadLetterOf }
}

function countsOf({ core }: HostedQueue): QueueCounts {
  const counts: Record<string, number> = {}
  for (const { state } of core.messages()) counts[state] = (counts[state] ?? 0) + 1
  return { visible: counts['visible'] ?? 0, inFlight: counts['in flight'] ?? 0, delayed: counts['delayed'] ?? 0 }
}

/** What is answered at once is not to be forgotten. */
const noPoll = (): void => {}

const noQueue: Refusal = { code: 'NonExistentQueue', reason: 'there is no such queue' }
const throttled: Refusal = { code: 'ThrottlingException', reason: 'too many calls in a second' }
const internalError: Refusal = { code: 'InternalError', reason: 'the service had an internal error' }
const noDeduplicationId: Refusal = {
  code: 'InvalidParameterValue',
  reason: 'the queue has no ContentBasedDeduplication, and the message no MessageDeduplicationId',
}
const tooLarge: Refusal = { code: 'InvalidParameterValue', reason: 'the message is too large' }
