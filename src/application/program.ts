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
export type Program<R = void> = Generator<Operation, R, unknown>

/** An operation as a program: begins something and comes back with what it resumes with. `begin` may return a way to stop waiting. */
export function* perform<T>(
  name: string,
  begin: (resume: (value: T) => void, process: Process) => Cancel | void,
): Program<T> {
  const value = yield { name, begin: (process, resume) => begin(resume, process) ?? undefined }
  // The value is what `resume` of this very operation was called with.
  return value as T
}

/** A program that runs. */
export interface Running {
  /** Drops the program where it stands. */
  cancel(): void
}

/** Runs a program on a process; `done` is called with its result, inside a step. */
export function start<R>(process: Process, program: Program<R>, done: (result: R) => void = () => {}): Running {
  let cancelOperation: Cancel | undefined
  let over = false

  const advance = (first: unknown): void => {
    let value = first
    // An operation that resumes at once would otherwise deepen the stack with every round of a loop.
    for (;;) {
      if (over || !process.alive) return
      const next = program.next(value)
      if (next.done === true) {
        over = true
        done(next.value)
        return
      }
      let resumedInside = false
      let beginning = true
      let result: unknown
      cancelOperation = next.value.begin(process, (resumedWith) => {
        if (!beginning) process.step(() => advance(resumedWith))
        else {
          resumedInside = true
          result = resumedWith
        }
      })
      beginning = false
      if (!resumedInside) return
      value = result
    }
  }

  process.step(() => advance(undefined))
  return {
    cancel: () => {
      over = true
      cancelOperation?.()
    },
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
