import { sleep } from '../../../src/application/program.ts'
import { done, failed } from '../../../src/application/strategies/strategy.ts'
import type { Run } from '../../../src/run.ts'
import { runAsync } from '../../../src/run.ts'
import type { Scenario } from '../../../src/scenario/scenario.ts'
import type { Inside } from '../../../src/testing/bridge/inside.ts'
import type { Prepare } from '../../../src/testing/bridge/shaped-handler.ts'
import { UserRun } from '../../../src/testing/bridge/user-run.ts'

export interface SmallMessage {
  readonly id: string
  readonly attempt: number
}

/** The least that a handler can want: the effect of its service, and to wait for some milliseconds. */
export interface SmallTools {
  readonly inside: Inside
  effect(): Promise<void>
  sleep(milliseconds: number): Promise<void>
}

/** A consumer of the smallest shape; called once for each start of a process. */
export type SmallConsumer = (inside: Inside) => (message: SmallMessage, tools: SmallTools) => unknown

function prepareSmall(consumer: SmallConsumer): Prepare {
  return (inside) => {
    const handler = consumer(inside)
    return {
      shape: 'small',
      *handle({ handling, call }) {
        const tools: SmallTools = {
          inside,
          effect: async () => {
            const outcome = await inside.perform(() => handling.applyEffect())
            if (outcome.kind !== 'done') throw new Error(outcome.reason)
          },
          sleep: (milliseconds) => inside.perform(() => sleep(milliseconds * 1000)),
        }
        const ended = yield* call(() => handler({ id: handling.ids.message, attempt: handling.attempt }, tools))
        return ended.kind === 'returned' ? done : failed(String(ended.error))
      },
    }
  }
}

/** Runs a scenario in which the consumer handles what billing receives. */
export function runOnce(scenario: Scenario, consumer: SmallConsumer): Promise<Run> {
  const user = new UserRun({ billing: prepareSmall(consumer) })
  return runAsync(scenario, user.turn, { handlers: user.handlers })
}
