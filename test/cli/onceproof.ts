import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll } from 'vitest'

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))))
const program = path.join(root, 'dist/cli.js')

/** Makes sure, before the tests of this file, that `dist` is as new as the source. Two files may ask at once. */
export function needsBuild(): void {
  beforeAll(async () => {
    const lock = path.join(root, 'node_modules/.cache/build-for-tests.lock')
    mkdirSync(path.dirname(lock), { recursive: true })
    await obtain(lock)
    try {
      const build = "import('./scripts/build.mjs').then((build) => build.buildIfStale())"
      const { status, stderr } = spawnSync(process.execPath, ['-e', build], { cwd: root, encoding: 'utf8' })
      if (status !== 0) throw new Error(stderr)
    } finally {
      rmdirSync(lock)
    }
  }, 60_000)
}

/** A folder is made by one process only; a lock that was left behind is taken over after half a minute. */
async function obtain(lock: string): Promise<void> {
  for (let waited = 0; waited < 300; waited++) {
    try {
      mkdirSync(lock)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  if (!existsSync(lock)) mkdirSync(lock)
}

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Circumstances {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** An open file for standard output to go to, by its descriptor. */
  readonly stdout?: number
}

/** Runs the built program as a user does, without a terminal. */
export function onceproof(args: readonly string[], { cwd = root, env = {}, stdout: file }: Circumstances = {}): Ended {
  const { PATH = '' } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd,
    env: { PATH, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', file ?? 'pipe', 'pipe'],
  })
  return { code: status, stdout, stderr }
}

/** The same, but while it runs somebody may do something to it. */
export function start(args: readonly string[], { cwd = root, env = {} }: Circumstances = {}) {
  const { PATH = '' } = process.env
  return spawn(process.execPath, [program, ...args], { cwd, env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
}

/** A folder of the tests' own, gone afterwards. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceproof-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
