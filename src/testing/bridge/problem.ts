import type { Micros } from '../../simulation/duration.ts'

/** What code of a user did that no run can make sense of, or that the user should know of. */
export type ProblemKind =
  /** It touched the real world, which no run can repeat. Ends the run. */
  | 'real-resource'
  /** It went on for ever without waiting for anything. Ends the run. */
  | 'endless'
  /** The consumer could not be made. Ends the run. */
  | 'no-consumer'
  /** The handler is a generator, which nobody iterates. Ends the run. */
  | 'generator'
  /** An error that nobody caught: Node ends a process that has one, and so ends the simulated one. */
  | 'uncaught'
  /** A handler returned, and an operation that it had begun was still going on, or one began only then. */
  | 'left-behind'
  /** A handler has ended and kept what it was to give back. */
  | 'kept'
  /** A handler waits for something that nobody will ever settle. */
  | 'never-settled'

/** One thing that code of a user did wrong. */
export interface Problem {
  readonly kind: ProblemKind
  /** One sentence; of a handler without its beginning: `returned and did not wait for query`. */
  readonly message: string
  /** The user's line, as `file:line:column`, where it is known. */
  readonly line: string | undefined
  /** The simulated process. */
  readonly node: string
  /** The message that was being handled, and which attempt it was, where there was one. */
  readonly handling: { readonly message: string; readonly attempt: number } | undefined
  /** Virtual time, µs. */
  readonly at: Micros
}

const endsTheRun: ReadonlySet<ProblemKind> = new Set(['real-resource', 'endless', 'no-consumer', 'generator'])

/** Whether a run must not go on after it. */
export function isFatal({ kind }: Problem): boolean {
  return endsTheRun.has(kind)
}

/** Code of a user did something after which its run means nothing. The message is one sentence with the user's line. */
export class UserCodeError extends Error {
  override readonly name = 'UserCodeError'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problemText(problem))
    this.problem = problem
  }
}

/** Whose messages say what a handler did: their sentence begins with the handler. */
const ofHandlers: ReadonlySet<ProblemKind> = new Set(['left-behind', 'never-settled', 'kept', 'generator'])

/** The problem as one sentence, with the delivery in whose handling it came up and the user's line. */
export function problemText({ kind, message, line, handling }: Problem): string {
  const of = handling === undefined ? '' : `${handling.message} (attempt ${handling.attempt})`
  const said = ofHandlers.has(kind)
    ? `The handler${of === '' ? '' : ` of ${of}`} ${message}`
    : `${message}${of === '' ? '' : ` while it handled ${of}`}`
  return `${said}${line === undefined ? '.' : `, at ${line}.`}`
}
