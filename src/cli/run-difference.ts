import { firstDivergence } from '../simulation/fingerprint.ts'
import type { LoggedEvent, LogSummary } from './dispatch-log.ts'

/** A run that was logged, here or in a worker. */
export interface LoggedRun {
  readonly summary: LogSummary
  /** The events from `from` to before `to`, as many as there are. */
  window(from: number, to: number): Promise<readonly LoggedEvent[]>
}

/**
 * Where two runs part. `another-event`: what was due is not the same, or only one of them went on; nothing where a run had ended.
 * `another-effect`: the same event did different things.
 */
export interface RunDifference {
  readonly kind: 'another-event' | 'another-effect'
  /** Number of the event, from 0; -1 for the start of the nodes. */
  readonly event: number
  readonly one: LoggedEvent | undefined
  readonly other: LoggedEvent | undefined
}

/** The first event in which two runs differ, or nothing when they are the same. */
export async function firstDifference(one: LoggedRun, other: LoggedRun): Promise<RunDifference | undefined> {
  if (one.summary.fingerprint === other.summary.fingerprint && one.summary.events === other.summary.events)
    return undefined
  const { from, to } = windowOf(one.summary, other.summary)
  const [ours, theirs] = await Promise.all([one.window(from, to), other.window(from, to)])
  for (let place = 0; place < Math.max(ours.length, theirs.length); place++) {
    const kind = differenceAt(ours, theirs, place)
    if (kind !== undefined) return { kind, event: from + place, one: ours[place], other: theirs[place] }
  }
  // The same up to the last event of both, so that it is the last one that did something else.
  const last = ours.length - 1
  return { kind: 'another-effect', event: from + last, one: ours[last], other: theirs[last] }
}

/**
 * The events among which the first difference is. A checkpoint is taken before its event records anything, so the event in front of the
 * window belongs to it, and so does the one behind it, which shows what the last one did.
 */
function windowOf(one: LogSummary, other: LogSummary): { readonly from: number; readonly to: number } {
  const divergence = firstDivergence(one.checkpoints, other.checkpoints)
  if (divergence !== undefined) return { from: divergence.from - 1, to: divergence.to + 1 }
  return { from: (one.checkpoints.at(-1)?.events ?? 0) - 1, to: Math.max(one.events, other.events) }
}

function differenceAt(
  ours: readonly LoggedEvent[],
  theirs: readonly LoggedEvent[],
  place: number,
): RunDifference['kind'] | undefined {
  const [one, other] = [ours[place], theirs[place]]
  if (one === undefined || other === undefined) return 'another-event'
  if (one.time !== other.time || one.target !== other.target || one.code !== other.code) return 'another-event'
  const [next, otherNext] = [ours[place + 1], theirs[place + 1]]
  const bothGoOn = next !== undefined && otherNext !== undefined
  return bothGoOn && next.before !== otherNext.before ? 'another-effect' : undefined
}
