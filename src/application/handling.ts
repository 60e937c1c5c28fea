import { acknowledged, delivered, effectApplied, effectSkipped, handled, handlingFailed } from '../history/facts.ts'
import type { Name } from '../history/fact.ts'
import { second } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'
import type { Consumer, Delivery, Envelope, SendAnswer } from '../systems/system.ts'
import type { Deliveries } from './deliveries.ts'
import type { ProcessCount } from './living-counts.ts'
import type { Turns } from './operations.ts'
import { told } from './operations.ts'
import type { Outbound } from './outbound.ts'
import type { Program } from './program.ts'
import { already, perform, sleep, work } from './program.ts'
import type { HandlingSpec } from './service.ts'
import type { Effect, StoreClient } from './stores/store.ts'
import { effectIn } from './stores/store.ts'
import type { Handle, Handling, HandlingOutcome, MessageIds, OutputMessage } from './strategies/strategy.ts'
import { done, failed } from './strategies/strategy.ts'

/** µs after which a supervisor starts a process again that ended by its own fault. */
const supervisorDelay = second

/** Where the outputs of a service go. */
export interface Output {
  readonly name: string
  readonly count: number
  readonly outbound: Outbound
}

/** What handling needs, whatever handles, for one source of one member of a service. */
export interface SourceContext {
  readonly process: Process
  readonly service: string
  readonly channel: string
  readonly spec: HandlingSpec
  /** The turns of this member, where an interleaving is written down. */
  readonly turns: Turns | undefined
  readonly store: StoreClient | undefined
  readonly consumer: Consumer
  /** Deliveries that the process has taken and not finished: a run is not over before they are. */
  readonly inHand: ProcessCount
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

/** Everything that handling one delivery needs. */
export interface HandlingContext extends SourceContext {
  readonly handle: Handle
}

/** What a service does about one delivery, from being handed it to telling the system. */
export function* handleDelivery(context: HandlingContext, delivery: Delivery): Program {
  context.inHand.count++
  const { process, service, turns } = context
  const { message } = delivery.envelope
  const attempt = context.deliveries.note(service, process.node.label, message)
  yield* told(handleInHand(context, delivery, attempt), { process, service, message, attempt }, turns)
  context.inHand.count--
}

/** How deliveries ended that the service's code was handed together: all in the same way, or each in its own, in their order. */
export type SharedOutcome = HandlingOutcome | readonly HandlingOutcome[]

/** The same for deliveries that the service's code is handed together. Its operations are told as those of the first one. */
export function* handleTogether(
  context: SourceContext,
  deliveries: readonly Delivery[],
  handleAll: (handlings: readonly Handling[]) => Program<SharedOutcome>,
): Program {
  const { process, service, turns, inHand } = context
  inHand.count += deliveries.length
  const handlings = deliveries.map((delivery) => {
    const attempt = context.deliveries.note(service, process.node.label, delivery.envelope.message)
    recordDelivery(context, delivery, attempt)
    return new OneHandling(context, delivery, attempt)
  })
  const [first] = handlings
  if (first !== undefined) {
    const { message } = first.delivery.envelope
    const outcome = yield* told(handleAll(handlings), { process, service, message, attempt: first.attempt }, turns)
    for (const [place, handling] of handlings.entries()) {
      const own = 'kind' in outcome ? outcome : outcome[place]
      if (own !== undefined) yield* conclude(context, handling, own)
    }
  }
  inHand.count -= deliveries.length
}

/** Records that the service was handed a delivery, for the `attempt`-th time. */
export function recordDelivery(
  { process, service, channel }: SourceContext,
  delivery: Delivery,
  attempt: number,
): void {
  const { message } = delivery.envelope
  const { partition, position, redelivered } = delivery
  process.record(delivered, { message, service, channel, partition, position, attempt, redelivered })
}

function* handleInHand(context: HandlingContext, delivery: Delivery, attempt: number): Program {
  const { spec } = context
  const { envelope } = delivery
  recordDelivery(context, delivery, attempt)
  if (spec.knows !== undefined && !spec.knows.includes(envelope.type)) {
    yield* passUnknown(context, delivery, attempt)
    return
  }
  const handling = new OneHandling(context, delivery, attempt)
  if (spec.acknowledge === 'before') yield* handling.acknowledge()
  yield* conclude(context, handling, yield* context.handle(handling))
}

/** What follows the strategy's word. */
function conclude(context: SourceContext, handling: OneHandling, outcome: HandlingOutcome): Program<unknown> {
  const { process, service, outputs, reply } = context
  const { delivery, attempt } = handling
  const { message } = delivery.envelope
  switch (outcome.kind) {
    case 'failed':
      return afterFailure(context, handling, outcome.reason)
    case 'park':
      process.record(handlingFailed, { message, service, attempt, reason: outcome.reason, swallowed: false })
      return handling.acknowledged ? nothing : giveBack(context, delivery, 'discard')
    case 'skipped':
      recordSkip(context, handling, outcome.reason)
      return finish(context, handling)
    case 'done':
      if (outputs.length === 0 && reply === undefined) return finish(context, handling)
      return sendThenFinish(context, handling)
  }
}

function finish({ process, service, spec }: SourceContext, handling: OneHandling): Program<unknown> {
  process.record(handled, { message: handling.delivery.envelope.message, service, attempt: handling.attempt })
  return spec.acknowledge === 'after' ? handling.acknowledge() : nothing
}

function* sendThenFinish(context: SourceContext, handling: OneHandling): Program<unknown> {
  const unsent = yield* sendOutputs(context, handling)
  if (unsent !== undefined) return yield* afterFailure(context, handling, unsent)
  if (context.reply !== undefined) yield* context.reply(handling.delivery.envelope)
  return yield* finish(context, handling)
}

/** Sends what the handling makes; why it could not, where an answer is anything but good: a handler that awaits a send throws then. */
function* sendOutputs(context: SourceContext, handling: OneHandling): Program<string | undefined> {
  for (const output of handling.takeOutputs()) {
    const { outcome, reason } = yield* sendOutput(context, output)
    if (outcome === 'rejected' || outcome === 'unknown')
      return `${context.text(output.envelope.message)} could not be sent${reason === '' ? '' : `: ${reason}`}`
  }
  return undefined
}

/** The effect that handling a delivery is to have; nothing where it is to have none. */
export function effectOf(
  { process, service, spec }: SourceContext,
  { envelope }: Delivery,
  attempt: number,
): Effect | undefined {
  if (spec.effect === undefined) return undefined
  const { message, operation, key, version } = envelope
  return { message, operation, effect: spec.effect, service, consumer: process.name, attempt, key, version, value: 1 }
}

/** One delivery on its way through a strategy. */
class OneHandling implements Handling {
  readonly delivery: Delivery
  readonly attempt: number
  acknowledged = false
  readonly #context: SourceContext
  #outputsTaken = false

  constructor(context: SourceContext, delivery: Delivery, attempt: number) {
    this.#context = context
    this.delivery = delivery
    this.attempt = attempt
  }

  get consumer(): Consumer {
    return this.#context.consumer
  }

  get ids(): MessageIds {
    const { envelope, partition, position } = this.delivery
    const { message, operation, key, version, sequence } = envelope
    const { text } = this.#context
    return { message: text(message), operation: text(operation), key, version, sequence, partition, position }
  }

  get effect(): Effect | undefined {
    return effectOf(this.#context, this.delivery, this.attempt)
  }

  work(): Program<HandlingOutcome> {
    return doWork(this.#context, this.delivery.envelope, this.attempt)
  }

  applyEffect(): Program<HandlingOutcome> {
    const { effect } = this
    if (effect === undefined) return nothingLeft
    const { process, store } = this.#context
    if (store !== undefined) return applyTo(store, effect)
    process.record(effectApplied, effectIn('', effect))
    return nothingLeft
  }

  acknowledge(): Program<unknown> {
    if (this.acknowledged || this.#context.spec.acknowledge === 'never') return nothing
    this.acknowledged = true
    return acknowledge(this.#context, this.delivery, this.attempt)
  }

  noteAcknowledged(): void {
    if (this.acknowledged) return
    this.acknowledged = true
    recordAcknowledgement(this.#context, this.delivery, this.attempt)
  }

  takeOutputs(): readonly OutputMessage[] {
    if (this.#outputsTaken) return []
    this.#outputsTaken = true
    return outputsOf(this.#context, this.delivery.envelope)
  }
}

const nothing = already<unknown>(undefined)
const nothingLeft = already(done)

function doWork(context: SourceContext, { message }: Envelope, attempt: number): Program<HandlingOutcome> {
  const { takes, varies, fails } = context.spec
  if (varies > 0 || fails !== undefined) return workByChance(context, message, attempt)
  return takes === 0 ? nothingLeft : perform('work', (resume, process) => process.work(takes, () => resume(done)))
}

/** Work of which chance decides how long it takes, or whether it fails. */
function* workByChance(
  { process, service, spec, text }: SourceContext,
  message: Name,
  attempt: number,
): Program<HandlingOutcome> {
  const random = process.randomOf(`handling/${service}/${text(message)}/attempt-${attempt}`)
  const factor = spec.varies === 0 ? 1 : 1 - spec.varies + 2 * spec.varies * random.next()
  if (spec.takes > 0) yield* work(Math.floor(spec.takes * factor))
  const { fails } = spec
  if (fails === undefined || attempt > fails.attempts) return done
  const meant = fails.messages.length === 0 || fails.messages.includes(text(message))
  const fail = meant && random.fork('failure').chance(fails.probability)
  return fail ? failed('the handler threw an error') : done
}

function* applyTo(store: StoreClient, effect: Effect): Program<HandlingOutcome> {
  const outcome = yield* store.apply(effect)
  return outcome.kind === 'applied' ? done : failed(`the store answered: ${outcome.reason}`)
}

function recordSkip(
  { process, service, spec }: SourceContext,
  { delivery, attempt }: Pick<Handling, 'delivery' | 'attempt'>,
  reason: string,
): void {
  const { message, operation } = delivery.envelope
  process.record(effectSkipped, { message, operation, effect: spec.effect ?? '', service, attempt, reason })
}

function* passUnknown(context: SourceContext, delivery: Delivery, attempt: number): Program {
  const { process, service, spec } = context
  const { message, type } = delivery.envelope
  const reason = `it does not know the type ${type}`
  recordSkip(context, { delivery, attempt }, reason)
  if (spec.onUnknown === 'acknowledge') {
    // To the loop, a handler that returns has done its work.
    process.record(handled, { message, service, attempt })
    yield* acknowledge(context, delivery, attempt)
  } else {
    process.record(handlingFailed, { message, service, attempt, reason, swallowed: false })
    yield* giveBack(context, delivery, spec.onUnknown === 'requeue' ? 'again' : 'discard')
  }
}

function* afterFailure(context: SourceContext, handling: OneHandling, reason: string): Program {
  const { process, service, spec } = context
  const { delivery, attempt } = handling
  const { message } = delivery.envelope
  process.record(handlingFailed, { message, service, attempt, reason, swallowed: spec.onError === 'swallow' })
  switch (spec.onError) {
    case 'swallow':
      if (spec.acknowledge === 'after') yield* handling.acknowledge()
      break
    case 'crash':
      process.exit(supervisorDelay)
      // Nothing of this process runs any more.
      yield* sleep(supervisorDelay)
      break
    default:
      if (spec.acknowledge === 'after' && !handling.acknowledged)
        yield* giveBack(context, delivery, spec.onError === 'requeue' ? 'again' : 'discard')
  }
}

/** The messages that are made from this one; they get their place in the order of sending when they are sent. */
function outputsOf({ outputs, intern, text }: SourceContext, parent: Envelope): readonly OutputMessage[] {
  return outputs.flatMap(({ name, count }) =>
    Array.from({ length: count }, (_, index) => {
      const message = intern(`${text(parent.operation)}/${name}#${index + 1}`)
      return { output: name, envelope: { ...parent, message, operation: message }, parent: parent.message }
    }),
  )
}

/** Sends a message that was made from another one. */
export function* sendOutput(
  { outputs, nextSequence }: Pick<HandlingContext, 'outputs' | 'nextSequence'>,
  { output, envelope, parent }: OutputMessage,
): Program<SendAnswer> {
  const found = outputs.find(({ name }) => name === output)
  if (found === undefined) throw new Error(`The service has no output named ${output}.`)
  return yield* found.outbound.send({ ...envelope, sequence: nextSequence() }, [parent])
}

/** Records that a delivery was acknowledged, whatever becomes of that. */
export function recordAcknowledgement(
  { process, service }: SourceContext,
  { envelope }: Delivery,
  attempt: number,
): void {
  process.record(acknowledged, { message: envelope.message, service, attempt })
}

function acknowledge(context: SourceContext, delivery: Delivery, attempt: number): Program<unknown> {
  recordAcknowledgement(context, delivery, attempt)
  return perform('acknowledge', (resume) => context.consumer.acknowledge([delivery], resume))
}

function giveBack(context: SourceContext, delivery: Delivery, how: 'again' | 'discard'): Program<unknown> {
  return perform('reject', (resume) => context.consumer.reject(delivery, how, resume))
}
