import type { Message } from '../../../../src/systems/rabbitmq/core/message.ts'
import { headersOf } from '../../../../src/systems/rabbitmq/core/message.ts'
import type { Output } from '../../../../src/systems/rabbitmq/core/output.ts'
import type { SeenMessage } from './seen.ts'
import { comparable, Seen } from './seen.ts'

/** What the client of a channel of the core has seen. */
export class CoreChannel {
  readonly number: number
  readonly seen = new Seen()
  /** Tags of deliveries that have to be acknowledged, the oldest first; the server's tag beside the core's as soon as it is known. */
  readonly outstanding: {
    readonly tag: number
    readonly consumer: string | undefined
    readonly index: number
    realTag?: number
  }[] = []
  readonly consumers: string[] = []
  isTransactional = false
  /** The kinds of commands that the open transaction holds, where there is one. */
  readonly held = new Set<string>()
  lastTag = 0

  constructor(number: number) {
    this.number = number
  }

  see(output: Output, noAck: ReadonlySet<string>): void {
    if (!('channel' in output) || output.channel !== this.number) return
    if (output.kind === 'deliver') {
      const { tag, consumer } = output
      const index = this.seen.deliveries.get(consumer)?.length ?? 0
      this.seen.delivered(consumer, tag, seenMessage(output.message, output.redelivered))
      this.lastTag = tag
      if (!noAck.has(consumer)) this.outstanding.push({ tag, consumer, index })
    } else if (output.kind === 'got') this.lastTag = output.tag
    else if (output.kind === 'return') this.seen.returned.push(seenMessage(output.message, undefined))
    else if (output.kind === 'confirm') this.seen.answered(output.answer, output.sequence, output.multiple, Infinity)
    else if (output.kind === 'consumer-cancelled') this.seen.cancelled.add(output.consumer)
    else if (output.kind === 'channel-closed') this.seen.closed = output.code
  }
}

/** The answer to a method as a text, the same for the core and the real server. */
export function answerOf(outputs: readonly Output[], channel: number): string | undefined {
  for (const output of outputs) {
    if (!('channel' in output) || output.channel !== channel) continue
    if (output.kind === 'done' || output.kind === 'consuming' || output.kind === 'cancelled') return output.kind
    if (output.kind === 'queue-declared') return `${output.messages} messages, ${output.consumers} consumers`
    if (output.kind === 'emptied') return `emptied of ${output.messages}`
    if (output.kind === 'got-nothing') return 'nothing'
    if (output.kind === 'got')
      return `${JSON.stringify(seenMessage(output.message, output.redelivered))}, ${output.remaining} remain`
  }
  return undefined
}

function seenMessage(message: Message, redelivered: boolean | undefined): SeenMessage {
  const { deliveryMode, priority, expiration } = message.properties
  return {
    id: message.id,
    exchange: message.exchange,
    key: message.routingKeys[0] ?? '',
    headers: comparable(headersOf(message)),
    deliveryMode,
    priority,
    expiration,
    redelivered,
  }
}
