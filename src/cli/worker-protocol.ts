import type { LoggedEvent, LogSummary } from './dispatch-log.ts'

/*
 * What `verify` and its workers say to each other. A worker gets its scenario as workerData, runs it at once, and then answers questions about
 * that one run: a run that cannot be repeated must not be asked for twice.
 */

export type Question =
  | { readonly ask: 'window'; readonly from: number; readonly to: number }
  /** Nothing more will be asked. */
  | { readonly ask: 'nothing' }

export type Answer =
  | { readonly answer: 'ran'; readonly summary: LogSummary }
  | { readonly answer: 'window'; readonly events: readonly LoggedEvent[] }
