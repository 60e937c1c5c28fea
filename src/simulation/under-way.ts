import type { Node } from './node.ts'

/**
 * Whether something goes on that may still change what anybody has: packets that will arrive, data that was received and is not read, requests that wait for a server,
 * and work. Those who wait for something say so themselves, but nobody waits for what was sent by somebody who is gone, or needs no acknowledgement. Polls and heartbeats
 * are not told from messages: at the next look they are over. What a lasting fault keeps from going on does not count.
 */
export function isUnderWay(nodes: readonly Node[]): boolean {
  return nodes.some((node) => node.up && !node.paused && isBusy(node))
}

function isBusy({ process, service }: Node): boolean {
  if (process.isWorking || process.holdsBack || service.load > 0) return true
  for (const connection of process.connections) if (connection.isUnderWay) return true
  return false
}
