import type { Program } from '../../application/program.ts'
import { perform } from '../../application/program.ts'
import { receiveAll } from '../../application/receiving.ts'
import type { Source } from '../../application/source.ts'
import type { Handling, HandlingOutcome, StrategyContext } from '../../application/strategies/strategy.ts'
import type { Consume } from '../../application/user-code.ts'
import type { Process } from '../../simulation/process.ts'
import { CannotStart } from './cannot-start.ts'
import { errorText } from './error-text.ts'
import type { OfEachDelivery, Prepare, ShapedHandler } from './shaped-handler.ts'
import { WrongCheck } from '../wrong-check.ts'
import { UserProcess } from './user-process.ts'
import type { UserWorld } from './user-world.ts'

/** Lets code of a user stand where the loop of a service stands. */
export function userConsumer(prepare: Prepare, world: UserWorld): Consume {
  /** A process that receives from several sources has one consumer for all of them. */
  const started = new WeakMap<Process, Started>()
  return (context, source) => startedIn(context).consume(source)

  function startedIn(context: StrategyContext): Started {
    const one = started.get(context.process) ?? new Started(prepare, context, world)
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

  constructor(prepare: Prepare, context: StrategyContext, world: UserWorld) {
    this.#prepare = prepare
    this.#user = new UserProcess(context, world)
  }

  /** What comes from one source: the consumer begins to receive when it has been made, as one does that connects last. */
  *consume(source: Source): Program<unknown> {
    const handler = yield* this.#made()
    const user = this.#user
    if ('handle' in handler) return yield* receiveAll(source, (handling) => handleBy(handler, handling, user))
    return yield* handler.consume(source, {
      inside: user,
      call: (handlings, code) => user.call(handlings[0], code),
    })
  }

  *#made(): Program<ShapedHandler> {
    const user = this.#user
    const ended = yield* user.call(undefined, async () => {
      this.#making ??= Promise.resolve(this.#prepare(user))
      this.#handler = await this.#making
    })
    if (this.#handler !== undefined) return this.#handler
    const error = ended.kind === 'threw' ? ended.error : undefined
    if (error instanceof WrongCheck) user.giveUp(error)
    if (error instanceof CannotStart) user.uncaught(error.reason)
    else user.report('no-consumer', `The consumer could not be made: ${errorText(error)}`, error)
    // The process ends with this, or the run.
    return yield* perform<ShapedHandler>('never', () => {})
  }
}

function* handleBy(handler: OfEachDelivery, handling: Handling, user: UserProcess): Program<HandlingOutcome> {
  const worked = yield* handling.work()
  if (worked.kind !== 'done') return worked
  return yield* handler.handle({ handling, inside: user, call: (code) => user.call(handling, code) })
}
