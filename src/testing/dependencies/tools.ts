import type { Redis } from 'ioredis'
import type { Pool } from 'pg'
import type { ApiTool } from './http/api-tool.ts'

/** A database as the code knows it. */
export interface DatabaseTools {
  /** The pool of `pg`, whose connections lead into the simulated network. */
  readonly pool: Pool
}

/** What the code in one process may use of its dependencies. */
export interface DependencyTools {
  /** The database; of several, the first one. Whoever uses it where the check declares none is told so. */
  readonly db: DatabaseTools
  readonly dbs: Readonly<Record<string, DatabaseTools>>
  /** The client of `ioredis`, whose sockets lead into the simulated network; of several caches, that of the first one. */
  readonly cache: Redis
  readonly caches: Readonly<Record<string, Redis>>
  /** The APIs by the names under which the check declares them. The global `fetch` reaches them too. */
  readonly apis: Readonly<Record<string, ApiTool>>
}
