import type { FaultKind } from '../fault.ts'
import { brokenDisk, corruptTail, fullDisk, slowDisk } from './disks.ts'
import { isolate, lossyLink, partition, resetConnections, slowLink } from './network.ts'
import { clockSkew, crash, deploy, overload, pause, powerLoss, restart, scaleIn, slow } from './processes.ts'

/** Every kind of fault of the machine, in the order in which documents list them. */
export const faultKinds: readonly FaultKind[] = [
  crash,
  powerLoss,
  restart,
  deploy,
  scaleIn,
  pause,
  slow,
  overload,
  clockSkew,
  partition,
  isolate,
  slowLink,
  lossyLink,
  resetConnections,
  slowDisk,
  fullDisk,
  brokenDisk,
  corruptTail,
]

export function faultKindOf(name: string): FaultKind | undefined {
  return faultKinds.find((kind) => kind.name === name)
}
