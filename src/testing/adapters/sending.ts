import type { Outbound } from '../../application/outbound.ts'
import type { Handling } from '../../application/strategies/strategy.ts'
import type { Name } from '../../history/fact.ts'
import type { Envelope, SendAnswer } from '../../systems/system.ts'
import type { Inside, Origin, ToSend } from '../bridge/inside.ts'
import { WrongCheck } from '../wrong-check.ts'
import { bytesOf, textOrBytes } from './payload.ts'

/** A message that code under test sends. */
export interface OutgoingMessage {
  readonly key?: string | Uint8Array | null | undefined
  /** Text and bytes travel as they are, anything else as JSON. */
  readonly value: unknown
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly type?: string | undefined
  /** What "the same thing twice" means for it. Where nothing is said: the n-th message to this output for the operation that is being handled. */
  readonly operation?: string | undefined
}

/** A message on its way to an output of the service that the code runs in. */
export interface Outgoing {
  readonly envelope: Envelope
  readonly parents: readonly Name[]
  readonly outbound: Outbound
}

/**
 * Sends through the producer of the service that the code runs in, to the output of this name, and comes back with what the producer is told.
 * What a handler sends is named after the operation that it handles, so that the same message of a later attempt is the same one.
 */
export async function sendFrom(inside: Inside, output: string, message: OutgoingMessage): Promise<SendAnswer> {
  const { outbound, envelope, parents } = outgoing(inside, [output], message)
  return await inside.perform(() => outbound.send(envelope, parents))
}

/** The message for the first of these outputs that the service has. */
export function outgoing(inside: Inside, outputs: readonly string[], message: OutgoingMessage): Outgoing {
  const { context, handling } = inside
  for (const output of outputs) {
    const outbound = context.outbound(output)
    if (outbound === undefined) continue
    const origin = inside.originOf(output, toSend(message, handling)) ?? handling?.ids
    const parents = origin === undefined ? [] : [context.intern(origin.message)]
    return { outbound, parents, envelope: envelopeOf(inside, origin, output, message) }
  }
  const unknown = new UnknownOutput(outputs[0] ?? '', context.service)
  inside.giveUp(unknown)
  throw unknown
}

/** Code sends to a place of which the check says nothing. */
class UnknownOutput extends WrongCheck {
  override readonly name = 'UnknownOutput'

  constructor(output: string, service: string) {
    super(`${service} sends to ${output}, of which the check knows nothing: declare it, \`sends: { '${output}': {} }\``)
  }
}

/** The message as whoever reads it will get it. */
function toSend({ key, value, headers = {}, type }: OutgoingMessage, handling: Handling | undefined): ToSend {
  const keyText = key instanceof Uint8Array ? Buffer.from(key).toString() : (key ?? '')
  return { key: keyText, value: textOrBytes(value), headers, type: type ?? handling?.delivery.envelope.type ?? '' }
}

function envelopeOf(
  { context, handling }: Inside,
  origin: Origin | undefined,
  output: string,
  message: OutgoingMessage,
): Envelope {
  const { key, value, headers, type } = toSend(message, handling)
  const sequence = context.nextSequence()
  const of = message.operation ?? origin?.operation
  // Outside of any handling nobody knows whether a second message about the same is another one.
  const number = handling === undefined ? (of === undefined ? sequence : 1) : nextNumber(handling, `${of}/${output}`)
  const name = of === undefined ? `${context.service}/${output}#${number}` : `${of}/${output}#${number}`
  return {
    message: context.intern(name),
    operation: context.intern(message.operation ?? name),
    key,
    sequence,
    version: handling?.delivery.envelope.version ?? 1,
    size: bytesOf(message.value)?.length ?? 0,
    type,
    headers,
    body: value,
  }
}

/** How many messages one attempt has sent to each output about each operation. */
const sent = new WeakMap<Handling, Map<string, number>>()

function nextNumber(handling: Handling, output: string): number {
  const counts = sent.get(handling) ?? new Map<string, number>()
  sent.set(handling, counts)
  const number = (counts.get(output) ?? 0) + 1
  counts.set(output, number)
  return number
}
