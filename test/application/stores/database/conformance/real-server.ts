import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { freePort } from '../../../../free-port.ts'

/** A `postgres` of its own on the loopback interface, with its files in a temporary directory. */
export interface RealServer {
  connect(): Promise<Client>
  stop(): Promise<void>
}

/** Milliseconds after which a session looks for a deadlock. */
export const deadlockMillis = 10

const programs = ['/usr/lib/postgresql/15/bin', '/usr/local/pgsql/bin', '/usr/local/bin', '/usr/bin']
const startSeconds = 30

/** Why no server can be started here; nothing where one can. */
export function missingServer(): string | undefined {
  const found = programs.some((directory) => existsSync(join(directory, 'initdb')))
  if (!found) return 'PostgreSQL is not installed (Debian: apt-get install postgresql)'
  return account() === undefined ? 'PostgreSQL does not run as root, and there is no user postgres' : undefined
}

/** Starts the server that the machine has. A text says why that is not possible. */
export async function startServer(): Promise<RealServer | string> {
  const directory = programs.find((each) => existsSync(join(each, 'initdb')))
  const user = account()
  const missing = missingServer()
  if (missing !== undefined || directory === undefined || user === undefined) return missing ?? 'no server'
  const data = await mkdtemp(join(tmpdir(), 'onceproof-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) chownSync(data, user.uid, user.gid)
  const initialised = spawnSync(
    join(directory, 'initdb'),
    ['-D', data, '-U', 'tester', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
    { ...user, cwd: data, encoding: 'utf8', env: { LANG: 'C' } },
  )
  const port = await freePort()
  const server = spawn(join(directory, 'postgres'), serverArguments(data, port), {
    ...user,
    cwd: data,
    stdio: 'ignore',
    env: { LANG: 'C' },
  })
  const abandon = () => {
    server.kill('SIGQUIT')
    rmSync(data, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', abandon)
  const stop = async () => {
    process.off('exit', abandon)
    await stopServer(server, data)
  }
  const connect = () => connectTo(port)
  if (initialised.status === 0 && (await answers(connect, server))) return { connect, stop }
  await stop()
  return `postgres did not answer within ${startSeconds} s: ${initialised.stderr}`
}

function serverArguments(data: string, port: number): readonly string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    fsync: 'off',
    autovacuum: 'off',
    jit: 'off',
    shared_buffers: '4MB',
    max_connections: 10,
    max_wal_senders: 0,
    wal_level: 'minimal',
    deadlock_timeout: `${deadlockMillis}ms`,
    // The core looks a unique key up where a condition names one, and reads the whole table else.
    enable_seqscan: 'off',
    enable_bitmapscan: 'off',
    enable_indexonlyscan: 'off',
  }
  return ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** The server refuses to run as root; then it runs as the user of its package. */
function account(): { readonly uid?: number; readonly gid?: number } | undefined {
  if (process.getuid?.() !== 0) return {}
  const idOf = (kind: string): number => Number(spawnSync('id', [kind, 'postgres'], { encoding: 'utf8' }).stdout)
  const [uid, gid] = [idOf('-u'), idOf('-g')]
  return uid > 0 && gid > 0 ? { uid, gid } : undefined
}

async function connectTo(port: number): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port, user: 'tester', database: 'postgres' })
  await client.connect()
  client.on('error', () => undefined)
  return client
}

async function answers(connect: () => Promise<Client>, server: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < startSeconds * 10 && server.exitCode === null; attempt++) {
    try {
      await (await connect()).end()
      return true
    } catch {
      await sleep(100)
    }
  }
  return false
}

async function stopServer(server: ChildProcess, data: string): Promise<void> {
  const gone = server.exitCode === null ? new Promise((resolve) => server.once('exit', resolve)) : Promise.resolve()
  server.kill('SIGINT')
  await Promise.race([gone, sleep(10_000, undefined, { ref: false })])
  if (server.exitCode === null) server.kill('SIGKILL')
  await rm(data, { recursive: true, force: true })
}
