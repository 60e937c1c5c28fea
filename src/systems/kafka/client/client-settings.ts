import { millisecond, second } from '../../../simulation/duration.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import { unbounded } from '../options/option.ts'
import type { LinkSettings } from './broker-link.ts'

/** What both Java clients have in common, by its real names, in ms. */
export interface JavaClientOptions {
  readonly 'request.timeout.ms': number
  readonly 'reconnect.backoff.ms': number
  readonly 'reconnect.backoff.max.ms': number
  readonly 'connections.max.idle.ms': number
  readonly 'retry.backoff.ms': number
  readonly 'retry.backoff.max.ms': number
}

/** `socket.connection.setup.timeout.ms` of the Java clients. */
const javaConnectTimeout = 10 * second

/** Milliseconds as options give them, in µs; `Infinity` where there is no bound. */
export function micros(milliseconds: number): Micros {
  return milliseconds >= unbounded / millisecond ? Infinity : milliseconds * millisecond
}

export function javaLinkSettings(options: JavaClientOptions): LinkSettings {
  return {
    requestTimeout: micros(options['request.timeout.ms']),
    afterTimeout: 'close',
    connectTimeout: javaConnectTimeout,
    reconnectBackoff: {
      initial: micros(options['reconnect.backoff.ms']),
      maximum: micros(options['reconnect.backoff.max.ms']),
    },
    maxIdle: micros(options['connections.max.idle.ms']),
  }
}

export function javaRetryBackoff(options: JavaClientOptions): Backoff {
  return { initial: micros(options['retry.backoff.ms']), maximum: micros(options['retry.backoff.max.ms']) }
}
