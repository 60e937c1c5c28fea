import * as fc from 'fast-check'
import { startRedis } from '../../../testing/dependencies/ioredis/real-redis.ts'
import { clientCount, plans } from './plan.ts'
import { RealConnection } from './real-connection.ts'
import { RealFile } from './real-file.ts'
import { nodeBytes, nodeEntries, sideBySide } from './side-by-side.ts'

export interface Compared {
  readonly plans: number
  readonly happened: Readonly<Record<string, number>>
  /** The smallest plan that made a difference, and which. */
  readonly difference: string | undefined
}

const settings: readonly string[] = [
  ...['--appendonly', 'yes', '--appendfsync', 'no', '--auto-aof-rewrite-percentage', '0'],
  ...['--stream-node-max-entries', String(nodeEntries), '--stream-node-max-bytes', String(nodeBytes)],
]

/** Plays many random plans against a real server of its own. */
export async function compareMany(count: number, seed: number): Promise<Compared> {
  const server = await startRedis(settings)
  const observer = await RealConnection.open(server.port)
  const happened = new Map<string, number>()
  let played = 0
  let clients: RealConnection[] = []
  const open = async (): Promise<void> => {
    for (const client of clients) client.close()
    clients = []
    while (clients.length < clientCount) clients.push(await RealConnection.open(server.port))
  }
  await open()
  const property = fc.asyncProperty(plans, async (plan) => {
    try {
      const seen = await sideBySide(plan, { observer, clients, file: new RealFile(server.directory) })
      for (const [what, times] of seen) happened.set(what, (happened.get(what) ?? 0) + times)
      played++
    } catch (error) {
      await open()
      throw error
    }
  })
  const details = await fc.check(property, { numRuns: count, seed, includeErrorInReport: true, endOnFailure: false })
  for (const client of [observer, ...clients]) client.close()
  await server.stop()
  const table = Object.fromEntries([...happened].sort(([one], [other]) => (one < other ? -1 : 1)))
  return { plans: played, happened: table, difference: details.failed ? fc.defaultReportMessage(details) : undefined }
}
