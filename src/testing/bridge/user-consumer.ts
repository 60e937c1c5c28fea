import type { Program } from '../../application/program.ts'
import { work } from '../../application/program.ts'
import { receiveAll } from '../../application/receiving.ts'
import type { Source } from '../../application/source.ts'
import type { Handling, HandlingOutcome, StrategyContext } from '../../application/strategies/strategy.ts'
import { failed } from '../../application/strategies/strategy.ts'
import type { Consume } from '../../application/user-code.ts'
import type { Process } from '../../simulation/process.ts'
import type { Ended, OfEachDelivery, Prepare, ShapedHandler } from './shaped-handler.ts'
import { UserProcess } from './user-process.ts'
import type { UserSteps } from './user-steps.ts'

/** Lets code of a user stand where the loop of a service stands. */
export function userConsumer(prepare: Prepare, steps: UserSteps): Consume {
  /** A process that receives from several sources has one consumer for all of them. */
  const started = new WeakMap<Process, Started>()
  return (context, source) => startedIn(context).consume(source)

  function startedIn(context: StrategyContext): Started {
    const one = started.get(context.process) ?? new Started(prepare, context, steps)
    started.set(context.process, one)
    return one
  }
}

/** The code of a user in one process, from its start on. */
class Started {
  readonly #prepare: Prepare
  readonly #user: UserProcess
  #making: Promise<ShapedHandler> | undefined
  #handler: ShapedHandler | undefined

  constructor(prepare: Prepare, context: StrategyContext, steps: UserSteps) {
    this.#prepare = prepare
    this.#user = new UserProcess(context, steps)
  }

  /** What comes from one source: the consumer begins to receive when it has been made, as one does that connects last. */
  *consume(source: Source): Program<unknown> {
    const prepared = yield* this.#make()
    const handler = this.#handler
    if (handler === undefined) {
      const reason = prepared.kind === 'threw' ? `: ${String(prepared.error)}` : ''
      return yield* receiveAll(source, () => failing(`the consumer could not be made${reason}`))
    }
    const user = this.#user
    if ('handle' in handler) return yield* receiveAll(source, (handling) => handleBy(handler, handling, user))
    return yield* handler.consume(source, {
      inside: user,
      call: (handlings, code) => user.call(handlings[0], code),
    })
  }

  #make(): Program<Ended> {
    return this.#user.call(undefined, async () => {
      this.#making ??= Promise.resolve(this.#prepare(this.#user))
      this.#handler = await this.#making
    })
  }
}

function* handleBy(handler: OfEachDelivery, handling: Handling, user: UserProcess): Program<HandlingOutcome> {
  const worked = yield* handling.work()
  if (worked.kind !== 'done') return worked
  return yield* handler.handle({ handling, inside: user, call: (code) => user.call(handling, code) })
}

function* failing(reason: string): Program<HandlingOutcome> {
  yield* work(0)
  return failed(reason)
}
