import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, minute, second } from '../../../simulation/duration.ts'
import type { Random } from '../../../simulation/random.ts'
import type { ConnectionValues } from '../options/client-table.ts'

/** How a client goes about its connection, and about what was asked for when it broke. */
export interface ClientPolicy {
  /** What becomes of a command that was written and not answered: it is written again, or it has failed. */
  readonly afterLoss: 'write-again' | 'fail'
  /** Whether a command waits for a connection. */
  readonly waitsForConnection: boolean
  /** One command at a time: a blocking client in one thread. */
  readonly isSerial: boolean
  /** Failed attempts to connect after which everything that waits fails; `Infinity` for never. */
  readonly attempts: number
  /** How often one command is tried again, of a serial client. */
  readonly retries: number
  readonly connectTimeout: Micros
  readonly commandTimeout: Micros
  /** µs before the n-th attempt to connect again. */
  delay(attempt: number, random: Random): Micros
  /** Whether it takes what arrives at once, or leaves it in the socket while its program is at work. */
  readonly readsAhead: boolean
  readonly keepAliveAfter: Micros | undefined
}

/** Each client's own way, and what the options say. */
export function clientPolicyOf(values: ConnectionValues): ClientPolicy {
  const own = families[values.client]
  return {
    ...own,
    waitsForConnection: values.enableOfflineQueue,
    connectTimeout: values.connectTimeout ?? own.connectTimeout,
    commandTimeout: values.commandTimeout ?? own.commandTimeout,
    ...(values.client === 'ioredis'
      ? {
          afterLoss: values.autoResendUnfulfilledCommands ? 'write-again' : 'fail',
          attempts: values.maxRetriesPerRequest + 1,
        }
      : {}),
    ...(values.client === 'redis-py' ? { retries: values.retries } : {}),
  }
}

const families: Readonly<Record<ConnectionValues['client'], ClientPolicy>> = {
  // https://github.com/redis/ioredis/blob/main/lib/redis/RedisOptions.ts
  ioredis: {
    afterLoss: 'write-again',
    waitsForConnection: true,
    isSerial: false,
    attempts: 21,
    retries: 0,
    connectTimeout: 10 * second,
    commandTimeout: Infinity,
    delay: (attempt) => Math.min(attempt * 50, 2000) * millisecond,
    readsAhead: true,
    keepAliveAfter: undefined,
  },
  // https://github.com/redis/node-redis/blob/master/packages/client/lib/client/socket.ts
  'node-redis': {
    afterLoss: 'fail',
    waitsForConnection: true,
    isSerial: false,
    attempts: Infinity,
    retries: 0,
    connectTimeout: 5 * second,
    commandTimeout: Infinity,
    delay: (attempt, random) =>
      Math.min(2 ** Math.min(attempt, 6) * 50, 2000) * millisecond + random.below(200) * millisecond,
    readsAhead: true,
    keepAliveAfter: 5 * second,
  },
  // https://redis.github.io/lettuce/advanced-usage/
  lettuce: {
    afterLoss: 'write-again',
    waitsForConnection: true,
    isSerial: false,
    attempts: Infinity,
    retries: 0,
    connectTimeout: 10 * second,
    commandTimeout: minute,
    delay: (attempt) => Math.min(2 ** Math.min(attempt, 15), 30_000) * millisecond,
    readsAhead: true,
    keepAliveAfter: undefined,
  },
  // https://redis.readthedocs.io/en/stable/retry.html: three retries, after up to 1, 2, 4 s
  'redis-py': {
    afterLoss: 'write-again',
    waitsForConnection: true,
    isSerial: true,
    attempts: Infinity,
    retries: 3,
    connectTimeout: 10 * second,
    commandTimeout: Infinity,
    delay: (attempt, random) =>
      Math.min(10_000, random.below(1000 * 2 ** Math.min(attempt, 4))) * millisecond + millisecond,
    readsAhead: false,
    keepAliveAfter: undefined,
  },
}
