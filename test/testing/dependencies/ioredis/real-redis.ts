import { spawn, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../../free-port.ts'

/** A `redis-server` of its own on the loopback interface. */
export interface RealRedis {
  readonly client: Redis
  readonly port: number
  /** Where it keeps its files. */
  readonly directory: string
  stop(): Promise<void>
}

/** Why no server can be started here; nothing where one can. */
export function missingRedis(): string | undefined {
  const { status } = spawnSync('redis-server', ['--version'])
  return status === 0 ? undefined : 'Redis is not installed (Debian: apt-get install redis-server)'
}

/** @param settings on its command line, besides those that keep it to itself. */
export async function startRedis(settings: readonly string[] = []): Promise<RealRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'onceproof-redis-'))
  const port = await freePort()
  const server = spawn(
    'redis-server',
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', directory, ...settings],
    {
      stdio: 'ignore',
    },
  )
  const abandon = () => {
    server.kill('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
  process.once('exit', abandon)
  const client = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 50 })
  client.on('error', () => undefined)
  await client.ping()
  const stop = async () => {
    process.off('exit', abandon)
    await client.quit()
    abandon()
  }
  return { client, port, directory, stop }
}
