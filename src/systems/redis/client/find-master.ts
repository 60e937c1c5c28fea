import type { Connection } from '../../../simulation/connection.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { SentinelAnswer, SentinelRequest } from '../protocol.ts'
import { frameBytes, sentinelPort } from '../protocol.ts'

/** How long a Sentinel may leave a client without its answer. */
const patience = 2 * second

/** Asks one Sentinel after the other who the master is; nothing if none of them says so. */
export function findMaster(process: Process, sentinels: readonly string[], found: (master?: string) => void): void {
  const [first, ...others] = sentinels
  if (first === undefined) return found()
  let isDone = false
  const done = (master?: string): void => {
    if (isDone) return
    isDone = true
    timer.clear()
    connection.close()
    if (master === undefined) findMaster(process, others, found)
    else found(master)
  }
  const connection: Connection<SentinelRequest> = process.connect<SentinelRequest, SentinelAnswer>(
    first,
    sentinelPort,
    {
      opened: () => connection.send({ type: 'GET-MASTER' }, { bytes: frameBytes, about: 'GET-MASTER' }),
      received: (answer) => done(answer.type === 'master' ? answer.master : undefined),
      closed: () => done(),
    },
    { connectTimeout: patience },
  )
  const timer = process.setTimer(patience, () => done(), first)
}
