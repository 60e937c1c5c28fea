import type { Program } from '../../../src/application/program.ts'
import { start } from '../../../src/application/program.ts'
import type { Effect, Store, StoreClient, StoreKind } from '../../../src/application/stores/store.ts'
import type { AnyFact } from '../../../src/history/fact.ts'
import { linkProfiles } from '../../../src/simulation/link-profile.ts'
import { settlingDefaults } from '../../../src/simulation/settling.ts'
import type { Fault } from '../../../src/simulation/fault.ts'
import { faultKinds } from '../../../src/simulation/faults/registry.ts'
import { World } from '../../../src/simulation/world.ts'
import { defaultSettings } from '../../../src/systems/option.ts'

export const seconds = 1_000_000

/** A program of one process, and when it begins, µs. */
export interface Actor<C extends StoreClient> {
  readonly name: string
  readonly at?: number
  program(client: C, log: (text: string) => void): Program
}

export interface StoreRun {
  /** What programs logged, in order. */
  readonly log: readonly string[]
  readonly facts: readonly AnyFact[]
}

/** Lets programs use a store named `store` with these options, under these faults, for a minute. */
export function runOn<C extends StoreClient>(
  kind: StoreKind,
  options: Readonly<Record<string, unknown>>,
  isClient: (client: StoreClient) => client is C,
  actors: readonly Actor<C>[],
  faults: readonly Fault[] = [],
): StoreRun {
  const world = new World({
    seed: 'stores',
    linkProfileOf: () => linkProfiles.loopback,
    faults,
    faultKinds,
    settling: settlingDefaults,
    factKinds: kind.facts ?? [],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  const settings = { values: { ...defaultSettings(kind.options).values, ...options }, explicit: Object.keys(options) }
  const store = kind.build(world, 'store', settings)
  const log: string[] = []
  for (const actor of actors) addActor(world, store, isClient, actor, log)
  world.addParticipant({
    name: 'programs',
    busyWith: () => (world.engine.now < 60 * seconds ? 'the programs' : undefined),
    waitingFor: () => undefined,
    patience: 120 * seconds,
  })
  world.begin()
  world.advance()
  return { log, facts: [...world.history] }
}

function addActor<C extends StoreClient>(
  world: World,
  store: Store,
  isClient: (client: StoreClient) => client is C,
  actor: Actor<C>,
  log: string[],
): void {
  world.addNode({
    name: actor.name,
    start: (process) => {
      if (process.incarnation > 1) return
      const client = store.client(process)
      if (!isClient(client)) throw new Error('The store gave out another kind of client.')
      const begin = (): void => {
        start(
          process,
          actor.program(client, (text) => log.push(text)),
        )
      }
      process.setTimer(actor.at ?? 0, begin)
    },
  })
}

/** The effect of an order; names are numbers of a history that nobody reads. */
export function billed(operation: number, changes: Partial<Effect> = {}): Effect {
  return {
    ...{ message: operation, operation, effect: 'billed', service: 'billing', consumer: 'billing' },
    ...{ attempt: 1, key: 'ann', version: 1, value: 1 },
    ...changes,
  }
}

export function strike(
  action: string,
  target: string | readonly (readonly string[])[],
  at: number,
  duration: number,
): Fault {
  const targets = typeof target === 'string' ? [[target]] : target
  return { action, targets, parameters: {}, strikes: { at }, duration }
}

export function countOf(facts: readonly AnyFact[], kind: string): number {
  return facts.filter((fact) => fact.kind === kind).length
}
