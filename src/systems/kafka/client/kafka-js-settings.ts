import type { Backoff } from '../core/producer/retry-backoff.ts'
import { largestInt } from '../options/option.ts'
import type { LinkSettings } from './broker-link.ts'
import { micros } from './client-settings.ts'

/** What both clients of kafkajs have in common, by its own names, in ms. */
export interface KafkaJsClientOptions {
  readonly requestTimeout: number
  readonly enforceRequestTimeout: boolean
  readonly connectionTimeout: number
  readonly 'retry.initialRetryTime': number
  readonly 'retry.maxRetryTime': number
}

/** Without `enforceRequestTimeout`, a request waits until its connection breaks. kafkajs does not close idle connections itself. */
export function kafkaJsLinkSettings(options: KafkaJsClientOptions): LinkSettings {
  return {
    requestTimeout: options.enforceRequestTimeout ? micros(options.requestTimeout) : micros(largestInt),
    connectTimeout: micros(options.connectionTimeout),
    reconnectBackoff: kafkaJsBackoff(options),
    maxIdle: Infinity,
  }
}

/** Left out of the model: that the spread of kafkajs's waits accumulates from one to the next. */
export function kafkaJsBackoff(options: KafkaJsClientOptions): Backoff {
  return { initial: micros(options['retry.initialRetryTime']), maximum: micros(options['retry.maxRetryTime']) }
}
