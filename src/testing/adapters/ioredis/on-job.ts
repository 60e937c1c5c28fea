import type { Program } from '../../../application/program.ts'
import { perform } from '../../../application/program.ts'
import { receive } from '../../../application/receiving.ts'
import type { Source, Ways } from '../../../application/source.ts'
import type { Handling, HandlingOutcome } from '../../../application/strategies/strategy.ts'
import { done, failed } from '../../../application/strategies/strategy.ts'
import { ListWorker } from '../../../systems/redis/client/list-worker.ts'
import type { AcknowledgeOutcome } from '../../../systems/system.ts'
import type { OfWholeSource, UserCalls } from '../../bridge/shaped-handler.ts'
import { bytesOf } from '../payload.ts'
import { reasonOf } from '../reason-of.ts'
import { WrongClient } from '../wrong-client.ts'

const shape = 'ioredis.onJob'

const byTheLoop: Ways = { acknowledge: 'never', onError: 'requeue' }

/**
 * A worker of a list: an element is moved to the list of those in processing (BLMOVE), the code is called with its text, and it is removed from there (LREM)
 * when the code has returned. One at which it threw, or whose worker died, stays there until a reaper puts it back: after `visibility_ms`, which a check sets to
 * 10 s. With `take: 'BRPOP'` an element is nowhere but in the hands of the worker, and what fails is lost.
 */
export function onJob(handler: (job: string) => unknown): OfWholeSource {
  return {
    shape,
    *consume(source, user) {
      const worker = listWorker(source)
      const handleOne = source.handler((handling) => handle(worker, user, handler, handling), byTheLoop)
      for (;;) for (const delivery of yield* receive(source)) yield* handleOne(delivery)
    },
  }
}

function listWorker(source: Source): ListWorker {
  const consumer = source.open()
  if (consumer instanceof ListWorker) return consumer
  throw new WrongClient(shape, 'redis({ list })')
}

function* handle(
  worker: ListWorker,
  user: UserCalls,
  handler: (job: string) => unknown,
  handling: Handling,
): Program<HandlingOutcome> {
  const { delivery } = handling
  if (!worker.moves) handling.noteAcknowledged()
  const job = bytesOf(delivery.envelope.body)?.toString() ?? ''
  const ended = yield* user.call([handling], () => handler(job))
  if (ended.kind === 'threw') return failed(reasonOf(ended.error))
  if (!worker.moves) return done
  handling.noteAcknowledged()
  yield* perform<AcknowledgeOutcome>('acknowledge', (resume) => worker.acknowledge([delivery], resume))
  return done
}
