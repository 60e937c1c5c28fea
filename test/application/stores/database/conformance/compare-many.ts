import * as fc from 'fast-check'
import type { Isolation } from '../../../../../src/application/stores/database/statement.ts'
import type { Through } from './core-runs.ts'
import { plansAt } from './plan.ts'
import type { RealServer } from './real-server.ts'
import { startServer } from './real-server.ts'
import { Difference, RealSessions } from './side-by-side.ts'

export interface CompareOptions {
  readonly sequences: number
  readonly seed: number
  /** How many servers run at a time: transactions on one server would delay what another forgets of serializable ones. */
  readonly width: number
  /** Of all transactions; without one, each level in its turn. */
  readonly isolation?: Isolation
  /** Another way to say statements to the core. */
  readonly through?: Through
  readonly progress?: (done: number) => void
}

export interface Compared {
  readonly sequences: number
  readonly statements: number
  /** Sequences that agreed only at the second or third attempt: deadlocks are looked for by a clock that is real. */
  readonly again: number
  /** How often each thing happened, by name. */
  readonly happened: Readonly<Record<string, number>>
  /** What differed, each the smallest that was found. */
  readonly differences: readonly string[]
}

/** A difference has to show this often in a row. */
const attempts = 3

/** Plays many random plans against real servers, which it starts and stops. A text says why that is not possible. */
export async function compareMany(options: CompareOptions): Promise<Compared | string> {
  const { sequences, seed, width, isolation, progress, through } = options
  const plans = plansAt(isolation === undefined ? undefined : [[isolation]])
  const counts = { sequences: 0, statements: 0, again: 0 }
  const happened = new Map<string, number>()
  const work = async (server: RealServer, index: number): Promise<string | undefined> => {
    const sessions = await RealSessions.open(server)
    const property = fc.asyncProperty(plans, async (plan) => {
      for (let attempt = 1; ; attempt++) {
        try {
          counts.statements += await sessions.play(plan, through)
          break
        } catch (error) {
          if (!(error instanceof Difference) || attempt === attempts) throw error
          counts.again++
        }
      }
      counts.sequences++
      progress?.(counts.sequences)
    })
    const numRuns = Math.ceil(sequences / width)
    const details = await fc.check(property, {
      numRuns,
      seed: seed * 1000 + index,
      includeErrorInReport: true,
      interruptAfterTimeLimit: 30 * 60_000,
    })
    for (const [what, times] of sessions.happened) happened.set(what, (happened.get(what) ?? 0) + times)
    await sessions.close()
    return details.failed ? fc.defaultReportMessage(details) : undefined
  }
  const servers: RealServer[] = []
  try {
    for (let index = 0; index < width; index++) {
      const server = await startServer()
      if (typeof server === 'string') return server
      servers.push(server)
    }
    const reports = await Promise.all(servers.map(work))
    const table = Object.fromEntries([...happened].sort(([one], [other]) => (one < other ? -1 : 1)))
    return { ...counts, happened: table, differences: reports.filter((report) => report !== undefined) }
  } finally {
    for (const server of servers) await server.stop()
  }
}
