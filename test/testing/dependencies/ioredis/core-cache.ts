import type { Redis } from 'ioredis'
import type { Program } from '../../../../src/application/program.ts'
import { perform, start } from '../../../../src/application/program.ts'
import { Keyspace } from '../../../../src/application/stores/cache/keyspace.ts'
import { CacheSession } from '../../../../src/application/stores/cache/session.ts'
import type { Process } from '../../../../src/simulation/process.ts'
import { simulatedRedis } from '../../../../src/testing/dependencies/ioredis/client.ts'
import { soloWorld } from '../../../application/quiet-world.ts'

/** A client of `ioredis` on a keyspace, with nothing between them; the clock is the real one. */
export function coreRedis(): Redis {
  const process = anyProcess()
  const keys = new Keyspace()
  const place = {
    inside: {
      perform: <R>(program: () => Program<R>) => new Promise<R>((resolve) => void start(process, program(), resolve)),
      later: (run: () => void) => run(),
    },
    cache: {
      open: () => {
        const session = new CacheSession(keys)
        return {
          opened: () => perform<undefined>('connect', (resume) => resume(undefined)),
          onEnd: () => {},
          close: () => {},
          ask: (commands: readonly (readonly string[])[]) =>
            perform<{ kind: 'replies'; replies: ReturnType<CacheSession['execute']>['replies'] }>('ask', (resume) =>
              resume({ kind: 'replies', replies: session.execute(commands, Date.now() * 1000).replies }),
            ),
        }
      },
    },
    // The server does not know it either.
    unsupported: () => {},
  }
  return simulatedRedis(place, {})
}

function anyProcess(): Process {
  let found: Process | undefined
  soloWorld((process) => {
    found = process
  }).begin()
  if (found === undefined) throw new Error('The world has no process.')
  return found
}
