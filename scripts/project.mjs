/** What the project's own scripts share: where it is, how to install what is missing, how to run another program. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))

/** Stops with one sentence when this Node is too old to run the project at all. */
export function requireNode() {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const wanted = engines.node.replace('>=', '').split('.').map(Number)
  const found = process.versions.node.split('.').map(Number)
  const older = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])
  if (older) {
    console.error(`Onceproof needs Node ${engines.node}; this is Node ${process.versions.node}.`)
    process.exit(1)
  }
}

/** Runs `npm ci` when a package of the lock file is missing. Speaks on standard error only. */
export function installWhatIsMissing() {
  const missing = missingPackages()
  if (missing.length === 0) return
  console.error(`Installing dependencies (${missing.length} missing or outdated) ...`)
  const install = ['ci', '--include=dev', '--loglevel=error', '--no-audit', '--no-fund']
  const { status, stdout, stderr, error } = spawnSync('npm', install, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status === 0) return
  console.error(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`)
  console.error('npm ci failed: the dependencies could not be installed.')
  process.exit(1)
}

/** Compares versions, not times: a checkout or a copy gives files times that mean nothing. */
function missingPackages() {
  const wanted = packagesOf('package-lock.json')
  const installed = packagesOf('node_modules/.package-lock.json')
  return Object.entries(wanted)
    .filter(([location, { optional, devOptional }]) => location !== '' && !optional && !devOptional)
    .filter(([location, { version }]) => installed[location]?.version !== version)
    .map(([location]) => location)
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(path.join(root, lockFile), 'utf8')).packages ?? {}
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw error
  }
}

/** Runs a Node program on this terminal and resolves to its exit code (128 + n when signal n ended it). */
export async function runNode(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  // A terminal sends its interrupt to the child as well; other signals reach only this process.
  const handlers = { SIGINT: () => {}, SIGTERM: () => child.kill('SIGTERM'), SIGHUP: () => child.kill('SIGHUP') }
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler)
  const [code, signal] = await once(child, 'exit')
  for (const [name, handler] of Object.entries(handlers)) process.off(name, handler)
  return code ?? 128 + constants.signals[signal]
}
