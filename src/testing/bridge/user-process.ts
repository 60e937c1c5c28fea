import { format } from 'node:util'
import type { Program } from '../../application/program.ts'
import { perform, start } from '../../application/program.ts'
import type { Handling, StrategyContext } from '../../application/strategies/strategy.ts'
import type { Process } from '../../simulation/process.ts'
import { logged } from '../../history/facts.ts'
import { copyOf } from './copy-of.ts'
import type { Inside } from './inside.ts'
import { scopes } from './scope.ts'
import type { Ended } from './shaped-handler.ts'
import type { UserSteps } from './user-steps.ts'

/** One simulated process with code of a user in it. */
export class UserProcess implements Inside {
  readonly process: Process
  readonly context: StrategyContext
  readonly #steps: UserSteps

  constructor(context: StrategyContext, steps: UserSteps) {
    this.process = context.process
    this.context = context
    this.#steps = steps
  }

  fetch: typeof fetch = (input) =>
    Promise.reject(new TypeError(`fetch failed: ${String(input)} is not simulated, and no API is declared.`))

  get handling(): Handling | undefined {
    return scopes.getStore()?.handling
  }

  perform<R>(program: () => Program<R>): Promise<R> {
    return new Promise((resolve, reject) =>
      this.process.step(() => {
        start(this.process, caught(program), (ended) => {
          this.#steps.add(this.process, () => {
            if (ended.kind === 'returned') resolve(copyOf(ended.value))
            else reject(ended.error)
          })
        })
      }),
    )
  }

  log(...values: readonly unknown[]): void {
    const { handling, process, context } = this
    const text = format(...values.map((value) => (value instanceof Error ? `${value.name}: ${value.message}` : value)))
    process.step(() =>
      process.record(logged, {
        service: context.service,
        message: handling?.ids.message ?? '',
        attempt: handling?.attempt ?? 0,
        text,
      }),
    )
  }

  /** Calls code of the user, and comes back when what it returned has settled. */
  call(handling: Handling | undefined, code: () => unknown): Program<Ended> {
    return perform('user code', (resume, process) => {
      const settle = (ended: Ended): void => process.step(() => resume(ended))
      this.#steps.add(process, () => scopes.run({ inside: this, handling }, () => void settled(code).then(settle)))
    })
  }
}

async function settled(code: () => unknown): Promise<Ended> {
  try {
    return { kind: 'returned', value: await code() }
  } catch (error) {
    return { kind: 'threw', error }
  }
}

type Caught<R> = { readonly kind: 'returned'; readonly value: R } | { readonly kind: 'threw'; readonly error: unknown }

/** What a program throws is an error for the user's code, not for the machine. */
function* caught<R>(program: () => Program<R>): Program<Caught<R>> {
  try {
    return { kind: 'returned', value: yield* program() }
  } catch (error) {
    return { kind: 'threw', error }
  }
}
