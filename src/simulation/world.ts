import type { FactKind, Fields, Name } from '../history/fact.ts'
import { noFact } from '../history/fact.ts'
import { neutralFacts, runEnded } from '../history/facts.ts'
import type { FactListener, PlainFields, Recordable, RecordableTogether } from '../history/history.ts'
import { History } from '../history/history.ts'
import type { Micros } from './duration.ts'
import { Engine } from './engine.ts'
import type { Fault, FaultKind } from './fault.ts'
import type { StrikesBefore } from './fault-schedule.ts'
import { FaultSchedule } from './fault-schedule.ts'
import type { LinkProfileOf } from './network.ts'
import { Lulls } from './lulls.ts'
import { Network } from './network.ts'
import type { NodeSpec } from './node.ts'
import { Node } from './node.ts'
import { Random } from './random.ts'
import type { Ending, Participant, SettlingOptions } from './settling.ts'
import { Settling } from './settling.ts'
import { Targets } from './targets.ts'

export interface WorldOptions {
  readonly seed: string
  readonly linkProfileOf: LinkProfileOf
  readonly faults: readonly Fault[]
  readonly faultKinds: readonly FaultKind[]
  readonly settling: SettlingOptions
  /** With so many events the run is at its bound. Default: however many it has, it is not. */
  readonly mostEvents?: number
  /** Kinds of facts that products add to the neutral ones; anchors may name them. */
  readonly factKinds: readonly FactKind[]
  /** Records a fact for each packet; the fingerprint stays the same. */
  readonly observeNetwork: boolean
  /** `false` lets listeners see the facts and keeps none. */
  readonly keepHistory: boolean
  /** What rehearsals of this very run found out; see {@link World.rehearsal}. */
  readonly strikesBefore: StrikesBefore
}

/** The number of the event before the first: the nodes' start. */
const beforeAllEvents = -1

/** Why {@link World.advance} came back: the run is over, must begin anew, or user code is due before it can go on. */
export type Progress = 'settled' | 'stopped' | 'user-code'

/** One run of a simulated world: its nodes, network, faults and record. It knows no product. */
export class World {
  readonly engine = new Engine()
  readonly lulls = new Lulls(this.engine)
  readonly random: Random
  readonly history: History
  readonly network: Network
  readonly targets = new Targets()
  readonly schedule: FaultSchedule
  readonly #settling: Settling
  readonly #nodes: Node[] = []
  readonly #participants: Participant[] = []
  readonly #kinds = new Map<string, FactKind>()
  readonly #strikesBefore: StrikesBefore
  readonly #runLabel: Name
  #progress = 0
  #ended: { readonly kind: Ending; readonly waitingFor: string } | undefined
  #userCode = false

  /** A fault cut `before` a step was found to belong before this event: the run is of no use, the next one knows. */
  rehearsal: { readonly fault: number; readonly event: number } | undefined

  constructor(options: WorldOptions) {
    this.random = new Random(options.seed)
    this.history = new History({ keep: options.keepHistory })
    for (const kind of [...neutralFacts, ...options.factKinds]) this.#kinds.set(kind.name, kind)
    this.#runLabel = this.history.names.intern('run')
    this.network = new Network(this, options.linkProfileOf, options.observeNetwork)
    this.schedule = new FaultSchedule(this, options.faults, options.faultKinds, options.strikesBefore)
    this.#strikesBefore = options.strikesBefore
    this.#settling = new Settling(this, options.settling, options.mostEvents ?? Infinity)
  }

  get nodes(): readonly Node[] {
    return this.#nodes
  }

  get participants(): readonly Participant[] {
    return this.#participants
  }

  /** Counts what cannot happen for ever: first answers, first handlings, first effects, copies that reached their end. */
  get progress(): number {
    return this.#progress
  }

  addNode(spec: NodeSpec): Node {
    const node = new Node(this, spec, this.#nodes.length)
    this.#nodes.push(node)
    this.targets.addNode(node)
    this.targets.addToGroup('all', [node.name])
    return node
  }

  addParticipant(participant: Participant): void {
    this.#participants.push(participant)
  }

  node(name: string): Node {
    const node = this.targets.node(name)
    if (node === undefined) throw new Error(`There is no node named ${name}.`)
    return node
  }

  /** Starts every node, in the order in which they were added, and the schedule of faults. */
  begin(): void {
    this.schedule.arm()
    this.schedule.strikeBefore(beforeAllEvents)
    for (const node of this.#nodes) {
      this.engine.descendFrom(noFact)
      node.begin()
    }
    this.#settling.begin()
  }

  /** How the run ended, once it has. */
  get ending(): { readonly kind: Ending; readonly waitingFor: string } {
    if (this.#ended === undefined) throw new Error('The run has not ended yet.')
    return this.#ended
  }

  /** Lets events occur until the run is over or user code has to run. */
  advance(): Progress {
    while (this.#ended === undefined && this.rehearsal === undefined) {
      if (this.#userCode) {
        this.#userCode = false
        return 'user-code'
      }
      if (this.#strikesBefore.size > 0) this.#strikeBeforeNext()
      if (!this.engine.step()) this.end('settled', '')
    }
    return this.rehearsal === undefined ? 'settled' : 'stopped'
  }

  /** Makes {@link advance} come back after the running event, so that promises of user code can go on. */
  awaitUserCode(): void {
    this.#userCode = true
  }

  #strikeBeforeNext(): void {
    const { engine, schedule } = this
    if (!schedule.hasStrikeBefore(engine.dispatched)) return
    engine.approachNext()
    schedule.strikeBefore(engine.dispatched)
  }

  /** Records a fact of a node. Its cause is what triggered the running event, unless another is given. */
  record<F extends Fields>(kind: FactKind<string, F>, node: Name, values: Recordable<F>, cause?: number): number {
    const { engine, history } = this
    const index = history.record(kind, engine.now, node, values, cause ?? engine.trigger, engine.waitedFor)
    // Observing the network must change neither the fingerprint nor what anything else descends from.
    if (kind.scope === 'network') return index
    engine.fingerprint.mix(history.lastDigest)
    engine.fingerprint.mix(history.names.digest(node))
    if (isProgress(kind, values)) this.#progress++
    engine.cause = index
    return index
  }

  /**
   * Records `count` facts of a kind that happen together at a node: the same as one after another, but that they are taken column by column
   * where nobody looks at each as it happens.
   */
  recordTogether<F extends PlainFields>(
    kind: FactKind<string, F>,
    node: Name,
    count: number,
    values: RecordableTogether<F>,
  ): void {
    const { engine, history } = this
    if (count === 0) return
    if (history.isListenedTo(kind) || progressKinds.has(kind.name)) {
      const fields = Object.keys(kind.fields)
      for (let place = 0; place < count; place++) this.record(kind, node, valuesAt(place, fields, values))
      return
    }
    const digests = history.recordTogether(kind, engine.now, node, count, values, engine.trigger, engine.waitedFor)
    const nodeDigest = history.names.digest(node)
    for (const digest of digests) {
      engine.fingerprint.mix(digest)
      engine.fingerprint.mix(nodeDigest)
    }
    engine.cause = history.length - 1
  }

  /** Records a fact that belongs to no node. */
  recordOfRun<F extends Fields>(kind: FactKind<string, F>, values: Recordable<F>, cause?: number): number {
    return this.record(kind, this.#runLabel, values, cause)
  }

  listen(factName: string, listener: FactListener): void {
    const kind = this.#kinds.get(factName)
    if (kind === undefined)
      throw new Error(`There is no fact named ${factName}; the scenario should have been refused.`)
    this.history.listen(kind, listener)
  }

  /** Every kind of fact that can happen here. */
  get factKinds(): readonly FactKind[] {
    return [...this.#kinds.values()]
  }

  /** Strikes when the running step has let `afterSends` messages go; after the running event, if no step runs. */
  strikeInStep(afterSends: number, strike: () => void): void {
    const running = this.#nodes.find((node) => node.process.inStep)
    if (running !== undefined) running.process.strikeInStep({ afterSends, strike })
    else this.afterEvent(strike)
  }

  /** Does something as soon as the running event is over: a fact that is being recorded need not be the last of its step. */
  afterEvent(act: () => void): void {
    this.engine.schedule(0, { number: -3, occur: act }, 0, undefined)
  }

  rehearse(fault: number): void {
    this.rehearsal ??= { fault, event: this.engine.dispatched - 1 }
  }

  /** Why nothing was heard from a node at some time since `since`: the fact of the fault, or {@link noFact}. */
  silenceOf(from: string, to: string, since: Micros): number {
    return this.network.silenceOf(this.node(from), this.node(to), since)
  }

  end(ending: Ending, waitingFor: string): void {
    if (this.#ended !== undefined) return
    this.#ended = { kind: ending, waitingFor }
    this.schedule.close()
    this.recordOfRun(runEnded, { ending, waitingFor })
  }
}

const progressKinds: ReadonlySet<string> = new Set(['answered', 'handled', 'effect-applied', 'copy-ended'])

function isProgress(kind: FactKind, values: Readonly<Record<string, unknown>>): boolean {
  return progressKinds.has(kind.name) && (values['attempt'] === undefined || values['attempt'] === 1)
}

function valuesAt<F extends PlainFields>(
  place: number,
  fields: readonly string[],
  values: RecordableTogether<F>,
): Recordable<F> {
  const columns: Readonly<Record<string, number | ArrayLike<number>>> = values
  const own: Record<string, number> = {}
  for (const field of fields) {
    const value = columns[field] ?? 0
    own[field] = typeof value === 'number' ? value : (value[place] ?? 0)
  }
  // The same fields, each with one of its values.
  return own as Recordable<F>
}
