import { operationAnswered, operationBegan } from '../history/facts.ts'
import type { Name } from '../history/fact.ts'
import type { Micros } from '../simulation/duration.ts'
import type { Process } from '../simulation/process.ts'
import type { Program } from './program.ts'
import { sleep } from './program.ts'

/** Whose operations they are. */
export interface OperationsOf {
  readonly process: Process
  readonly service: string
  readonly message: Name
  readonly attempt: number
}

/**
 * One interleaving of members, written down: the n-th member number in `order` takes its next operation `every` µs after the one before,
 * the first one at `from`. An operation that begins after its turn begins at once, and so do all when the turns are over.
 */
export interface Interleaving {
  readonly order: readonly number[]
  /** Operations that take no turn, because nobody else can see them. */
  readonly freely: readonly string[]
  /** µs of the run. */
  readonly from: Micros
  readonly every: Micros
}

/** The turns of one member: they count over all that it handles, and begin anew with a new process. */
export class Turns {
  readonly #slots: readonly Micros[]
  readonly #end: Micros
  readonly #freely: readonly string[]
  #taken = 0

  constructor({ order, freely, from, every }: Interleaving, member: number) {
    this.#freely = freely
    this.#slots = order.flatMap((number, place) => (number === member + 1 ? [from + place * every] : []))
    this.#end = from + order.length * every
  }

  /** When its next operation may begin; one that has no turn left waits for everybody else's. */
  next(operation: string): Micros {
    if (this.#freely.includes(operation)) return 0
    return this.#slots[this.#taken++] ?? this.#end
  }
}

/**
 * The same program with each of its operations told of, where somebody listens: when it begins, and when its answer is there. So every
 * operation is a place at which a fault can be told to strike. Programs that run beside each other for one message count their `steps`
 * together.
 */
export function told<R>(
  program: Program<R>,
  of: OperationsOf,
  turns: Turns | undefined,
  steps: { taken: number } = { taken: 0 },
): Program<R> {
  const { process } = of
  return isTold(process) || turns !== undefined ? telling(program, of, turns, steps) : program
}

/** Whether somebody listens to the operations of programs. */
export function isTold(process: Process): boolean {
  return process.isListenedTo(operationBegan) || process.isListenedTo(operationAnswered)
}

function* telling<R>(
  program: Program<R>,
  of: OperationsOf,
  turns: Turns | undefined,
  steps: { taken: number },
): Program<R> {
  for (let next = program.next(); ;) {
    if (next.done === true) return next.value
    const { name } = next.value
    const step = ++steps.taken
    if (turns !== undefined) yield* until(turns.next(name), of.process)
    tell(operationBegan, of, name, step)
    const answer = yield next.value
    tell(operationAnswered, of, name, step)
    next = program.next(answer)
  }
}

function* until(time: Micros, process: Process): Program {
  if (time > process.now) yield* sleep(time - process.now)
}

function tell(
  kind: typeof operationBegan | typeof operationAnswered,
  { process, service, message, attempt }: OperationsOf,
  operation: string,
  step: number,
): void {
  if (process.isListenedTo(kind)) process.record(kind, { message, service, attempt, operation, step })
}
