import type { ChannelCommand } from '../../../../src/systems/rabbitmq/core/command.ts'
import type { FieldTable, FieldValue } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { CoreChannel } from './core-channel.ts'
import type { BindingShape, ExchangeShape, PublishShape, QueueShape, Step } from './plan.ts'

/** Names of the things of one run, which shares the server with others. */
export class Names {
  readonly #run: string
  #consumers = 0
  #messages = 0

  constructor(run: string) {
    this.#run = run
  }

  queue(number: number): string {
    return `${this.#run}.q${number}`
  }

  exchange(number: number | 'default'): string {
    return number === 'default' ? '' : `${this.#run}.x${number}`
  }

  nextConsumer(): string {
    return `${this.#run}.c${this.#consumers++}`
  }

  nextMessage(): number {
    return ++this.#messages
  }
}

/** The commands of a step as the core is to execute them; none if it means nothing now. */
export function commandsOf(step: Step, channel: CoreChannel, names: Names): readonly ChannelCommand[] {
  const on = { channel: channel.number }
  switch (step.step) {
    case 'declare-queue':
      return [{ kind: 'declare-queue', ...on, name: names.queue(step.queue), ...queueFields(step.shape, names) }]
    case 'look-up-queue':
      return [{ kind: 'declare-queue', ...on, passive: true, name: names.queue(step.queue) }]
    case 'delete-queue':
      return [
        { kind: 'delete-queue', ...on, name: names.queue(step.queue), ifUnused: step.ifUnused, ifEmpty: step.ifEmpty },
      ]
    case 'purge':
      return [{ kind: 'purge', ...on, queue: names.queue(step.queue) }]
    case 'declare-exchange':
      return [
        { kind: 'declare-exchange', ...on, name: names.exchange(step.exchange), ...exchangeFields(step.shape, names) },
      ]
    case 'delete-exchange':
      return [{ kind: 'delete-exchange', ...on, name: names.exchange(step.exchange), ifUnused: step.ifUnused }]
    case 'bind':
    case 'unbind':
      return [{ kind: step.step, ...on, ...bindingFields(step.binding, names) }]
    case 'publish':
      return Array.from(
        { length: step.times },
        () => ({ kind: 'publish', ...on, ...publishFields(step.publish, names) }) as const,
      )
    case 'get':
      return [{ kind: 'get', ...on, queue: names.queue(step.queue), noAck: step.noAck }]
    case 'limit-channel':
      return [{ kind: 'prefetch', ...on, count: step.count, global: true }]
    case 'tx-commit':
    case 'tx-rollback':
      return channel.isTransactional ? [{ kind: step.step, ...on }] : []
    case 'recover':
    case 'confirm-select':
    case 'tx-select':
    case 'close-channel':
      return [{ kind: step.step, ...on }]
    case 'pause':
      return []
    default:
      return aboutConsumers(step, channel, names)
  }
}

function aboutConsumers(
  step: Extract<Step, { step: 'consume' | 'cancel' | 'acknowledge' | 'reject' | 'acknowledge-unknown' }>,
  channel: CoreChannel,
  names: Names,
): readonly ChannelCommand[] {
  const on = { channel: channel.number }
  if (step.step === 'consume') {
    const { noAck, exclusive, priority, prefetch } = step
    const options = { noAck, exclusive, arguments: priority === 0 ? {} : { 'x-priority': priority } }
    return [
      // Without `global` it would take away the limit of the channel.
      ...(prefetch === 0 ? [] : [{ kind: 'prefetch', ...on, count: prefetch } as const]),
      { kind: 'consume', ...on, queue: names.queue(step.queue), tag: names.nextConsumer(), ...options },
    ]
  }
  if (step.step === 'cancel') {
    const tag = channel.consumers[step.consumer % Math.max(1, channel.consumers.length)]
    return tag === undefined ? [] : [{ kind: 'cancel', ...on, tag }]
  }
  if (step.step === 'acknowledge-unknown')
    return [{ kind: 'acknowledge', ...on, tag: channel.lastTag + 1000, multiple: step.multiple }]
  const delivery = channel.outstanding[step.delivery % Math.max(1, channel.outstanding.length)]
  if (delivery === undefined) return []
  const { multiple } = step
  if (step.step === 'acknowledge') return [{ kind: 'acknowledge', ...on, tag: delivery.tag, multiple }]
  return [{ kind: 'reject', ...on, tag: delivery.tag, multiple, requeue: step.requeue }]
}

function queueFields(shape: QueueShape, names: Names) {
  const { durable, autoDelete } = shape
  const key =
    shape.deadLetterKey === undefined || shape.deadLetterExchange === undefined
      ? undefined
      : names.queue(shape.deadLetterKey)
  const given = {
    'x-message-ttl': shape.messageTtl,
    'x-expires': shape.expires,
    'x-max-length': shape.maxLength,
    'x-max-length-bytes': shape.maxLengthBytes,
    'x-overflow': shape.overflow,
    'x-dead-letter-exchange':
      shape.deadLetterExchange === undefined ? undefined : names.exchange(shape.deadLetterExchange),
    'x-dead-letter-routing-key': key,
    'x-max-priority': shape.maxPriority,
    'x-single-active-consumer': shape.singleActiveConsumer ? true : undefined,
  }
  return { durable, autoDelete, arguments: present(given) }
}

function exchangeFields({ type, durable, autoDelete, internal, alternate }: ExchangeShape, names: Names) {
  const given = { 'alternate-exchange': alternate === undefined ? undefined : names.exchange(alternate) }
  return { type, durable, autoDelete, internal, arguments: present(given) }
}

function bindingFields({ source, to, key, headers }: BindingShape, names: Names) {
  const destination =
    'queue' in to
      ? ({ kind: 'queue', name: names.queue(to.queue) } as const)
      : ({ kind: 'exchange', name: names.exchange(to.exchange) } as const)
  return { source: names.exchange(source), destination, key, arguments: headers }
}

function publishFields({ exchange, key, mandatory, bytes, properties, headers, copies }: PublishShape, names: Names) {
  const lists =
    copies === undefined ? {} : present({ CC: queueNames(copies.open, names), BCC: queueNames(copies.blind, names) })
  return {
    exchange: names.exchange(exchange),
    routingKey: typeof key === 'number' ? names.queue(key) : key,
    mandatory,
    content: { id: names.nextMessage(), bytes, properties: { ...properties, headers: { ...headers, ...lists } } },
  }
}

function queueNames(numbers: readonly number[], names: Names): readonly string[] | undefined {
  return numbers.length === 0 ? undefined : numbers.map((number) => names.queue(number))
}

function present(table: Readonly<Record<string, FieldValue | undefined>>): FieldTable {
  return Object.fromEntries(
    Object.entries(table).filter((entry): entry is [string, FieldValue] => entry[1] !== undefined),
  )
}
