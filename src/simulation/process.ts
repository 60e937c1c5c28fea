import type { FactKind, Fields } from '../history/fact.ts'
import type { PlainFields, Recordable, RecordableTogether } from '../history/history.ts'
import { Backlog } from './backlog.ts'
import type { HeldStep } from './backlog.ts'
import type { ConnectOptions } from './connect-options.ts'
import type { AcceptConnection, Connection, ConnectionHandler, Listener } from './connection.ts'
import type { Disk } from './disk.ts'
import type { Micros } from './duration.ts'
import type { Node } from './node.ts'
import type { CutStrike, Fate, Outgoing } from './outbox.ts'
import { Outbox } from './outbox.ts'
import type { Random } from './random.ts'
import { Lane } from './service.ts'
import { Timer } from './timer.ts'
import { takeOut } from './take-out.ts'
import type { Task } from './work.ts'
import { Work } from './work.ts'
import type { World } from './world.ts'

/** What a program does when it is told to stop: one of the two, sooner or later. */
type SignalHandler = (goOn: () => void, end: () => void) => void

/** Who hears the datagrams of a port, one after the other. */
interface DatagramHandler {
  readonly lane: Lane
  handle(message: unknown, from: string): void
}

/**
 * One incarnation of the process of a node, and all that its code can ask for. Code runs in steps: it changes its own state at once, and what
 * it sends leaves together when the step ends. When the process dies, nothing of it ever runs again.
 */
export class Process {
  readonly node: Node
  readonly incarnation: number
  readonly random: Random
  readonly #world: World
  readonly #outbox = new Outbox()
  readonly #backlog: Backlog
  readonly #works: Work[] = []
  readonly #fateNow = (): Fate => this.#fate
  readonly #connections = new Set<Connection<unknown>>()
  readonly #listeners = new Map<string, Listener>()
  readonly #datagramHandlers = new Map<string, DatagramHandler>()
  readonly #stopHandlers: ((done: () => void) => void)[] = []
  #signalHandler: SignalHandler | undefined
  /** What the running step still does before it ends. */
  readonly #afterwards: (() => void)[] = []
  #alive = true
  #inStep = false

  constructor(world: World, node: Node, incarnation: number) {
    this.#world = world
    this.node = node
    this.incarnation = incarnation
    this.#backlog = new Backlog(world.engine, node.number, () => !this.#alive || node.paused)
    this.random = world.random.fork(`node/${node.name}/${incarnation}`)
  }

  get name(): string {
    return this.node.name
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Monotonic time in µs. */
  get now(): Micros {
    return this.#world.engine.now
  }

  /** µs since 1970 by the host's clock, which a fault may have set wrong. */
  get wallClock(): Micros {
    return this.node.clock.read(this.now)
  }

  get disk(): Disk {
    return this.node.disk
  }

  /** Whether it is at work on something: work that goes on, whoever asked for it. */
  get isWorking(): boolean {
    return this.#works.length > 0
  }

  /** How long what it is at work on takes, the longest of it, µs. */
  get longestWork(): Micros {
    return this.#works.reduce((longest, { duration }) => Math.max(longest, duration), 0)
  }

  /** Whether a step of this process is running right now. */
  get inStep(): boolean {
    return this.#inStep
  }

  /** Records a fact of this node; returns its index. Its cause is what triggered the step, unless another is given. */
  record<F extends Fields>(kind: FactKind<string, F>, values: Recordable<F>, cause?: number): number {
    return this.#world.record(kind, this.node.label, values, cause)
  }

  /** Records facts of this node that happen together: `count` of them, with a value that all of them have or one for each. */
  recordTogether<F extends PlainFields>(kind: FactKind<string, F>, count: number, values: RecordableTogether<F>): void {
    this.#world.recordTogether(kind, this.node.label, count, values)
  }

  /** Whether anybody would see a fact of this kind: those that are only for whoever asks need not be recorded otherwise. */
  isListenedTo(kind: FactKind): boolean {
    return this.#world.history.isListenedTo(kind)
  }

  /**
   * Calls `due` in `delay` µs, as a step, unless cleared before. `awaiting` names the node whose silence the timer watches: if it comes due,
   * what it leads to points to the fault that silenced that node meanwhile.
   */
  setTimer(delay: Micros, due: () => void, awaiting?: string): Timer {
    return new Timer(this, this.#world, delay, due, awaiting)
  }

  /**
   * Leaves out what would only repeat itself, as long as nothing disturbs it: `end` is called when it is over, and may set timers but send
   * nothing. Calling what comes back forgets it. Only for what is going well: a connection says so, see `isWell`.
   */
  beginLull(end: () => void): () => void {
    return this.#world.lulls.begin(() => {
      if (this.#alive) end()
    })
  }

  /** The number of the present lull: while it is the same, nothing has got in anybody's way. */
  get lull(): number {
    return this.#world.lulls.number
  }

  /** Ends every lull: something has changed that others learn of only by what they leave out. */
  endLulls(): void {
    this.#world.lulls.end()
  }

  /**
   * Calls `act` in the running step, when what runs now has returned: for what the program does next without waiting for anything. Nothing can
   * come between, no crash either; what must be a step of its own sets a timer.
   */
  afterwards(act: () => void): void {
    if (this.#inStep) this.#afterwards.push(act)
    else this.step(act)
  }

  /** Calls `done` as a step when the node has worked for `duration` µs: a slow node takes longer, a paused one makes no headway. */
  work(duration: Micros, done: () => void): void {
    this.workFor(this.#world.engine.cause, duration, { run: done })
  }

  /** Opens a connection to the listener `port` of another node. What is sent before it is open waits. */
  connect<Out, In>(
    to: string,
    port: string,
    handler: ConnectionHandler<In>,
    options?: ConnectOptions,
  ): Connection<Out> {
    return this.#world.network.connect<Out, In>(this, to, port, handler, options)
  }

  /** Accepts connections to `port`; the options are those of the accepting ends. */
  listen<Out, In>(port: string, accept: AcceptConnection<Out, In>, options: ConnectOptions = {}): void {
    // What travels on a port is an agreement of both ends that the network cannot know.
    this.#listeners.set(port, { accept: accept as AcceptConnection<unknown, unknown>, options })
  }

  /** Sends one datagram, which may be lost, doubled or overtaken. */
  sendDatagram(to: string, port: string, message: unknown, bytes: number): void {
    const { cause } = this.#world.engine
    this.leaveAfterStep({
      leave: () => this.#world.network.sendDatagram(this.node, { to, port, message, bytes, cause }),
    })
  }

  onDatagram(port: string, handle: (message: unknown, from: string) => void): void {
    this.#datagramHandlers.set(port, { handle, lane: new Lane() })
  }

  /** Called on an orderly stop, last registered first; `done` lets the next one run, and the process end after the last. */
  onStop(stop: (done: () => void) => void): void {
    this.#stopHandlers.unshift(stop)
  }

  /**
   * Called first on an orderly stop, in place of what happens otherwise: `goOn` runs the handlers of {@link onStop} and ends the process, `end`
   * ends it at once. A program that does not listen to the signal to stop is ended by it where it stands.
   */
  onSignal(handle: SignalHandler): void {
    this.#signalHandler = handle
  }

  /** A stream of random numbers for something that outlives this process and is not its own: `handling/order-17/attempt-1`. */
  randomOf(entity: string): Random {
    return this.#world.random.fork(entity)
  }

  /** The process ends by its own fault when the step is over; a supervisor starts it again after `restartAfter` µs. */
  exit(restartAfter: Micros): void {
    this.leaveAfterStep({ leave: () => this.node.exit(restartAfter) })
  }

  // What follows is for the machine itself.

  listener(port: string): Listener | undefined {
    return this.#listeners.get(port)
  }

  datagramHandler(port: string): DatagramHandler | undefined {
    return this.#datagramHandlers.get(port)
  }

  get connections(): ReadonlySet<Connection<unknown>> {
    return this.#connections
  }

  attach(connection: Connection<unknown>): void {
    this.#connections.add(connection)
  }

  detach(connection: Connection<unknown>): void {
    this.#connections.delete(connection)
  }

  /** Lets a message go at the end of the running step, or now if none is running. */
  leaveAfterStep(outgoing: Outgoing): void {
    if (this.#inStep) this.#outbox.add(outgoing)
    else if (this.#alive) outgoing.leave()
  }

  /** Makes a fault strike inside the running step. */
  strikeInStep(strike: CutStrike): void {
    this.#outbox.addStrike(strike)
  }

  /** Work on account of a fact that is not the latest. */
  workFor(cause: number, duration: Micros, task: Task): void {
    if (!this.#alive) return
    const work = new Work(this, this.#world.engine, cause, Math.floor(duration * this.node.slowness), task)
    if (this.node.paused) work.freeze()
    this.#works.push(work)
  }

  /** Something of `bytes` arrived on a `lane`: performs what is done about it when a server is free, or keeps it for the end of a pause. */
  input(bytes: number, reaction: Task, lane: Lane): void {
    if (!this.#alive) return
    const { cause } = this.#world.engine
    const { service } = this.node
    if (this.holdsBack) {
      const run = (): void => service.accept(this, bytes, reaction, lane, cause)
      this.#backlog.holdInput({ cause, run }, this.node.paused)
    } else service.accept(this, bytes, reaction, lane, cause)
  }

  timerDue(due: () => void): void {
    if (!this.#alive) return
    if (this.holdsBack) this.#backlog.holdTimer(this.#held(due), this.node.paused)
    else this.step(due)
  }

  workDone(work: Work): void {
    takeOut(this.#works, work)
    this.perform(work)
  }

  /** Runs a task as a step: {@link step} without a closure, which would be one for each message. */
  perform(task: Task): void {
    if (this.#inStep || !this.#alive || this.node.paused) {
      this.step(() => task.run())
      return
    }
    this.#inStep = true
    task.run()
    this.#endStep()
  }

  /** Runs a reaction, then lets out what it sends, as far as faults allow. */
  step(react: () => void): void {
    if (!this.#alive) return
    if (this.#inStep) {
      react()
      return
    }
    if (this.node.paused) {
      this.#backlog.interrupt(this.#held(react))
      return
    }
    this.#inStep = true
    react()
    this.#endStep()
  }

  #endStep(): void {
    for (let next = this.#afterwards.shift(); next !== undefined; next = this.#afterwards.shift()) next()
    this.#inStep = false
    if (!this.#outbox.empty) this.#letOut(this.#outbox)
  }

  /** The pause begins: work stops where it is. */
  freeze(): void {
    for (const work of this.#works) work.freeze()
  }

  /** The pause is over, as `resumed` says: what piled up runs now, and work goes on. */
  thaw(resumed: number): void {
    this.#backlog.release(resumed)
    for (const work of this.#works) work.thaw()
  }

  /** Orderly stop: what the program does about the signal, then the stop handlers one after the other, then `done`. */
  stop(done: () => void): void {
    const handle = this.#signalHandler
    // What the last step sends is to leave before the end.
    const end = (): void => this.leaveAfterStep({ leave: done })
    if (handle === undefined) this.#close(end)
    else this.step(() => handle(() => this.#close(end), end))
  }

  #close(end: () => void): void {
    const next = this.#stopHandlers.shift()
    if (next === undefined) end()
    else this.step(() => next(() => this.#close(end)))
  }

  /** Nothing of this process runs from here on. */
  die(): void {
    this.#alive = false
    this.#outbox.clear()
    for (const work of this.#works) work.freeze()
    this.#works.length = 0
    this.#forgetProgram()
  }

  /** Timers and connections outlive the process for a while, and what its program had in memory must not stay as long. */
  #forgetProgram(): void {
    this.#signalHandler = undefined
    this.#stopHandlers.length = 0
    this.#listeners.clear()
    this.#datagramHandlers.clear()
    this.#world.engine.forEachTarget((target) => {
      if (target instanceof Timer) target.forgetIfOf(this)
    })
  }

  /** Whether what comes in has to wait: the process is frozen, or has not caught up after that. */
  get holdsBack(): boolean {
    return this.node.paused || this.#backlog.draining
  }

  #letOut(outbox: Outbox): void {
    const rest = outbox.letOut(this.#fateNow)
    if (rest !== undefined) {
      this.#backlog.interrupt({ cause: this.#world.engine.cause, run: () => this.#letOut(rest) })
    }
  }

  get #fate(): Fate {
    if (!this.#alive) return 'dead'
    return this.node.paused ? 'paused' : 'running'
  }

  #held(react: () => void): HeldStep {
    return { cause: this.#world.engine.cause, run: () => this.step(react) }
  }
}
