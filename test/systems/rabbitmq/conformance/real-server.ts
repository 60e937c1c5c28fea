import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'amqplib'
import { freePort } from '../../../free-port.ts'

/** A `rabbitmq-server` of its own on the loopback interface, with its files in a temporary directory. */
export interface RealServer {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the server that the machine has. A text says why that is not possible. */
export async function startServer(): Promise<RealServer | string> {
  const program = programs.find((path) => existsSync(path))
  if (program === undefined) return 'rabbitmq-server is not installed (Debian: apt-get install rabbitmq-server)'
  const [directory, port, distributionPort, portMapperPort] = [
    await mkdtemp(join(tmpdir(), 'onceproof-rabbitmq-')),
    ...(await freePorts()),
  ]
  const environment = await environmentIn(directory, port, distributionPort, portMapperPort)
  const server = spawn(program, [], { env: environment, stdio: ['ignore', 'ignore', 'ignore'] })
  const stop = () => stopServer(server, directory, environment)
  const url = `amqp://guest:guest@127.0.0.1:${port}`
  if (await answers(url, server)) return { url, stop }
  await stop()
  return `${program} did not answer within ${startSeconds} s`
}

const startSeconds = 60
const stopSeconds = 20

/** The server's own script; the one in the search path changes to another user first. */
const programs = [
  '/usr/lib/rabbitmq/bin/rabbitmq-server',
  '/usr/local/sbin/rabbitmq-server',
  '/opt/rabbitmq/sbin/rabbitmq-server',
]

async function environmentIn(directory: string, port: number, distributionPort: number, portMapperPort: number) {
  await writeFile(join(directory, 'rabbitmq.conf'), `listeners.tcp.1 = 127.0.0.1:${port}\nlog.file.level = error\n`)
  await writeFile(join(directory, 'enabled_plugins'), '[].\n')
  return {
    PATH: process.env['PATH'],
    HOME: directory,
    LANG: 'C.UTF-8',
    RABBITMQ_NODENAME: `onceproof-${port}@localhost`,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(directory, 'data'),
    RABBITMQ_LOG_BASE: join(directory, 'log'),
    RABBITMQ_PID_FILE: join(directory, 'pid'),
    RABBITMQ_CONFIG_FILE: join(directory, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(directory, 'enabled_plugins'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_PORT: String(portMapperPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  }
}

async function answers(url: string, server: ChildProcess): Promise<boolean> {
  for (let second = 0; second < startSeconds && server.exitCode === null; second++) {
    try {
      await (await connect(url)).close()
      return true
    } catch {
      await sleep(1_000)
    }
  }
  return false
}

async function stopServer(server: ChildProcess, directory: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const gone = server.exitCode === null ? new Promise((resolve) => server.once('exit', resolve)) : Promise.resolve()
  server.kill('SIGTERM')
  await Promise.race([gone, sleep(stopSeconds * 1_000, undefined, { ref: false })])
  if (server.exitCode === null) server.kill('SIGKILL')
  await stopPortMapper(environment)
  await rm(directory, { recursive: true, force: true })
}

/** The port mapper is the server's own, on a port of its own; it outlives the server, and refuses to go while it still counts on it. */
async function stopPortMapper(environment: NodeJS.ProcessEnv): Promise<void> {
  const port = String(environment['ERL_EPMD_PORT'])
  for (let attempt = 0; attempt < stopSeconds; attempt++) {
    const { status, stdout } = spawnSync('epmd', ['-port', port, '-kill'], { env: environment, encoding: 'utf8' })
    if (status === 0 && stdout.includes('Killed')) return
    if (status !== null && !stdout.includes('not allowed')) return
    await sleep(1_000)
  }
}

async function freePorts(): Promise<[number, number, number]> {
  return [await freePort(), await freePort(), await freePort()]
}
