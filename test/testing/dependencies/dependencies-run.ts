import { done, failed } from '../../../src/application/strategies/strategy.ts'
import { defaultSettings } from '../../../src/systems/option.ts'
import { storeKinds } from '../../../src/application/stores/registry.ts'
import type { Run } from '../../../src/run.ts'
import type { Fault } from '../../../src/simulation/fault.ts'
import type { Prepare } from '../../../src/testing/bridge/shaped-handler.ts'
import { runUserCode } from '../../../src/testing/bridge/user-run.ts'
import type { DeclaredStores, FinalStores } from '../../../src/testing/dependencies/dependencies.ts'
import { Dependencies, prepareStores } from '../../../src/testing/dependencies/dependencies.ts'
import type { DependencyTools } from '../../../src/testing/dependencies/tools.ts'
import { billing, memorySettings, plainScenario, shop } from '../../pipeline/plain-scenario.ts'

export interface Handled {
  readonly id: string
  readonly key: string
  readonly attempt: number
}

export interface Setting {
  readonly stores: DeclaredStores
  /** The kind of each store of the scenario, by its name, and options that are not the default. */
  readonly kinds: Readonly<Record<string, string | readonly [kind: string, options: Readonly<Record<string, unknown>>]>>
  readonly messages?: number
  /** What is judged; `payments` by default. */
  readonly effect?: string
  readonly faults?: readonly Fault[]
  /** Called once for each start of a process. */
  consumer(tools: DependencyTools): (message: Handled) => unknown
}

export interface Outcome {
  readonly run: Run
  readonly state: FinalStores
  readonly dependencies: Dependencies
  /** By service, guarantee and level, such as `exactly-once/effect`. */
  readonly verdicts: Readonly<Record<string, string>>
}

/** Lets a consumer handle some messages with its dependencies. */
export async function runWithDependencies({
  stores,
  kinds,
  messages = 10,
  effect = 'payments',
  faults = [],
  consumer,
}: Setting): Promise<Outcome> {
  const dependencies = new Dependencies(await prepareStores(stores))
  const workload = {
    ...({ kind: 'synthetic', messages, arrival: { kind: 'constant', perSecond: 100 } } as const),
    ...({ keys: 3, keyChoice: 'in-turn', size: 100, type: 'order' } as const),
  }
  const plain = plainScenario()
  const service = billing()
  const scenario = {
    ...plain,
    systems: { queue: { kind: 'memory', version: '', settings: memorySettings({ 'visibility-timeout': 5_000_000 }) } },
    stores: Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, storeSpec(kind)])),
    services: [shop({ workload }), { ...service, handling: { ...service.handling, store: undefined, effect } }],
    faults,
  }
  const prepare: Prepare = (inside) => {
    const handler = consumer(dependencies.toolsFor(inside))
    return {
      shape: 'test',
      *handle({ handling, call }) {
        const { ids, attempt } = handling
        const ended = yield* call(() => handler({ id: ids.message, key: ids.key, attempt }))
        return ended.kind === 'returned' ? done : failed(String(ended.error))
      },
    }
  }
  const { run } = await runUserCode(scenario, { billing: prepare })
  const rows = run.rows.filter((row) => row.service === 'billing')
  const verdicts = Object.fromEntries(rows.map(({ guarantee, level, verdict }) => [`${guarantee}/${level}`, verdict]))
  return { run, dependencies, verdicts, state: dependencies.finalState() }
}

function storeSpec(kind: Setting['kinds'][string]): {
  readonly kind: string
  readonly settings: ReturnType<typeof defaultSettings>
} {
  const [name, options] = typeof kind === 'string' ? [kind, {}] : kind
  const found = storeKinds.find((each) => each.name === name)
  if (found === undefined) throw new Error(`There is no kind of store called ${name}.`)
  const { values } = defaultSettings(found.options)
  return { kind: name, settings: { values: { ...values, ...options }, explicit: Object.keys(options) } }
}

/** The process crashes at the first fact like this, and is there again a second later. */
export function crashAt(
  fact: string,
  values: Readonly<Record<string, string | number>>,
  cut: 'after-step' | 'after-state' = 'after-step',
): Fault {
  return {
    action: 'crash',
    targets: [['billing']],
    parameters: {},
    strikes: { when: { fact, values, nth: 1 }, cut },
    duration: 1_000_000,
  }
}
