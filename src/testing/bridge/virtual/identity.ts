import os from 'node:os'
import nodeProcess from 'node:process'
import { patch, patchReading } from './patch.ts'

/** By these a process knows itself from others, for instance as the owner of a lock: each simulated one has its own. */
export function patchIdentity(): void {
  for (const process of new Set([nodeProcess, globalThis.process])) patchReading(process, 'pid', ({ user }) => user.pid)
  patch(os, 'hostname', ({ user }) => user.process.name)
}
