import { acknowledged, delivered, effectApplied, effectSkipped, handled, handlingFailed } from '../history/facts.ts'
import type { Name } from '../history/fact.ts'
import { second } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'
import type { Consumer, Delivery, Envelope } from '../systems/system.ts'
import type { Deliveries } from './deliveries.ts'
import type { Outbound } from './outbound.ts'
import type { Program } from './program.ts'
import { perform, sleep, work } from './program.ts'
import type { HandlingSpec } from './service.ts'
import type { StoreClient } from './stores/store.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategies/strategy.ts'

/** µs after which a supervisor starts a process again that ended by its own fault. */
const supervisorDelay = second

/** Where the outputs of a service go. */
export interface Output {
  readonly name: string
  readonly count: number
  readonly outbound: Outbound
}

/** Everything that handling one delivery needs, for one source of one member of a service. */
export interface HandlingContext {
  readonly process: Process
  readonly service: string
  readonly channel: string
  readonly spec: HandlingSpec
  readonly strategy: Strategy
  readonly store: StoreClient | undefined
  readonly consumer: Consumer
  readonly inHand: InHand
  readonly deliveries: Deliveries
  readonly outputs: readonly Output[]
  /** Sends the reply to a request, where the service replies. */
  readonly reply: ((request: Envelope) => Program) | undefined
  /** Numbers what the service submits, in order. */
  nextSequence(): number
  /** The name of a text in the history, and the other way round. */
  intern(text: string): Name
  text(name: Name): string
}

/** How many deliveries a process has taken and not finished: a run is not over before they are. */
export interface InHand {
  count: number
}

/** What a service does about one delivery, from being handed it to telling the system. */
export function* handleDelivery(context: HandlingContext, delivery: Delivery): Program {
  context.inHand.count++
  yield* handleInHand(context, delivery)
  context.inHand.count--
}

function* handleInHand(context: HandlingContext, delivery: Delivery): Program {
  const { process, service, spec } = context
  const { envelope } = delivery
  const { message } = envelope
  const attempt = context.deliveries.note(service, process.name, message)
  process.record(delivered, {
    message,
    service,
    channel: context.channel,
    partition: delivery.partition,
    position: delivery.position,
    attempt,
    redelivered: delivery.redelivered,
  })
  if (spec.knows !== undefined && !spec.knows.includes(envelope.type)) {
    yield* passUnknown(context, delivery, attempt)
    return
  }
  if (spec.acknowledge === 'before') yield* acknowledge(context, delivery, attempt)
  const outcome = yield* context.strategy.handle(handlingOf(context, delivery, attempt))
  if (outcome.kind === 'failed') {
    yield* afterFailure(context, delivery, attempt, outcome.reason)
    return
  }
  yield* sendOutputs(context, envelope)
  process.record(handled, { message, service, attempt })
  if (spec.acknowledge === 'after') yield* acknowledge(context, delivery, attempt)
}

function handlingOf(context: HandlingContext, delivery: Delivery, attempt: number): Handling {
  return {
    delivery,
    attempt,
    work: () => doWork(context, delivery.envelope, attempt),
    applyEffect: () => applyEffect(context, delivery.envelope, attempt),
  }
}

function* doWork(
  { process, service, spec, text }: HandlingContext,
  { message }: Envelope,
  attempt: number,
): Program<HandlingOutcome> {
  const random = process.randomOf(`handling/${service}/${text(message)}/attempt-${attempt}`)
  const factor = spec.varies === 0 ? 1 : 1 - spec.varies + 2 * spec.varies * random.next()
  if (spec.takes > 0) yield* work(Math.floor(spec.takes * factor))
  const { fails } = spec
  if (fails === undefined || attempt > fails.attempts) return { kind: 'done' }
  const meant = fails.messages.length === 0 || fails.messages.includes(text(message))
  const failed = meant && random.fork('failure').chance(fails.probability)
  return failed ? { kind: 'failed', reason: 'the handler threw an error' } : { kind: 'done' }
}

function* applyEffect(context: HandlingContext, envelope: Envelope, attempt: number): Program<HandlingOutcome> {
  const { process, service, spec, store } = context
  if (spec.effect === undefined) return { kind: 'done' }
  const { message, operation, key, version } = envelope
  const effect = {
    message,
    operation,
    effect: spec.effect,
    service,
    consumer: process.name,
    attempt,
    key,
    version,
    value: 1,
  }
  if (store === undefined) {
    process.record(effectApplied, { ...effect, store: '' })
    return { kind: 'done' }
  }
  const outcome = yield* store.apply({ ...effect, key })
  return outcome.kind === 'applied'
    ? { kind: 'done' }
    : { kind: 'failed', reason: `the store answered: ${outcome.reason}` }
}

function* passUnknown(context: HandlingContext, delivery: Delivery, attempt: number): Program {
  const { process, service, spec } = context
  const { message, operation, type } = delivery.envelope
  const reason = `it does not know the type ${type}`
  process.record(effectSkipped, { message, operation, effect: spec.effect ?? '', service, attempt, reason })
  if (spec.onUnknown === 'acknowledge') {
    // To the loop, a handler that returns has done its work.
    process.record(handled, { message, service, attempt })
    yield* acknowledge(context, delivery, attempt)
  } else {
    process.record(handlingFailed, { message, service, attempt, reason, swallowed: false })
    yield* giveBack(context, delivery, spec.onUnknown === 'requeue' ? 'again' : 'discard')
  }
}

function* afterFailure(context: HandlingContext, delivery: Delivery, attempt: number, reason: string): Program {
  const { process, service, spec } = context
  const { message } = delivery.envelope
  process.record(handlingFailed, { message, service, attempt, reason, swallowed: spec.onError === 'swallow' })
  switch (spec.onError) {
    case 'swallow':
      if (spec.acknowledge === 'after') yield* acknowledge(context, delivery, attempt)
      break
    case 'crash':
      process.exit(supervisorDelay)
      // Nothing of this process runs any more.
      yield* sleep(supervisorDelay)
      break
    default:
      if (spec.acknowledge === 'after')
        yield* giveBack(context, delivery, spec.onError === 'requeue' ? 'again' : 'discard')
  }
}

function* sendOutputs(context: HandlingContext, envelope: Envelope): Program {
  for (const { name, count, outbound } of context.outputs) {
    for (let number = 1; number <= count; number++) {
      const derivedName = context.intern(`${context.text(envelope.operation)}/${name}#${number}`)
      const sequence = context.nextSequence()
      yield* outbound.send({ ...envelope, message: derivedName, operation: derivedName, sequence }, [envelope.message])
    }
  }
  if (context.reply !== undefined) yield* context.reply(envelope)
}

function acknowledge(context: HandlingContext, delivery: Delivery, attempt: number): Program<unknown> {
  context.process.record(acknowledged, { message: delivery.envelope.message, service: context.service, attempt })
  return perform('acknowledge', (resume) => context.consumer.acknowledge([delivery], resume))
}

function giveBack(context: HandlingContext, delivery: Delivery, how: 'again' | 'discard'): Program<unknown> {
  return perform('reject', (resume) => context.consumer.reject(delivery, how, resume))
}
