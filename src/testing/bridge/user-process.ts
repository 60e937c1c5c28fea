import { format, types } from 'node:util'
import type { Program } from '../../application/program.ts'
import { perform, start } from '../../application/program.ts'
import type { Handling, StrategyContext } from '../../application/strategies/strategy.ts'
import { logged } from '../../history/facts.ts'
import { second, type Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import { copyOf } from './copy-of.ts'
import { errorStack, isError, namedErrorText } from './error-text.ts'
import { follow } from './follow.ts'
import { HandlingScope } from './handling-scope.ts'
import type { Inside, Leftover, Loop, OriginOf, Waiting } from './inside.ts'
import type { ProblemKind } from './problem.ts'
import type { Scope } from './scope.ts'
import { scopes } from './scope.ts'
import { LoopScope } from './loop-scope.ts'
import type { Ended } from './shaped-handler.ts'
import { unheard } from './unheard.ts'
import { framesOf, userLine } from './user-line.ts'
import type { UserWorld } from './user-world.ts'
import { lastListenersTo, listenersTo } from './virtual/signals.ts'
import { NumberedTimers } from './virtual/virtual-timer.ts'

/** µs after which a supervisor starts a process again that ended by its own fault. */
const supervisorDelay = second

/** Numbers of simulated processes begin here. */
const firstPid = 1000

/** One simulated process with code of a user in it. */
export class UserProcess implements Inside {
  readonly process: Process
  readonly context: StrategyContext
  /** When it began, µs of the run: its monotonic clocks count from here. */
  readonly startedAt: Micros
  /** Code that runs outside of any handling: the factory of the consumer, and what it left running. */
  readonly background: Scope
  readonly world: UserWorld
  /** The number that it has on its host. */
  readonly pid: number
  readonly timers = new NumberedTimers()
  readonly #open = new Set<HandlingScope>()
  readonly #leftovers: (() => readonly Leftover[])[] = []
  readonly #loops: LoopScope[] = []
  #timers = 0
  #backgroundDelay: Micros = 0
  #operations = 0
  /** Operations that wait for something to do. */
  #idle = 0

  constructor(context: StrategyContext, world: UserWorld) {
    this.process = context.process
    this.context = context
    this.startedAt = context.process.now
    this.background = { user: this, handling: undefined, random: context.process.random.fork('user-code') }
    this.world = world
    this.pid = firstPid + world.add(this)
  }

  fetch: typeof fetch = (input) => {
    const url = input instanceof Request ? input.url : String(input)
    return Promise.reject(new TypeError(`fetch failed: ${url} is not simulated, and no API is declared.`))
  }

  originOf: OriginOf = () => undefined

  get handling(): Handling | undefined {
    return scopes.getStore()?.handling
  }

  goesOn(): void {
    const scope = scopes.getStore()
    if (scope instanceof HandlingScope) scope.goesOn()
  }

  get backgroundDelay(): Micros {
    return this.#backgroundDelay
  }

  get waits(): boolean {
    return this.process.alive && this.#operations > 0
  }

  get hasNothingLeft(): boolean {
    return this.#operations + this.#idle + this.#timers === 0
  }

  /** µs since the process began. */
  get uptime(): Micros {
    return this.process.now - this.startedAt
  }

  perform<R>(program: () => Program<R>, waiting: Waiting = {}): Promise<R> {
    const scope = waiting.isIdle === true ? this.background : scopes.getStore()
    const operation = scope?.begin?.(program, waiting) ?? program
    const ended = this.#begin(waiting)
    return new Promise((resolve, reject) =>
      this.#step(() => {
        start(this.process, caught(operation), (end) => {
          ended()
          this.later(() => (end.kind === 'returned' ? resolve(copyOf(end.value)) : reject(end.error)))
        })
      }),
    )
  }

  /** Counts an operation until what comes back is called. */
  #begin({ isIdle = false }: Waiting): () => void {
    if (isIdle) this.#idle++
    else this.#operations++
    return () => {
      if (isIdle) this.#idle--
      else this.#operations--
    }
  }

  loop(): Loop {
    const loop = new LoopScope(this)
    this.#loops.push(loop)
    return loop
  }

  log(...values: readonly unknown[]): void {
    const { handling, process, context } = this
    const text = lineOf(values)
    const message = handling?.ids.message ?? ''
    const attempt = handling?.attempt ?? 0
    this.#step(() => process.record(logged, { service: context.service, message, attempt, text }))
  }

  /** Calls code of the user, in the name of a delivery or outside of any, and comes back when what it returned has settled. */
  call(handling: Handling | undefined, code: () => unknown): Program<Ended> {
    return perform('user code', (resume) => {
      const scope = handling === undefined ? undefined : new HandlingScope(this, handling)
      if (scope !== undefined) this.#open.add(scope)
      const settle = (ended: Ended): void => {
        if (scope !== undefined) this.#open.delete(scope)
        scope?.ended(ended)
        if (handling !== undefined && ended.kind === 'threw') this.world.noteThrown(handling.ids.message, ended.error)
        if (scope !== undefined && ended.kind === 'returned' && types.isGeneratorObject(ended.value))
          this.report('generator', 'is a generator (function*), which nobody iterates: nothing of it has run')
        this.#step(() => resume(ended))
      }
      this.later(() => scopes.run(scope ?? this.background, () => follow(code, settle)))
    })
  }

  /**
   * Lets `run` touch code of the user as soon as the running event is over, if the process is still alive then; outside of any handling, unless it
   * says of which. What it throws, nobody catches.
   */
  later(run: () => void): void {
    this.world.steps.add(this.process, () => {
      try {
        scopes.run(this.background, run)
      } catch (error) {
        scopes.run(this.background, () => this.uncaught(error))
      }
    })
  }

  /** Lets `due` touch code of the user in `delay` µs; the function returned takes it back. */
  setTimer(delay: Micros, due: () => void): () => void {
    let over = false
    const scope = scopes.getStore()
    if (scope?.handling === undefined) this.#backgroundDelay = Math.max(this.#backgroundDelay, delay)
    this.#timers++
    const letGo = scope?.hold?.()
    const end = (): boolean => {
      const first = !over
      over = true
      if (first) {
        this.#timers--
        letGo?.()
      }
      return first
    }
    const timer = this.process.setTimer(delay, () =>
      this.later(() => {
        if (end()) due()
      }),
    )
    return () => {
      if (end()) timer.clear()
    }
  }

  /** Calls a callback of the user; what it throws, nobody catches. */
  callBack(callback: () => void): void {
    try {
      callback()
    } catch (error) {
      this.uncaught(error)
    }
  }

  /** An error that nobody caught, or a rejection that nobody handled: Node ends a process that has one, unless somebody listens. */
  uncaught(error: unknown, event = 'uncaughtException', promise?: unknown): void {
    if (!this.process.alive || this.world.over) return
    const own = listenersTo(this, event)
    const listeners = own.length > 0 ? own : listenersTo(this, 'uncaughtException')
    if (listeners.length === 0) return this.#endBy(error)
    try {
      for (const listener of listeners) listener(error, own.length > 0 && promise !== undefined ? promise : event)
    } catch (again) {
      this.#endBy(again)
    }
  }

  #endBy(error: unknown): void {
    const text = namedErrorText(error)
    const { about, where } = unheard(error) ?? { about: text, where: error }
    this.report('uncaught', `${this.process.name} was ended by an error that nobody caught (${about})`, where)
    this.exit(`uncaught ${text}`, 1)
  }

  /** The process ends by its own fault; a supervisor starts it again. Whoever listens to its end is told of it. */
  exit(why: string, code?: number): void {
    this.log(why)
    if (code !== undefined) for (const listener of lastListenersTo(this, 'exit')) lastWords(() => listener(code))
    this.#step(() => this.process.exit(supervisorDelay))
  }

  whenOver(left: () => readonly Leftover[]): void {
    this.#leftovers.push(left)
  }

  /** Whether a handling waits for what it has not begun itself: code that works for several at once does it in the name of any of them. */
  get isWorkingForOthers(): boolean {
    return [...this.#open].some(({ isIdle }) => isIdle)
  }

  giveUp(error: Error): void {
    this.world.fail(error)
  }

  /** Tells of something that code of the user did; the stack of an error, or its frames, know the line where. */
  report(kind: ProblemKind, message: string, where?: unknown, handling = this.handling): void {
    const { process } = this
    this.world.report({
      kind,
      message,
      line: userLine(stackOf(where)),
      node: process.name,
      handling: handling === undefined ? undefined : { message: handling.ids.message, attempt: handling.attempt },
      at: process.now,
    })
  }

  /** The run is over: where the process lives, what nothing will ever settle is told, and what was left behind. */
  conclude(): void {
    if (!this.process.alive || this.process.node.paused) return
    const open = new Set([...this.#open].map(({ handling }) => handling))
    for (const { message, where, handling } of this.#leftovers.flatMap((left) => left()))
      if (handling !== undefined && !open.has(handling)) this.report('kept', message, where, handling)
    if (this.#operations === 0 && this.#timers === 0) for (const scope of this.#open) scope.neverSettles()
    if (this.hasNothingLeft) for (const loop of this.#loops) loop.neverSettles()
  }

  /** Code of the user calls the machine from its own stack: what goes wrong in the machine is no error of the user's. */
  #step(react: () => void): void {
    if (this.world.over) return
    try {
      this.process.step(react)
    } catch (error) {
      this.world.fail(error)
    }
  }
}

/** The last words of a process: what they throw, nobody hears. */
function lastWords(call: () => unknown): void {
  try {
    call()
  } catch {
    // It ends all the same.
  }
}

function lineOf(values: readonly unknown[]): string {
  return format(...values.map((value) => (isError(value) ? namedErrorText(value) : value)))
}

function stackOf(where: unknown): readonly string[] {
  if (!Array.isArray(where)) return framesOf(errorStack(where))
  return where.filter((frame): frame is string => typeof frame === 'string')
}

/** What a program throws is an error for the user's code, not for the machine. */
function* caught<R>(
  program: () => Program<R>,
): Program<{ readonly kind: 'returned'; readonly value: R } | { readonly kind: 'threw'; readonly error: unknown }> {
  try {
    return { kind: 'returned', value: yield* program() }
  } catch (error) {
    return { kind: 'threw', error }
  }
}
