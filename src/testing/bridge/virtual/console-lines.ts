import { formatWithOptions } from 'node:util'
import { patch } from './patch.ts'

/** Lines for the console go to the log of the simulated process: hundreds of runs would print them hundreds of times. */
export function patchConsole(): void {
  for (const name of ['log', 'info', 'debug', 'warn', 'error', 'trace'])
    patch(console, name, (scope, args) => scope.user.log(...args))
  patch(console, 'dir', (scope, [value]) => scope.user.log(formatWithOptions({ depth: null }, value)))
  for (const name of ['time', 'timeEnd', 'timeLog', 'count', 'countReset', 'group', 'groupEnd', 'table'])
    patch(console, name, () => {})
}
