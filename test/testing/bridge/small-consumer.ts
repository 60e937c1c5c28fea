import type { SendsSpec } from '../../../src/application/service.ts'
import { sleep } from '../../../src/application/program.ts'
import { done, failed } from '../../../src/application/strategies/strategy.ts'
import type { Run } from '../../../src/run.ts'
import type { Scenario } from '../../../src/scenario/scenario.ts'
import type { Inside } from '../../../src/testing/bridge/inside.ts'
import type { Prepare } from '../../../src/testing/bridge/shaped-handler.ts'
import type { StepLimits } from '../../../src/testing/bridge/step.ts'
import { stepLimits } from '../../../src/testing/bridge/step.ts'
import type { RunOfUserCode } from '../../../src/testing/bridge/user-run.ts'
import { runUserCode } from '../../../src/testing/bridge/user-run.ts'
import { billing, plainScenario, shop } from '../../pipeline/plain-scenario.ts'

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
export function runSmall(
  scenario: Scenario,
  consumer: SmallConsumer,
  limits: StepLimits = stepLimits,
): Promise<RunOfUserCode> {
  return runUserCode(scenario, { billing: prepareSmall(consumer) }, { limits })
}

export async function runOnce(scenario: Scenario, consumer: SmallConsumer): Promise<Run> {
  const { run } = await runSmall(scenario, consumer)
  return run
}

/** So many messages, one after the other, each of which is handled by this code. */
export function scenarioOf(messages: number, changes: Partial<Scenario> = {}): Scenario {
  const workload: SendsSpec['workload'] = {
    kind: 'synthetic',
    messages,
    arrival: { kind: 'constant', perSecond: 1000 },
    keys: 3,
    keyChoice: 'in-turn',
    size: 100,
    type: 'order',
  }
  return plainScenario({ services: [shop({ workload }), billing()], ...changes })
}

/** What the code comes to when it handles one message. */
export async function insideOne<T>(code: (tools: SmallTools) => T | Promise<T>): Promise<T> {
  const values: T[] = []
  await runSmall(scenarioOf(1), () => async (_message, tools) => {
    values.push(await code(tools))
  })
  const [value] = values
  if (value === undefined || values.length > 1) throw new Error(`The code came to its end ${values.length} times.`)
  return value
}
