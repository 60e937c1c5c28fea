import type { Problem } from './problem.ts'
import { isFatal } from './problem.ts'
import type { UserProcess } from './user-process.ts'
import { UserSteps } from './user-steps.ts'

/** What code of users does in one world. A run that rehearses builds several, one after the other. */
export class UserWorld {
  readonly steps: UserSteps
  /** How many things are under way beside that take no virtual time. */
  working = 0
  /** Streams that compress: each is one thing for all its chunks. */
  readonly compressors = new Set<object>()
  /** Whether the line is noted at which each operation begins. */
  readonly notesPlaces: boolean
  readonly #processes: UserProcess[] = []
  readonly #problems: Problem[] = []
  readonly #thrown = new Map<string, unknown>()
  #over = false
  #fatal = false
  #failure: { readonly error: unknown } | undefined

  constructor(wake: () => void, notesPlaces: boolean) {
    this.notesPlaces = notesPlaces
    this.steps = new UserSteps(wake)
  }

  /** Whether nothing that its code does counts any more. */
  get over(): boolean {
    return this.#over || this.#fatal
  }

  get problems(): readonly Problem[] {
    return this.#problems
  }

  /** What went wrong in the machine while code of a user called it. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#failure
  }

  /** What the handling of each message threw last. */
  get thrown(): ReadonlyMap<string, unknown> {
    return this.#thrown
  }

  noteThrown(message: string, error: unknown): void {
    this.#thrown.set(message, error)
  }

  /** Gives the number of the process, from 1. */
  add(process: UserProcess): number {
    return this.#processes.push(process)
  }

  /** One of each kind, message and line is enough: a bad line is run with every message. */
  report(problem: Problem): void {
    if (this.over) return
    const { kind, line, message } = problem
    const known = this.#problems.some((one) => one.kind === kind && one.message === message && one.line === line)
    if (!known) this.#problems.push(problem)
    if (isFatal(problem)) this.#fatal = true
  }

  /** What its code left to threads has not come back. */
  stillWorking(seconds: number): void {
    const [first] = this.#processes.filter(({ process }) => process.alive)
    first?.report('endless', `Work of another thread, or a module that is loaded, has not ended after ${seconds} s`)
  }

  fail(error: unknown): void {
    this.#failure ??= { error }
  }

  /** The run is over: who waits in vain is told of. */
  conclude(): void {
    for (const process of this.#processes) process.conclude()
    this.close()
  }

  /** What its code still does is of no interest. */
  close(): void {
    this.#over = true
  }
}
