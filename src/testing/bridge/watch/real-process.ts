import { runInThisContext } from 'node:vm'

/** Node's own `process`. A test runner may give tests a copy, and Node itself uses this one. */
export const realProcess = findProcess()

function findProcess(): NodeJS.Process {
  const found: unknown = runInThisContext('process')
  return isProcess(found) ? found : process
}

function isProcess(value: unknown): value is NodeJS.Process {
  return typeof value === 'object' && value !== null && 'emit' in value
}
