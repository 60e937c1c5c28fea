import type { Channel, ChannelModel, GetMessage, Message } from 'amqplib'
import type { ChannelCommand } from '../../../../src/systems/rabbitmq/core/command.ts'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { SeenMessage } from './seen.ts'
import { comparable, Seen } from './seen.ts'

/** A channel of the real server that executes the commands of the core. What the core calls a tag is the server's tag here. */
export class RealChannel {
  readonly seen = new Seen()
  readonly #channel: Channel
  #published = 0

  private constructor(channel: Channel) {
    this.#channel = channel
    channel.on('error', (error: unknown) => (this.seen.closed = codeOf(error)))
    channel.on('return', (message: Message) => this.seen.returned.push(seenMessage(message)))
    channel.on('ack', ({ deliveryTag, multiple }) => this.seen.answered('ack', deliveryTag, multiple, this.#published))
    channel.on('nack', ({ deliveryTag, multiple }) =>
      this.seen.answered('nack', deliveryTag, multiple, this.#published),
    )
  }

  static async open(connection: ChannelModel): Promise<RealChannel> {
    return new RealChannel(await connection.createChannel())
  }

  /** The server's answer in the words of {@link answerOf}; undefined where the method has none or the channel is closed instead. */
  async execute(command: ChannelCommand): Promise<string | undefined> {
    try {
      return await this.#execute(command)
    } catch (error) {
      if (this.seen.closed === undefined && !isClosing(error)) throw error
      return undefined
    }
  }

  /** Returns when the channel's process has handled everything that was sent to it before. */
  async reached(): Promise<void> {
    if (this.seen.closed === undefined)
      await this.execute({ kind: 'declare-exchange', channel: 0, passive: true, name: 'amq.direct' })
  }

  async close(): Promise<void> {
    if (this.seen.closed === undefined) await this.#channel.close().catch(() => undefined)
  }

  #execute(command: ChannelCommand): Promise<string | undefined> | string | undefined {
    switch (command.kind) {
      case 'publish':
        return this.#publish(command)
      case 'get':
        return this.#get(command.queue, command.noAck ?? false)
      case 'consume':
        return this.#consume(command)
      case 'cancel':
        return answer(this.#channel.cancel(command.tag), () => 'cancelled')
      case 'acknowledge':
        this.#channel.ack(tagged(command.tag), command.multiple)
        return undefined
      case 'reject':
        this.#channel.nack(tagged(command.tag), command.multiple, command.requeue)
        return undefined
      case 'recover':
        return answer(this.#channel.recover(), () => 'done')
      case 'prefetch':
        return answer(this.#channel.prefetch(command.count, command.global), () => 'done')
      case 'confirm-select':
        return this.#call(confirmSelect, { nowait: false })
      case 'tx-select':
        return this.#call(txSelect)
      case 'tx-commit':
        return this.#call(txCommit)
      case 'tx-rollback':
        return this.#call(txRollback)
      case 'close-channel':
        return answer(this.#channel.close(), () => 'done')
      case 'check-acknowledgements':
        return undefined
      default:
        return this.#declare(command)
    }
  }

  #declare(
    command: Extract<ChannelCommand, { kind: `${'declare' | 'delete'}-${string}` | 'purge' | 'bind' | 'unbind' }>,
  ) {
    const channel = this.#channel
    switch (command.kind) {
      case 'declare-queue':
        return answer(
          command.passive === true
            ? channel.checkQueue(command.name)
            : channel.assertQueue(command.name, optionsOf(command)),
          ({ messageCount, consumerCount }) => `${messageCount} messages, ${consumerCount} consumers`,
        )
      case 'delete-queue': {
        const { ifUnused = false, ifEmpty = false } = command
        return answer(
          channel.deleteQueue(command.name, { ifUnused, ifEmpty }),
          ({ messageCount }) => `emptied of ${messageCount}`,
        )
      }
      case 'purge':
        return answer(channel.purgeQueue(command.queue), ({ messageCount }) => `emptied of ${messageCount}`)
      case 'declare-exchange': {
        const { name, type = 'direct' } = command
        const call =
          command.passive === true
            ? channel.checkExchange(name)
            : channel.assertExchange(name, type, optionsOf(command))
        return answer<unknown>(call, () => 'done')
      }
      case 'delete-exchange':
        return answer(channel.deleteExchange(command.name, { ifUnused: command.ifUnused ?? false }), () => 'done')
      case 'bind':
      case 'unbind':
        return answer(this.#bind(command), () => 'done')
    }
  }

  #bind({ kind, destination, source, key, arguments: bound }: Extract<ChannelCommand, { kind: 'bind' | 'unbind' }>) {
    const { name } = destination
    if (destination.kind === 'queue') {
      return kind === 'bind'
        ? this.#channel.bindQueue(name, source, key, bound)
        : this.#channel.unbindQueue(name, source, key, bound)
    }
    return kind === 'bind'
      ? this.#channel.bindExchange(name, source, key, bound)
      : this.#channel.unbindExchange(name, source, key, bound)
  }

  #publish({ exchange, routingKey, mandatory, content }: Extract<ChannelCommand, { kind: 'publish' }>): undefined {
    this.#published++
    const body = Buffer.from(String(content.id).padEnd(content.bytes))
    const { headers, ...properties } = content.properties
    this.#channel.publish(exchange, routingKey, body, {
      ...properties,
      headers: headers ?? {},
      mandatory: mandatory ?? false,
    })
  }

  async #get(queue: string, noAck: boolean): Promise<string> {
    const got: GetMessage | false = await this.#channel.get(queue, { noAck })
    if (got === false) return 'nothing'
    this.lastTag = got.fields.deliveryTag
    return `${JSON.stringify(seenMessage(got))}, ${got.fields.messageCount} remain`
  }

  /** The tag that the last `basic.get` brought. */
  lastTag = 0

  async #consume({
    queue,
    tag,
    noAck,
    exclusive,
    arguments: given,
  }: Extract<ChannelCommand, { kind: 'consume' }>): Promise<string> {
    const options = { consumerTag: tag, noAck: noAck ?? false, exclusive: exclusive ?? false, arguments: given }
    await this.#channel.consume(
      queue,
      (message) => {
        if (message === null) this.seen.cancelled.add(tag)
        else this.seen.delivered(tag, message.fields.deliveryTag, seenMessage(message))
      },
      options,
    )
    return 'consuming'
  }

  /** A method that amqplib does not offer. */
  async #call(method: number, fields: object = {}): Promise<string> {
    if (!canCall(this.#channel)) throw new Error('This version of amqplib has no rpc method')
    await this.#channel.rpc(method, fields, method + 1)
    return 'done'
  }
}

/** Class and method of AMQP as amqplib numbers them; the answer's is one more. */
const confirmSelect = (85 << 16) | 10
const txSelect = (90 << 16) | 10
const txCommit = (90 << 16) | 20
const txRollback = (90 << 16) | 30

interface Callable {
  rpc(method: number, fields: object, expected: number): Promise<unknown>
}

function canCall(channel: object): channel is Callable {
  return 'rpc' in channel && typeof channel.rpc === 'function'
}

async function answer<T>(call: PromiseLike<T>, say: (reply: T) => string): Promise<string> {
  return say(await call)
}

function optionsOf(fields: {
  durable?: boolean
  autoDelete?: boolean
  internal?: boolean
  exclusive?: boolean
  arguments?: FieldTable
}) {
  const { durable = false, autoDelete = false, internal = false, exclusive = false } = fields
  return { durable, autoDelete, internal, exclusive, arguments: fields.arguments }
}

function seenMessage({ content, fields, properties }: Message | GetMessage): SeenMessage {
  return {
    id: Number.parseInt(content.toString(), 10),
    exchange: fields.exchange,
    key: fields.routingKey,
    headers: comparable(properties.headers ?? {}),
    deliveryMode: properties.deliveryMode,
    priority: properties.priority,
    expiration: properties.expiration,
    redelivered: 'redelivered' in fields ? fields.redelivered : undefined,
  }
}

/** What amqplib needs of a message to acknowledge it. */
function tagged(deliveryTag: number): Message {
  return {
    content: Buffer.alloc(0),
    fields: { deliveryTag, redelivered: false, exchange: '', routingKey: '' },
    properties: noProperties,
  }
}

const noProperties: Message['properties'] = {
  contentType: undefined,
  contentEncoding: undefined,
  headers: {},
  deliveryMode: undefined,
  priority: undefined,
  correlationId: undefined,
  replyTo: undefined,
  expiration: undefined,
  messageId: undefined,
  timestamp: undefined,
  type: undefined,
  userId: undefined,
  appId: undefined,
  clusterId: undefined,
}

function codeOf(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : undefined
}

function isClosing(error: unknown): boolean {
  return error instanceof Error && /clos/i.test(error.message)
}
