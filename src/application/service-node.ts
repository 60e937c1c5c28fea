import type { Name } from '../history/fact.ts'
import type { Micros } from '../simulation/duration.ts'
import { second } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'
import type { World } from '../simulation/world.ts'
import type { System, Use } from '../systems/system.ts'
import { askAll, PendingRequests, receiveReplies, replyTo, returnAddressHeader } from './asking.ts'
import type { Deliveries } from './deliveries.ts'
import type { Output, SourceContext } from './handling.ts'
import { LivingCounts } from './living-counts.ts'
import { Turns } from './operations.ts'
import { Outbound } from './outbound.ts'
import type { Program } from './program.ts'
import { start } from './program.ts'
import { receiveAll, untilItReceives } from './receiving.ts'
import { Outlet } from './outlet.ts'
import { Sending } from './sending.ts'
import type { Address, AsksSpec, ReceivesSpec, SendsSpec, ServiceSpec } from './service.ts'
import { addressText, memberNames } from './service.ts'
import { sourceOf } from './source.ts'
import type { Store, StoreClient } from './stores/store.ts'
import type { Owed, Strategy } from './strategies/strategy.ts'
import type { StrategyPlace } from './strategy-context.ts'
import { strategyContext } from './strategy-context.ts'
import type { Consume, UserCode } from './user-code.ts'
import { planOfMessages } from './workload.ts'

/** The quiet time that every service is granted at least, µs. */
const leastPatience = 5 * second

/** The same where code of a user handles what comes: how long that may take, nobody says. */
const patienceWithUserCode = 150 * second

/** What services are wired to. */
export interface Wiring {
  readonly world: World
  readonly systems: ReadonlyMap<string, System>
  readonly stores: ReadonlyMap<string, Store>
  readonly deliveries: Deliveries
  strategy(name: string): Strategy
  /** Code of the user's that stands where the loop of a service would, by the name of the service. */
  readonly handlers: Readonly<Record<string, UserCode>>
  /** What outputs are called, and replies: no two may make messages of the same name. */
  readonly outputNames: Set<string>
}

/** A service of a running world: adds its nodes, its workload and what the run waits for. */
export function addService(wiring: Wiring, spec: ServiceSpec): void {
  const service = new Service(wiring, spec)
  const { world } = wiring
  const names = memberNames(spec)
  for (const [member, name] of names.entries()) {
    const zone = spec.zones[member % Math.max(1, spec.zones.length)]
    world.addNode({ name, ...(zone === undefined ? {} : { zone }), start: (process) => service.start(process, member) })
  }
  if (!names.includes(spec.name)) world.targets.addToGroup(spec.name, names)
  if (spec.receives.length > 0) world.targets.addToGroup('consumer', names)
  if (spec.sends.length > 0) world.targets.addToGroup('producer', names)
  world.addParticipant({
    name: spec.name,
    busyWith: () => service.busyWith(),
    waitingFor: () => service.waitingFor(),
    patience: service.patience,
  })
}

class Service {
  readonly #wiring: Wiring
  readonly #spec: ServiceSpec
  readonly #outlets: ReadonlyMap<SendsSpec, Outlet>
  readonly #questions: ReadonlyMap<AsksSpec, Outlet>
  readonly #outputNames: readonly string[]
  readonly #replyName: string
  readonly #inHand = new LivingCounts()
  /** Messages that were handed to a client and are not answered, whoever waits for that: one who asks gives up when no reply comes. */
  readonly #unanswered = new LivingCounts()
  readonly #owed: Owed = { noted: 0, done: 0 }
  readonly #consume: Consume
  #submitted = 0

  constructor(wiring: Wiring, spec: ServiceSpec) {
    this.#wiring = wiring
    this.#spec = spec
    this.#outlets = new Map(spec.sends.map((sends) => [sends, this.#outlet(sends)]))
    this.#questions = new Map(spec.asks.map((asks) => [asks, this.#outlet(asSends(asks))]))
    this.#outputNames = spec.forwards.map(({ name }) => this.#claim(name, '#'))
    const { world, handlers } = wiring
    const userCode = handlers[spec.name]
    this.#consume = userCode?.(() => world.awaitUserCode()) ?? consumeBy(wiring, spec)
    this.#replyName = spec.replies ? this.#claim('reply', '') : 'reply'
  }

  /** The program of a member: all its loops, beside each other. */
  start(process: Process, member: number): void {
    for (const [sends, outlet] of this.#outlets) {
      outlet.abandon(member, this.#spec.members)
      const outbound = this.#outbound(process, sends.to, sends.settings)
      new Sending(process, outlet, outbound, member, this.#spec.members).begin()
    }
    for (const receives of this.#spec.receives) start(process, this.#receive(process, receives, member))
    for (const [asks, outlet] of this.#questions) {
      outlet.abandon(member, this.#spec.members)
      this.#ask(process, asks, outlet, member)
    }
  }

  busyWith(): string | undefined {
    let unanswered = 0
    for (const outlet of [...this.#outlets.values(), ...this.#questions.values()]) unanswered += outlet.unanswered
    return unanswered === 0 ? undefined : `${this.#spec.name} still has ${unanswered} to send`
  }

  /** What the living processes have taken and not finished; systems may think that it is done with. */
  waitingFor(): string | undefined {
    const inHand = this.#inHand.sum
    if (inHand > 0) return `${this.#spec.name} has ${inHand} in hand`
    const unanswered = this.#unanswered.sum
    if (unanswered > 0) return `${this.#spec.name} has sent ${unanswered} that nobody has answered`
    return this.#owed.noted > this.#owed.done ? `${this.#spec.name} has something in its outbox` : undefined
  }

  /** Its longest quiet time, µs: between two messages of a workload, over one handling, until it begins to receive, for a reply. */
  get patience(): Micros {
    const { receives, asks, handling } = this.#spec
    const gaps = [...this.#outlets.values(), ...this.#questions.values()].map((outlet) => outlet.longestGap)
    const handled = Math.ceil(handling.takes * (1 + handling.varies))
    return (
      Math.max(
        this.#wiring.handlers[this.#spec.name] === undefined ? leastPatience : patienceWithUserCode,
        handled,
        ...gaps,
        ...receives.map(({ after }) => after),
        ...asks.map(({ timeout }) => timeout),
      ) * 2
    )
  }

  #ask(process: Process, asks: AsksSpec, outlet: Outlet, member: number): void {
    const pending = new PendingRequests(asks.correlation)
    const { name, members } = this.#spec
    const outbound = this.#outbound(process, asks.requests, asks.settings)
    const consumer = this.#system(asks.replies).consumer(
      process,
      this.#use('consumer', asks.replies, name, asks.replySettings),
    )
    const textOf = (message: Name): string => this.#wiring.world.history.names.text(message)
    start(
      process,
      receiveReplies(process, consumer, pending, name, addressText(asks.replies), this.#wiring.deliveries, textOf),
    )
    start(process, askAll(process, asks, outlet, outbound, pending, name, member, members))
  }

  /** The loop of a source: that of every service, or the one that its code brings. */
  *#receive(process: Process, receives: ReceivesSpec, member: number): Program<unknown> {
    yield* untilItReceives(process, receives)
    const { handling } = this.#spec
    const place = this.#placeOf(process, receives, member)
    const source = sourceOf(process, handling, receives.limit, () => this.#sourceContext(place))
    return yield* this.#consume(strategyContext(place), source)
  }

  #placeOf(process: Process, receives: ReceivesSpec, member: number): StrategyPlace {
    const { handling } = this.#spec
    const store = handling.store === undefined ? undefined : this.#clientOf(process, handling.store)
    return {
      process,
      spec: this.#spec,
      receives,
      member,
      effectStore: store,
      outputs: this.#outputs(process),
      inHand: this.#inHand.of(process),
      owed: this.#owed,
      names: this.#wiring.world.history.names,
      clientOf: (storeName) => this.#clientOf(process, storeName),
      nextSequence: () => this.#submitted++,
    }
  }

  #sourceContext(place: StrategyPlace): SourceContext {
    const { process, receives, member, effectStore: store, outputs, inHand, names, nextSequence } = place
    const { handling, name } = this.#spec
    return {
      process,
      service: name,
      channel: addressText(receives.from),
      spec: handling,
      turns: handling.interleaving === undefined ? undefined : new Turns(handling.interleaving, member),
      store,
      inHand,
      consumer: this.#system(receives.from).consumer(
        process,
        this.#use('consumer', receives.from, receives.group, receives.settings),
      ),
      deliveries: this.#wiring.deliveries,
      outputs,
      reply: this.#spec.replies ? this.#replier(process, receives) : undefined,
      nextSequence,
      intern: (text) => names.intern(text),
      text: (number) => names.text(number),
    }
  }

  #clientOf(process: Process, name: string): StoreClient {
    const store = this.#wiring.stores.get(name)
    if (store === undefined) throw new Error(`There is no store named ${name}; the scenario should have been refused.`)
    return store.client(process)
  }

  #outputs(process: Process): readonly Output[] {
    return this.#spec.forwards.map(({ to, name, count, settings }, place) => ({
      name: this.#outputNames[place] ?? name,
      count,
      outbound: this.#outbound(process, to, settings),
    }))
  }

  #replier(process: Process, receives: ReceivesSpec): NonNullable<SourceContext['reply']> {
    const { names } = this.#wiring.world.history
    const outbounds = new Map<string, Outbound>()
    const { system } = receives.from
    const toReplies = (path: string): Outbound => {
      const known = outbounds.get(path) ?? this.#outbound(process, { system, path }, receives.settings)
      outbounds.set(path, known)
      return known
    }
    const suffix = this.#replyName
    const nextSequence = (): number => this.#submitted++
    return function* reply(request) {
      const path = request.headers[returnAddressHeader]
      if (path === undefined) return
      const message = names.intern(`${names.text(request.message)}/${suffix}`)
      yield* toReplies(path).send(replyTo(request, message, nextSequence()), [request.message])
    }
  }

  /** The name itself, or one that says whose it is where another output has it. */
  #claim(name: string, kind: '#' | ''): string {
    const { outputNames } = this.#wiring
    const own = `${this.#spec.name}-${name}`
    let free = outputNames.has(name + kind) ? own : name
    for (let number = 2; outputNames.has(free + kind); number++) free = `${own}-${number}`
    outputNames.add(free + kind)
    return free
  }

  #outbound(process: Process, to: Address, settings: Use['settings']): Outbound {
    const system = this.#system(to)
    const producer = system.producer(process, this.#use('producer', to, '', settings))
    const path = system.standsFor?.(to.path) ?? to.path
    const channel = addressText({ system: to.system, path })
    return new Outbound(process, this.#spec.name, channel, producer, this.#unanswered.of(process))
  }

  #use(role: Use['role'], { path }: Address, group: string, settings: Use['settings']): Use {
    return { service: this.#spec.name, members: this.#spec.members, role, address: path, group, settings }
  }

  #system({ system }: Address): System {
    const found = this.#wiring.systems.get(system)
    if (found === undefined)
      throw new Error(`There is no system named ${system}; the scenario should have been refused.`)
    return found
  }

  #outlet(sends: SendsSpec): Outlet {
    const { history, random } = this.#wiring.world
    const stream = random.fork(`workload/${this.#spec.name}/${sends.name}`)
    const plan = planOfMessages(sends.workload, stream)
    const taken = plan.length > 0 && history.names.has(`${sends.name}-0`)
    return new Outlet(
      sends,
      plan,
      history.names,
      taken ? `${this.#spec.name}-${sends.name}` : sends.name,
      () => this.#submitted++,
      stream,
    )
  }
}

/** Whatever a service receives is handled by its strategy. */
function consumeBy(wiring: Wiring, { handling }: ServiceSpec): Consume {
  const { name, settings } = handling.strategy
  const strategy = wiring.strategy(name)
  return (context, source) => receiveAll(source, strategy.start(context, settings))
}

function asSends(asks: AsksSpec): SendsSpec {
  return {
    to: asks.requests,
    name: asks.name,
    workload: asks.workload,
    after: 0,
    types: {},
    inFlight: asks.inFlight,
    duplicates: undefined,
    onFailure: 'give-up',
    afterRestart: 'continue',
    settings: asks.settings,
  }
}
