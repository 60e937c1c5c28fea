import type { Program } from '../../application/program.ts'
import type { HandlingOutcome } from '../../application/strategies/strategy.ts'
import { sleep } from '../../application/program.ts'
import type { Micros } from '../../simulation/duration.ts'
import { millisecond, second } from '../../simulation/duration.ts'
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
      if (ended.kind === 'returned') return done
      yield* sleep(restBefore(shaped.handling.attempt))
      return failed(reasonOf(ended.error))
    },
  }
}

/** The first failures are tried again at once, later ones ever later, as frameworks do it: else a store that is away would be asked a thousand times a second. */
function restBefore(attempt: number): Micros {
  return attempt < 3 ? 0 : Math.min(second, 10 * millisecond * 2 ** Math.min(attempt - 3, 10))
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
