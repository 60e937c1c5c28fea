import type { Program } from '../../application/program.ts'
import type { HandlingOutcome } from '../../application/strategies/strategy.ts'
import { done, failed } from '../../application/strategies/strategy.ts'
import { givenFor } from '../adapters/handling-of.ts'
import { reasonOf } from '../adapters/reason-of.ts'
import { copyOf } from '../bridge/copy-of.ts'
import type { ShapedHandler, ShapedHandling } from '../bridge/shaped-handler.ts'
import type { Handler, ReceivedMessage, Tools } from './check.ts'

/** A handler that knows no client library: a function of a message and of what it may use. It is done when its promise is. */
export function plainHandler(handler: Handler, tools: Tools): ShapedHandler {
  return {
    shape: 'plain',
    *handle(shaped: ShapedHandling): Program<HandlingOutcome> {
      const ended = yield* shaped.call(() => handler(givenFor(messageOf(shaped), shaped.handling), tools))
      return ended.kind === 'returned' ? done : failed(reasonOf(ended.error))
    },
  }
}

function messageOf({ handling }: ShapedHandling): ReceivedMessage {
  const { delivery, attempt, ids } = handling
  const { envelope, partition, position, redelivered } = delivery
  const { key, headers, type, body } = envelope
  return {
    id: ids.message,
    key,
    value: copyOf(body),
    headers: { ...headers },
    type,
    attempt,
    redelivered,
    partition,
    offset: position,
  }
}
