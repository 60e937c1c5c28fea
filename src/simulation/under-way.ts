import type { Micros } from './duration.ts'
import type { Node } from './node.ts'

/**
 * Whether something goes on that may still change what anybody has: packets that will arrive, data that was received and is not read, requests that wait for a server,
 * and work. Those who wait for something say so themselves, but nobody waits for what was sent by somebody who is gone, or needs no acknowledgement. Polls and heartbeats
 * are not told from messages: at the next look they are over. What a lasting fault keeps from going on does not count.
 */
export function isUnderWay(nodes: readonly Node[]): boolean {
  return nodes.some((node) => goesOn(node) && isBusy(node))
}

/** Whether something got lost that will be tried again, and can succeed then, be it after minutes: nobody is stuck as long. */
export function isToBeTriedAgain(nodes: readonly Node[]): boolean {
  return nodes.some((node) => goesOn(node) && [...node.process.connections].some(({ isToTryAgain }) => isToTryAgain))
}

/** How long the slowest takes of what is under way, on the wire, at work or on a disk, µs: whoever waits for it must have more patience. */
export function slowestUnderWay(nodes: readonly Node[]): Micros {
  const times = nodes
    .filter(goesOn)
    .flatMap(({ process, disk }) => [
      process.longestWork,
      disk.longestSync,
      ...[...process.connections].map(({ flight }) => flight),
    ])
  return Math.max(0, ...times)
}

function goesOn(node: Node): boolean {
  return node.up && !node.paused
}

function isBusy({ process, service }: Node): boolean {
  if (process.isWorking || process.holdsBack || service.load > 0) return true
  for (const connection of process.connections) if (connection.isUnderWay) return true
  return false
}
