import type { Program } from '../../application/program.ts'
import type { Handling, HandlingOutcome, Strategy, StrategyContext } from '../../application/strategies/strategy.ts'
import { failed } from '../../application/strategies/strategy.ts'
import type { Process } from '../../simulation/process.ts'
import type { Prepare, ShapedHandler } from './shaped-handler.ts'
import { UserProcess } from './user-process.ts'
import type { UserSteps } from './user-steps.ts'

/** Lets code of a user stand where a strategy stands. */
export function userStrategy(prepare: Prepare, steps: UserSteps): Strategy {
  /** A process that receives from several sources has one consumer for all of them. */
  const started = new WeakMap<Process, Started>()
  return {
    name: 'user code',
    summary: 'What the user wrote.',
    why: 'That is what the run finds out.',
    options: {},
    stores: {},
    writes: 'delta',
    start: (context) => {
      const one = started.get(context.process) ?? new Started(prepare, context, steps)
      started.set(context.process, one)
      return (handling) => one.handle(handling)
    },
  }
}

/** The code of a user in one process, from its start on. */
class Started {
  readonly #prepare: Prepare
  readonly #user: UserProcess
  #handler: ShapedHandler | undefined

  constructor(prepare: Prepare, context: StrategyContext, steps: UserSteps) {
    this.#prepare = prepare
    this.#user = new UserProcess(context, steps)
  }

  *handle(handling: Handling): Program<HandlingOutcome> {
    const worked = yield* handling.work()
    if (worked.kind !== 'done') return worked
    const user = this.#user
    if (this.#handler === undefined) {
      const prepared = yield* user.call(undefined, async () => {
        this.#handler ??= await this.#prepare(user)
      })
      if (prepared.kind === 'threw') return failed(`the consumer could not be made: ${String(prepared.error)}`)
    }
    if (this.#handler === undefined) return failed('the consumer could not be made')
    return yield* this.#handler.handle({
      handling,
      inside: user,
      call: (code) => user.call(handling, code),
    })
  }
}
