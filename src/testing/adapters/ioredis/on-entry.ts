import type { Program } from '../../../application/program.ts'
import { perform } from '../../../application/program.ts'
import type { Source, Ways } from '../../../application/source.ts'
import type { Handling, HandlingOutcome } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import { suggestionFor } from '../../../scenario/suggestion.ts'
import { GroupReader } from '../../../systems/redis/client/group-reader.ts'
import { ownDelivery } from '../../../systems/redis/client/redis-delivery.ts'
import type { AcknowledgeOutcome, Delivery } from '../../../systems/system.ts'
import type { OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { described } from '../../check/described.ts'
import { WrongCheck } from '../../wrong-check.ts'
import { givenFor } from '../handling-of.ts'
import { reasonOf } from '../reason-of.ts'
import { WrongClient } from '../wrong-client.ts'
import type { StreamEntry } from './entry.ts'
import { entryOf } from './entry.ts'
import { GroupClient } from './group-client.ts'

export interface OnEntryOptions {
  /** How many entries a read asks for (COUNT); they are handled one after the other. @default 10 */
  readonly count?: number
  /** Whether the loop acknowledges an entry when the code has returned (`after`), or the code does by itself. @default 'after' */
  readonly xack?: 'after' | 'by-code'
}

type OnEntry = (entry: StreamEntry, redis: GroupClient) => unknown

const shape = 'ioredis.onEntry'

/** The loop acknowledges, or the code; an entry that failed stays pending. */
const byTheLoop: Ways = { acknowledge: 'never', onError: 'requeue' }

/**
 * A consumer of a stream: XREADGROUP gives up to `count` entries, the code is called with one after the other, and each is acknowledged (XACK) when it has
 * returned. An entry at which it threw stays pending, until somebody claims it: after `min-idle-time`, which a check sets to 10 s, or by its own member when
 * that starts again. With `xack: 'by-code'` the code acknowledges: `await redis.xack('orders', 'billing', id)`.
 */
export function onEntry(handler: OnEntry, options: OnEntryOptions = {}): OfWholeSource {
  const { count, xack } = completed(options)
  return {
    shape,
    *consume(source, user) {
      const reader = groupReader(source)
      const client = new GroupClient(reader, user.inside)
      const handleOne = source.handler((handling) => handle(reader, client, user, handler, xack, handling), byTheLoop)
      for (;;) {
        const entries = yield* perform<readonly Delivery[]>('receive', (resume) => reader.receive(count, resume))
        for (const entry of entries) yield* handleOne(entry)
      }
    },
  }
}

function groupReader(source: Source): GroupReader {
  const consumer = source.open()
  if (consumer instanceof GroupReader) return consumer
  throw new WrongClient(shape, 'redis({ stream }), whose consumer reads with XREADGROUP')
}

function* handle(
  reader: GroupReader,
  client: GroupClient,
  user: UserCalls,
  handler: OnEntry,
  xack: 'after' | 'by-code',
  handling: Handling,
): Program<HandlingOutcome> {
  // With NOACK an entry is acknowledged by being handed out.
  if (reader.needsNoAcknowledgement) handling.noteAcknowledged()
  client.begin(handling)
  const entry = givenFor(entryOf(ownDelivery(handling.delivery)), handling)
  const ended = yield* user.call([handling], () => handler(entry, client))
  if (ended.kind === 'threw') {
    client.forget(handling)
    yield* perform<AcknowledgeOutcome>('give back', (resume) => reader.leave(handling.delivery, resume))
    return failed(reasonOf(ended.error))
  }
  if (xack === 'by-code') return done
  client.forget(handling)
  handling.noteAcknowledged()
  yield* perform<AcknowledgeOutcome>('acknowledge', (resume) => reader.acknowledge([handling.delivery], resume))
  return done
}

const defaults: Required<OnEntryOptions> = { count: 10, xack: 'after' }

function completed(options: OnEntryOptions): Required<OnEntryOptions> {
  const known = Object.keys(defaults)
  for (const name of Object.keys(options))
    if (!known.includes(name)) refuse(`there is no option \`${name}\`. ${suggestionFor(name, known) ?? ''}`.trim())
  const complete = { ...defaults, ...options }
  if (!Number.isSafeInteger(complete.count) || complete.count < 1)
    refuse(`\`count\` is ${described(complete.count)}: expected a whole number from 1`)
  if (!['after', 'by-code'].includes(complete.xack))
    refuse(`\`xack\` is ${described(complete.xack)}: expected after or by-code`)
  return complete
}

function refuse(problem: string): never {
  throw new WrongCheck(`${shape}: ${problem}`)
}
