import type { FactKind, Fields } from '../history/fact.ts'
import { noFact } from '../history/fact.ts'
import type { Recordable } from '../history/history.ts'
import type { Disk } from './disk.ts'
import type { Micros } from './duration.ts'
import type { EventTarget, Ticket } from './event-queue.ts'
import type { Connection, ConnectionHandler, ConnectOptions } from './connection.ts'
import type { Node } from './node.ts'
import type { Random } from './random.ts'
import type { World } from './world.ts'

const timerDue = 1
const workDone = 2

/** What a step asked for that others can see. It leaves when the step is over, unless a crash cuts it off. */
export interface Outgoing {
  leave(): void
}

/** A fault that strikes when a step has let `afterSends` of its outgoing messages go. */
export interface CutStrike {
  readonly afterSends: number
  strike(): void
}

interface HeldStep {
  readonly cause: number
  readonly run: () => void
}

export type AcceptConnection<Out, In> = (connection: Connection<Out>) => ConnectionHandler<In>

/**
 * One incarnation of the process of a node, and all that its code can ask for. Code runs in steps: it changes its own state at once, and what
 * it sends leaves together when the step ends. When the process dies, nothing of it ever runs again.
 */
export class Process {
  readonly node: Node
  readonly incarnation: number
  readonly random: Random
  readonly #world: World
  readonly #outbox: Outgoing[] = []
  readonly #works = new Set<Work>()
  readonly #connections = new Set<Connection<unknown>>()
  readonly #listeners = new Map<string, AcceptConnection<unknown, unknown>>()
  readonly #datagramHandlers = new Map<string, (message: unknown, from: string) => void>()
  readonly #stopHandlers: ((done: () => void) => void)[] = []
  #alive = true
  #inStep = false
  #strikes: CutStrike[] = []
  #interrupted: HeldStep[] = []
  #lateTimers: HeldStep[] = []
  #waitingInputs: HeldStep[] = []

  constructor(world: World, node: Node, incarnation: number) {
    this.#world = world
    this.node = node
    this.incarnation = incarnation
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

  /** Whether a step of this process is running right now. */
  get inStep(): boolean {
    return this.#inStep
  }

  /** Records a fact of this node; returns its index. Its cause is what triggered the step, unless another is given. */
  record<F extends Fields>(kind: FactKind<string, F>, values: Recordable<F>, cause?: number): number {
    return this.#world.record(kind, this.node.label, values, cause)
  }

  /**
   * Calls `due` in `delay` µs, as a step, unless cleared before. `awaiting` names the node whose silence the timer watches: if it comes due,
   * what it leads to points to the fault that silenced that node.
   */
  setTimer(delay: Micros, due: () => void, awaiting?: string): Timer {
    return new Timer(this, this.#world, delay, due, awaiting)
  }

  /** Calls `done` as a step when the node has worked for `duration` µs: a slow node takes longer, a paused one makes no headway. */
  work(duration: Micros, done: () => void): void {
    this.#works.add(new Work(this, this.#world, Math.floor(duration * this.node.slowness), done))
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

  /** Accepts connections to `port`. */
  listen<Out, In>(port: string, accept: AcceptConnection<Out, In>): void {
    // What travels on a port is an agreement of both ends that the network cannot know.
    this.#listeners.set(port, accept as AcceptConnection<unknown, unknown>)
  }

  listener(port: string): AcceptConnection<unknown, unknown> | undefined {
    return this.#listeners.get(port)
  }

  /** Sends one datagram, which may be lost, doubled or overtaken. */
  sendDatagram(to: string, port: string, message: unknown, bytes: number): void {
    this.leaveAfterStep({ leave: () => this.#world.network.sendDatagram(this.node, to, port, message, bytes) })
  }

  onDatagram(port: string, handle: (message: unknown, from: string) => void): void {
    this.#datagramHandlers.set(port, handle)
  }

  datagramHandler(port: string): ((message: unknown, from: string) => void) | undefined {
    return this.#datagramHandlers.get(port)
  }

  /** Called on an orderly stop, last registered first; `done` lets the next one run, and the process end after the last. */
  onStop(stop: (done: () => void) => void): void {
    this.#stopHandlers.unshift(stop)
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
    if (this.#inStep) this.#outbox.push(outgoing)
    else if (this.#alive) outgoing.leave()
  }

  /** Makes a fault strike inside the running step, when `afterSends` messages have left. */
  strikeInStep(strike: CutStrike): void {
    this.#strikes.push(strike)
    this.#strikes.sort((a, b) => a.afterSends - b.afterSends)
  }

  /** Something of `bytes` arrived on a `lane`: runs `react` as a step when a server is free, or keeps it for the end of a pause. */
  input(bytes: number, react: () => void, lane: unknown): void {
    if (!this.#alive) return
    if (this.node.paused) this.#waitingInputs.push(this.#held(() => this.input(bytes, react, lane)))
    else this.node.service.accept(this, bytes, react, lane)
  }

  timerDue(due: () => void): void {
    if (!this.#alive) return
    if (this.node.paused) this.#lateTimers.push(this.#held(() => this.step(due)))
    else this.step(due)
  }

  workDone(work: Work, done: () => void): void {
    this.#works.delete(work)
    this.step(done)
  }

  /** Runs a reaction, then lets out what it sends, as far as faults allow. */
  step(react: () => void): void {
    if (!this.#alive) return
    if (this.#inStep) {
      react()
      return
    }
    this.#inStep = true
    react()
    this.#inStep = false
    if (this.#outbox.length > 0 || this.#strikes.length > 0)
      this.#letOut(this.#outbox.splice(0), this.#strikes.splice(0))
  }

  /** The pause begins: work stops where it is. */
  freeze(): void {
    for (const work of this.#works) work.freeze()
  }

  /** The pause is over: the interrupted step runs first, then late timers, then queued input. */
  thaw(): void {
    const late = [...this.#interrupted.splice(0), ...this.#lateTimers.splice(0), ...this.#waitingInputs.splice(0)]
    for (const work of this.#works) work.thaw()
    for (const [place, held] of late.entries()) {
      if (!this.#alive) return
      // A fault inside one of these steps may have frozen the process again.
      if (this.node.paused) {
        this.#interrupted = late.slice(place)
        return
      }
      this.#world.engine.descendFrom(held.cause)
      held.run()
    }
  }

  /** Orderly stop: runs the stop handlers one after the other, then `done`. */
  stop(done: () => void): void {
    const [next, ...rest] = this.#stopHandlers.splice(0)
    if (next === undefined) {
      done()
      return
    }
    this.#stopHandlers.push(...rest)
    this.step(() => next(() => this.stop(done)))
  }

  /** Nothing of this process runs from here on. */
  die(): void {
    this.#alive = false
    this.#outbox.length = 0
    this.#strikes.length = 0
    for (const work of this.#works) work.freeze()
    this.#works.clear()
  }

  #letOut(outgoing: readonly Outgoing[], strikes: readonly CutStrike[]): void {
    let left = 0
    for (const [place, strike] of strikes.entries()) {
      for (; left < Math.min(strike.afterSends, outgoing.length); left++) outgoing[left]?.leave()
      strike.strike()
      if (!this.#alive) return
      if (this.node.paused) {
        const [rest, later] = [outgoing.slice(left), strikes.slice(place + 1)]
        const sent = left
        const shifted = later.map((each) => ({ afterSends: each.afterSends - sent, strike: () => each.strike() }))
        this.#interrupted.push(this.#held(() => this.#letOut(rest, shifted)))
        return
      }
    }
    for (; left < outgoing.length; left++) outgoing[left]?.leave()
  }

  #held(run: () => void): HeldStep {
    return { cause: this.#world.engine.cause, run }
  }
}

/** A timer of a process. */
export class Timer implements EventTarget {
  readonly number: number
  readonly #process: Process
  readonly #world: World
  readonly #due: () => void
  readonly #awaiting: string | undefined
  #ticket: Ticket

  constructor(process: Process, world: World, delay: Micros, due: () => void, awaiting: string | undefined) {
    this.number = process.node.number
    this.#process = process
    this.#world = world
    this.#due = due
    this.#awaiting = awaiting
    this.#ticket = world.engine.schedule(delay, this, timerDue, undefined)
  }

  occur(): void {
    if (!this.#process.alive) return
    this.#world.engine.waitedFor =
      this.#awaiting === undefined ? noFact : this.#world.silenceOf(this.#awaiting, this.#process.name)
    this.#process.timerDue(this.#due)
  }

  clear(): void {
    this.#world.engine.cancel(this.#ticket)
  }
}

/** Time that a node spends on something. */
class Work implements EventTarget {
  readonly number: number
  readonly #process: Process
  readonly #world: World
  readonly #done: () => void
  #ticket: Ticket
  #due: Micros
  #frozenAt: Micros | undefined

  constructor(process: Process, world: World, duration: Micros, done: () => void) {
    this.number = process.node.number
    this.#process = process
    this.#world = world
    this.#done = done
    this.#due = world.engine.now + duration
    this.#ticket = world.engine.schedule(duration, this, workDone, undefined)
    if (process.node.paused) this.freeze()
  }

  occur(): void {
    this.#process.workDone(this, this.#done)
  }

  freeze(): void {
    this.#world.engine.cancel(this.#ticket)
    this.#frozenAt ??= this.#world.engine.now
  }

  thaw(): void {
    if (this.#frozenAt === undefined) return
    const { engine } = this.#world
    this.#due += engine.now - this.#frozenAt
    this.#frozenAt = undefined
    this.#ticket = engine.schedule(this.#due - engine.now, this, workDone, undefined)
  }
}
