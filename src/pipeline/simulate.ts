import { Deliveries } from '../application/deliveries.ts'
import type { ReceivesSpec, ServiceSpec } from '../application/service.ts'
import type { Wiring } from '../application/service-node.ts'
import { addService } from '../application/service-node.ts'
import { storeFacts, storeKinds } from '../application/stores/registry.ts'
import type { Store } from '../application/stores/store.ts'
import { strategies } from '../application/strategies/registry.ts'
import type { Strategy } from '../application/strategies/strategy.ts'
import type { UserCode } from '../application/user-code.ts'
import type { History } from '../history/history.ts'
import type { NetworkSpec, Scenario, SystemUse } from '../scenario/scenario.ts'
import type { EventObserver } from '../simulation/engine.ts'
import type { StrikesBefore } from '../simulation/fault-schedule.ts'
import { faultKinds } from '../simulation/faults/registry.ts'
import type { Checkpoint } from '../simulation/fingerprint.ts'
import type { LinkProfile } from '../simulation/link-profile.ts'
import type { LinkProfileOf } from '../simulation/network.ts'
import type { Node } from '../simulation/node.ts'
import type { FaultState } from '../simulation/scheduled-fault.ts'
import type { Ending } from '../simulation/settling.ts'
import { World } from '../simulation/world.ts'
import { systemKinds } from '../systems/registry.ts'
import type { System, SystemKind, Use } from '../systems/system.ts'

export interface SimulateOptions {
  /** Called once, just before the run proper begins, for whoever wants to listen to its facts. */
  readonly watch?: (built: BuiltWorld) => void
  /** Code of the user's that handles what a service receives, by the name of the service; needs {@link simulateAsync}. */
  readonly handlers?: Readonly<Record<string, UserCode>>
  /** The products that the scenario may name. Default: all of the registry; tests plant their doubles here. */
  readonly products?: readonly SystemKind[]
  /** Sees each event just before it occurs. */
  readonly observer?: EventObserver
  /** `false` keeps no facts: for runs too large to hold. Default `true`. */
  readonly keepHistory?: boolean
  /** Where faults of the schedule strike whatever they say, by their place in it: before which event. For whoever tries every event. */
  readonly strikesBefore?: StrikesBefore
  /** Ends the run as at its bound once it has so many events: what it has not shown by then is unknown. Default: there is no such bound. */
  readonly mostEvents?: number
  /** Records each packet, for diagrams; the fingerprint stays the same. Default `false`. */
  readonly observeNetwork?: boolean
}

/** What a run did, before anybody judges it. */
export interface Simulated {
  readonly history: History
  readonly fingerprint: string
  readonly checkpoints: readonly Checkpoint[]
  readonly events: number
  readonly simulatedMicros: number
  readonly ending: Ending
  readonly waitingFor: string
  /** What became of each fault of the schedule. */
  readonly faultStates: readonly FaultState[]
  readonly systems: ReadonlyMap<string, System>
}

/** Runs a scenario to its end. The same scenario does the same, to the last event. */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): Simulated {
  const steps = advance(scenario, options)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    throw new Error('This scenario runs user code, which needs runAsync.')
  }
}

/** The same for scenarios with user code: lets the event loop turn, by `turn`, whenever that is due. */
export async function simulateAsync(
  scenario: Scenario,
  turn: () => Promise<void>,
  options: SimulateOptions = {},
): Promise<Simulated> {
  const steps = advance(scenario, options)
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done === true) return step.value
    await turn()
  }
}

/** A world that is ready to begin, for whoever wants to look at it without running it. */
export function buildWorld(
  scenario: Scenario,
  options: SimulateOptions = {},
  strikesBefore: StrikesBefore = new Map(),
): BuiltWorld {
  const kinds = new Map(
    Object.entries(scenario.systems).map(([name, use]) => [name, kindOf(use, options.products ?? systemKinds)]),
  )
  const world = new World({
    seed: scenario.seed,
    linkProfileOf: linkProfiles(scenario.network),
    faults: scenario.faults,
    faultKinds,
    settling: scenario.settling,
    mostEvents: options.mostEvents ?? Infinity,
    factKinds: [...[...new Set(kinds.values())].flatMap((kind) => kind.facts), ...storeFacts],
    observeNetwork: options.observeNetwork ?? false,
    keepHistory: options.keepHistory ?? true,
    strikesBefore,
  })
  const systems = addSystems(world, scenario, kinds)
  const stores = addStores(world, scenario)
  const deliveries = new Deliveries(world.history.names)
  world.targets.addRole('handler', (message) => deliveries.latestHandler(message))
  const wiring: Wiring = {
    world,
    systems,
    stores,
    deliveries,
    strategy: strategyNamed,
    handlers: options.handlers ?? {},
    outputNames: new Set(),
  }
  for (const service of scenario.services) addService(wiring, service)
  return { world, systems }
}

export interface BuiltWorld {
  readonly world: World
  readonly systems: ReadonlyMap<string, System>
}

/** One `user-code` each time that promises have to go on; a fault that strikes before a step makes the run begin again, knowing where. */
function* advance(scenario: Scenario, options: SimulateOptions): Generator<'user-code', Simulated> {
  let strikesBefore: StrikesBefore = options.strikesBefore ?? new Map()
  for (;;) {
    const { world, systems } = buildWorld(scenario, options, strikesBefore)
    const rehearsing = scenario.faults.some(
      ({ strikes }, index) => 'when' in strikes && strikes.cut === 'before' && !strikesBefore.has(index),
    )
    if (!rehearsing) {
      options.watch?.({ world, systems })
      if (options.observer !== undefined) world.engine.observe(options.observer)
    }
    world.begin()
    let progress = world.advance()
    for (; progress === 'user-code'; progress = world.advance()) yield 'user-code'
    if (world.rehearsal === undefined && !rehearsing) return finish(world, systems)
    strikesBefore = learned(scenario, world, strikesBefore)
  }
}

/** The event before which a fault strikes whose fact does not happen: none has this number. */
const never = Infinity

/** What a rehearsal found: where the fault belongs, or that its fact never happens. */
function learned(scenario: Scenario, { rehearsal }: World, known: StrikesBefore): StrikesBefore {
  if (rehearsal !== undefined) return new Map([...known, [rehearsal.fault, rehearsal.event]])
  const missing = scenario.faults.flatMap(({ strikes }, index) =>
    'when' in strikes && strikes.cut === 'before' && !known.has(index) ? ([[index, never]] as const) : [],
  )
  return new Map([...known, ...missing])
}

function finish(world: World, systems: ReadonlyMap<string, System>): Simulated {
  for (const system of systems.values()) system.takeInventory()
  world.history.endListening()
  const { fingerprint } = world.engine
  return {
    history: world.history,
    fingerprint: fingerprint.digest(),
    checkpoints: fingerprint.checkpoints,
    events: fingerprint.events,
    simulatedMicros: world.engine.now,
    ending: world.ending.kind,
    waitingFor: world.ending.waitingFor,
    faultStates: world.schedule.states,
    systems,
  }
}

function addSystems(
  world: World,
  scenario: Scenario,
  kinds: ReadonlyMap<string, SystemKind>,
): ReadonlyMap<string, System> {
  let copies = 0
  const systems = new Map<string, System>()
  for (const [name, { version, settings }] of Object.entries(scenario.systems)) {
    const uses = usesOf(scenario.services, name)
    const system = kinds.get(name)?.build({ world, name, version, settings, uses, nextCopy: () => copies++ })
    if (system === undefined) continue
    systems.set(name, system)
    world.addParticipant({
      name,
      busyWith: () => undefined,
      waitingFor: () => system.waitingFor(),
      patience: system.patience,
    })
  }
  return systems
}

function addStores(world: World, scenario: Scenario): ReadonlyMap<string, Store> {
  return new Map(
    Object.entries(scenario.stores).map(([name, { kind, settings }]) => {
      const found = storeKinds.find((candidate) => candidate.name === kind)
      if (found === undefined)
        throw new Error(`There is no kind of store named ${kind}; the scenario should have been refused.`)
      return [name, found.build(world, name, settings)] as const
    }),
  )
}

/** How the services of a scenario use one of its systems. */
export function usesOf(services: readonly ServiceSpec[], system: string): readonly Use[] {
  return services.flatMap((service) => {
    const { name, members } = service
    const use = (
      role: Use['role'],
      { from, group, settings }: Pick<ReceivesSpec, 'from' | 'group' | 'settings'>,
    ): readonly Use[] =>
      from.system === system ? [{ service: name, members, role, address: from.path, group, settings }] : []
    return [
      ...[...service.sends, ...service.forwards].flatMap(({ to, settings }) =>
        use('producer', { from: to, group: '', settings }),
      ),
      ...service.receives.flatMap((receives) => use('consumer', receives)),
      ...service.asks.flatMap(({ requests, replies, settings, replySettings }) => [
        ...use('producer', { from: requests, group: '', settings }),
        ...use('consumer', { from: replies, group: name, settings: replySettings }),
      ]),
    ]
  })
}

function linkProfiles({ everywhere, betweenZones, links }: NetworkSpec): LinkProfileOf {
  return (from, to) => {
    const special = links.find(
      ({ between: [one, other] }) =>
        (belongs(from, one) && belongs(to, other)) || (belongs(from, other) && belongs(to, one)),
    )
    const profile: LinkProfile = from.zone === to.zone || betweenZones === undefined ? everywhere : betweenZones
    return special?.profile ?? profile
  }
}

/** Whether a node is meant by its own name or by that of its service. */
function belongs(node: Node, name: string): boolean {
  return node.name === name || node.name.replace(/-\d+$/, '') === name
}

function kindOf({ kind }: SystemUse, products: readonly SystemKind[]): SystemKind {
  const found = products.find((candidate) => candidate.name === kind)
  if (found === undefined) throw new Error(`There is no product named ${kind}; the scenario should have been refused.`)
  return found
}

function strategyNamed(name: string): Strategy {
  const found = strategies.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`There is no strategy named ${name}; the scenario should have been refused.`)
  return found
}
