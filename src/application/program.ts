import type { Micros } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'

/** Stops waiting for an operation; what it began elsewhere goes on. */
export type Cancel = () => void

/** One thing that a program waits for. Every operation is a place where a fault can strike. */
interface Operation {
  readonly name: string
  begin(process: Process, resume: (value: unknown) => void): Cancel | undefined
}

/**
 * Code that runs on a node: a generator that yields operations, written with `yield*` so that it reads like the loop in a tutorial. A crash
 * drops it where it stands (`finally` does not run, as in a killed process); a pause stops it.
 */
export type Program<R = void> = IterableIterator<Operation, R, unknown>

/** An operation as a program: begins something and comes back with what it resumes with. `begin` may return a way to stop waiting. */
export function perform<T>(
  name: string,
  begin: (resume: (value: T) => void, process: Process) => Cancel | void,
): Program<T> {
  return new Performed(name, begin)
}

/**
 * A program of a single operation: yields it, and ends with the answer. As a generator it would be two lines, and cost three times as much:
 * programs consist of these.
 */
class Performed<T> implements Operation, Program<T> {
  readonly name: string
  readonly #begin: (resume: (value: T) => void, process: Process) => Cancel | void
  #begun = false

  constructor(name: string, begin: (resume: (value: T) => void, process: Process) => Cancel | void) {
    this.name = name
    this.#begin = begin
  }

  begin(process: Process, resume: (value: unknown) => void): Cancel | undefined {
    return this.#begin(resume, process) ?? undefined
  }

  next(answer?: unknown): IteratorResult<Operation, T> {
    // The answer is what `resume` of this very operation was called with.
    if (this.#begun) return { done: true, value: answer as T }
    this.#begun = true
    return { done: false, value: this }
  }

  [Symbol.iterator](): this {
    return this
  }
}

/** A program that has nothing to wait for. */
export function already<R>(result: R): Program<R> {
  const program: Program<R> = {
    next: () => ({ done: true, value: result }),
    [Symbol.iterator]: () => program,
  }
  return program
}

/** A program that runs. */
export interface Running {
  /** Drops the program where it stands. */
  cancel(): void
}

/** Runs a program on a process; `done` is called with its result, inside a step. */
export function start<R>(process: Process, program: Program<R>, done: (result: R) => void = () => {}): Running {
  const runner = new Runner(process, program, done)
  runner.begin()
  return runner
}

class Runner<R> implements Running {
  readonly #process: Process
  readonly #program: Program<R>
  readonly #done: (result: R) => void
  /** Whether an operation is just beginning: what resumes at once would otherwise deepen the stack with every round of a loop. */
  #beginning = false
  #resumed = true
  #answer: unknown = undefined
  #cancelOperation: Cancel | undefined
  #over = false

  constructor(process: Process, program: Program<R>, done: (result: R) => void) {
    this.#process = process
    this.#program = program
    this.#done = done
  }

  begin(): void {
    this.#process.step(this.#advance)
  }

  cancel(): void {
    this.#over = true
    this.#cancelOperation?.()
  }

  readonly #resume = (answer: unknown): void => {
    this.#answer = answer
    this.#resumed = true
    if (!this.#beginning) this.#process.step(this.#advance)
  }

  readonly #advance = (): void => {
    while (this.#resumed && !this.#over && this.#process.alive) {
      const next = this.#program.next(this.#answer)
      if (next.done === true) {
        this.#over = true
        this.#done(next.value)
        return
      }
      this.#resumed = false
      this.#beginning = true
      this.#cancelOperation = next.value.begin(this.#process, this.#resume)
      this.#beginning = false
    }
  }
}

export function sleep(duration: Micros): Program {
  return perform('sleep', (resume, process) => {
    const timer = process.setTimer(duration, () => resume(undefined))
    return () => timer.clear()
  })
}

/** Spends work: a slow node takes longer, a paused one makes no headway. */
export function work(duration: Micros): Program {
  return perform('work', (resume, process) => process.work(duration, () => resume(undefined)))
}

/** Runs a program beside this one, on the same process. */
export function spawn(program: Program<unknown>): Program<Running> {
  return perform('spawn', (resume, process) => resume(start(process, program)))
}

/** Waits for all of them; the results are in the order of the programs. */
export function all<R>(programs: readonly Program<R>[]): Program<readonly R[]> {
  return perform('all', (resume, process) => {
    const results = new Map<number, R>()
    const finished = (): void => {
      if (results.size === programs.length) resume(programs.flatMap((_, index) => results.get(index) ?? []))
    }
    if (programs.length === 0) resume([])
    const running = programs.map((program, index) =>
      start(process, program, (result) => {
        results.set(index, result)
        finished()
      }),
    )
    return () => cancelAll(running)
  })
}

/** Waits for the first of them, and drops the others where they stand. */
export function race<R>(programs: readonly Program<R>[]): Program<R> {
  return perform('race', (resume, process) => {
    let decided = false
    const running: Running[] = []
    for (const program of programs) {
      if (decided) break
      running.push(
        start(process, program, (result) => {
          if (decided) return
          decided = true
          cancelAll(running)
          resume(result)
        }),
      )
    }
    return () => cancelAll(running)
  })
}

function cancelAll(running: readonly Running[]): void {
  for (const each of running) each.cancel()
}
