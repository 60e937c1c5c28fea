import type { Name } from '../history/fact.ts'
import { delivered, effectApplied, effectSkipped, handled, handlingFailed } from '../history/facts.ts'
import type { Process } from '../simulation/process.ts'
import type { Consumer, Delivery, Envelope } from '../systems/system.ts'
import type { Deliveries } from './deliveries.ts'
import type { Outbound } from './outbound.ts'
import type { Program } from './program.ts'
import { perform, sleep, spawn } from './program.ts'
import type { Outlet } from './outlet.ts'
import { Slots } from './slots.ts'
import type { AsksSpec } from './service.ts'

/** The header by which a reply says which request it answers, and the one by which a request says where to. */
const correlationHeader = 'correlation-id'
export const returnAddressHeader = 'reply-to'

/** What becomes of a reply: its request takes it, nobody waits for it, or another request takes it for its own. */
type Arrival = 'taken' | 'orphan' | { readonly takenFor: string }

/** The requests of one process that wait for their reply, by correlation id. A reply that nobody waits for is an orphan. */
export class PendingRequests {
  readonly #waiting = new Map<string, (reply: Envelope) => void>()
  readonly #correlation: AsksSpec['correlation']

  constructor(correlation: AsksSpec['correlation']) {
    this.#correlation = correlation
  }

  /** The reply to a request, or `undefined` when it does not come within `timeout` µs of registering. */
  await(correlation: string, timeout: number): Program<Envelope | undefined> {
    return perform('wait for the reply', (resume, process) => {
      const timer = process.setTimer(timeout, () => {
        this.#waiting.delete(correlation)
        resume(undefined)
      })
      this.#waiting.set(correlation, (reply) => {
        timer.clear()
        this.#waiting.delete(correlation)
        resume(reply)
      })
    })
  }

  /** Hands a reply to whoever waits for it, or, where nobody looks at that, to whoever waits longest. */
  arrive(reply: Envelope): Arrival {
    const own = reply.headers[correlationHeader] ?? ''
    const [oldest = own] = this.#waiting.keys()
    const request = this.#correlation === 'checked' ? own : oldest
    const waiting = this.#waiting.get(request)
    if (waiting === undefined) return 'orphan'
    waiting(reply)
    return request === own ? 'taken' : { takenFor: request }
  }
}

/** Asks the questions of the workload that fall to a member, and records which were answered in time: handled by the asking service. */
export function* askAll(
  process: Process,
  spec: AsksSpec,
  outlet: Outlet,
  outbound: Outbound,
  pending: PendingRequests,
  service: string,
  member: number,
  members: number,
): Program {
  const slots = new Slots(outlet.spec.inFlight)
  for (const index of outlet.due(member, members)) {
    const wait = outlet.timeOf(index) - process.now
    if (wait > 0) yield* sleep(wait)
    yield* slots.take()
    yield* spawn(askOne(process, spec, outlet, outbound, pending, service, index, slots))
  }
}

function* askOne(
  process: Process,
  spec: AsksSpec,
  outlet: Outlet,
  outbound: Outbound,
  pending: PendingRequests,
  service: string,
  index: number,
  slots: Slots,
): Program {
  const question = outlet.envelope(index)
  const correlation = String(question.message)
  const request = {
    ...question,
    headers: { [correlationHeader]: correlation, [returnAddressHeader]: spec.replies.path },
  }
  outlet.markSubmitted(index)
  for (let attempt = 1; ; attempt++) {
    const waiting = pending.await(correlation, spec.timeout)
    const reply =
      spec.registers === 'before-send'
        ? yield* sendThenWait(outbound, request, waiting)
        : yield* sendGapWait(outbound, request, waiting, spec.gap)
    if (reply !== undefined) break
    process.record(handlingFailed, {
      message: question.message,
      service,
      attempt,
      reason: 'no reply in time',
      swallowed: false,
    })
    if (spec.onTimeout === 'give-up') break
  }
  outlet.markAnswered(index)
  slots.give()
}

/** Registers the waiter first: `perform` begins to wait in the same step in which the request leaves. */
function* sendThenWait(
  outbound: Outbound,
  request: Envelope,
  waiting: Program<Envelope | undefined>,
): Program<Envelope | undefined> {
  outbound.submit(request, [], () => {})
  return yield* waiting
}

/** The mistake: whatever happens between sending and registering, a reply that is faster finds nobody. */
function* sendGapWait(
  outbound: Outbound,
  request: Envelope,
  waiting: Program<Envelope | undefined>,
  gap: number,
): Program<Envelope | undefined> {
  outbound.submit(request, [], () => {})
  yield* sleep(gap)
  return yield* waiting
}

/** Takes the replies in as they come. One that somebody waits for has its effect; an orphan is recorded and dropped. */
export function* receiveReplies(
  process: Process,
  consumer: Consumer,
  pending: PendingRequests,
  service: string,
  channel: string,
  handedOut: Deliveries,
  textOf: (message: Name) => string,
): Program {
  for (;;) {
    const deliveries = yield* perform<readonly Delivery[]>('receive replies', (resume) => consumer.receive(10, resume))
    for (const { envelope, partition, position, redelivered } of deliveries) {
      const { message, operation, key, version } = envelope
      const attempt = handedOut.note(service, process.node.label, message)
      process.record(delivered, { message, service, channel, partition, position, attempt, redelivered })
      const effect = { message, operation, effect: 'reply', service, attempt }
      const arrival = pending.arrive(envelope)
      if (arrival === 'taken')
        process.record(effectApplied, { ...effect, store: '', consumer: process.name, key, version, value: 1 })
      else process.record(effectSkipped, { ...effect, reason: whyWithoutEffect(arrival, textOf) })
      process.record(handled, { message, service, attempt })
    }
    yield* perform('acknowledge', (resume) => consumer.acknowledge(deliveries, resume))
  }
}

function whyWithoutEffect(arrival: Exclude<Arrival, 'taken'>, textOf: (message: Name) => string): string {
  if (arrival === 'orphan') return 'nobody waits for this reply'
  return `taken for the reply to ${textOf(Number(arrival.takenFor))}, as nobody looked at the correlation id`
}

/** The reply to a request, named after it. */
export function replyTo(request: Envelope, message: Name, sequence: number): Envelope {
  return {
    ...request,
    message,
    operation: message,
    sequence,
    type: 'reply',
    headers: { [correlationHeader]: request.headers[correlationHeader] ?? '' },
  }
}
