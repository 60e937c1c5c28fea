import type { Timeline } from './protocol.ts'

/** The number of the newest of the timelines. */
export function timelineNumber(timelines: readonly Timeline[]): number {
  return timelines.at(-1)?.number ?? 0
}

/** Up to which place of the log a server on timeline `number` has what one with these timelines has. */
export function commonLength(timelines: readonly Timeline[], number: number): number {
  return Math.min(...timelines.filter((timeline) => timeline.number > number).map(({ begins }) => begins))
}
