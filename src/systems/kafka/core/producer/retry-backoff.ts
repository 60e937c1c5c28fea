/**
 * How long to wait before attempt number `attempt` (1 for the first retry), in the unit of the options: `initial`
 * doubled for every earlier retry, spread by 20 % either way, and never more than `maximum`. `draw` is uniform in [0, 1).
 */
export function retryBackoff(attempt: number, backoff: Backoff, draw: number): number {
  let wait = Math.min(backoff.initial, backoff.maximum)
  for (let retry = 1; retry < attempt && wait < backoff.maximum; retry += 1) wait = Math.min(wait * 2, backoff.maximum)
  return Math.min(Math.floor(wait * (0.8 + 0.4 * draw)), backoff.maximum)
}

/** `retry.backoff.ms` and `retry.backoff.max.ms`, or the same pair for reconnecting. */
export interface Backoff {
  readonly initial: number
  readonly maximum: number
}

/**
 * The waits of kafkajs: each grows from the one before, as it was drawn, so that the spread accumulates. `previous` is
 * the wait before, `undefined` at the first failure. A first wait is not held to the maximum; kafkajs does not either.
 */
export function kafkaJsRetryTime(previous: number | undefined, retry: KafkaJsRetry, draw: number): number {
  const around = (time: number) => Math.ceil(time * (1 - retry.factor) + 2 * retry.factor * time * draw)
  if (previous === undefined) return around(retry.initialRetryTime)
  return Math.min(around(previous) * retry.multiplier, retry.maxRetryTime)
}

export interface KafkaJsRetry {
  readonly initialRetryTime: number
  readonly maxRetryTime: number
  /** Spread: 0.2 for 20 % either way. */
  readonly factor: number
  readonly multiplier: number
}
