import type { ConsumerOptions } from './consumer-options.ts'
import type { KafkaJsConsumerOptions, KafkaJsProducerOptions } from './kafka-js-options.ts'
import type { KafkaVersion } from './option.ts'
import { parseOffsetReset } from './offset-reset-option.ts'
import { reconnectBackoffMax, type Settled } from './producer-contradictions.ts'
import type { OptionProblem } from './resolve-options.ts'

/** What the Java consumer does with options that do not go together. */
export function settleConsumerOptions(
  options: ConsumerOptions,
  explicit: ReadonlySet<string>,
  version: KafkaVersion,
): Settled<ConsumerOptions> {
  const problems: OptionProblem[] = [...heartbeatProblems(options), ...resetProblems(options, version)]
  const notes: string[] = []
  let autoCommit = options['enable.auto.commit']
  if (autoCommit && options['group.id'] === null) {
    const message = 'cannot be true without a group.id'
    if (explicit.has('enable.auto.commit')) problems.push({ option: 'enable.auto.commit', message })
    else notes.push(`enable.auto.commit became false, because it ${message}.`)
    autoCommit = false
  }
  const settled = { ...options, 'enable.auto.commit': autoCommit }
  return {
    options: { ...settled, 'reconnect.backoff.max.ms': reconnectBackoffMax(options, explicit) },
    problems,
    notes,
  }
}

/** What kafkajs refuses of a consumer's options. */
export function kafkaJsConsumerProblems(options: KafkaJsConsumerOptions): readonly OptionProblem[] {
  const problems: OptionProblem[] = []
  if (options.groupId === null) problems.push({ option: 'groupId', message: 'must be a non-empty text' })
  if (options.heartbeatInterval >= options.sessionTimeout) {
    problems.push({
      option: 'heartbeatInterval',
      message: `must be lower than sessionTimeout, ${options.sessionTimeout}`,
    })
  }
  return problems
}

/** What kafkajs refuses of a producer's options. */
export function kafkaJsProducerProblems(options: KafkaJsProducerOptions): readonly OptionProblem[] {
  if (!options.idempotent) return []
  const problems: OptionProblem[] = []
  if (options.acks !== '-1') problems.push({ option: 'acks', message: 'must be -1 for an idempotent producer' })
  if (options['retry.retries'] < 1) {
    problems.push({ option: 'retry.retries', message: 'must be at least 1 for an idempotent producer' })
  }
  return problems
}

function heartbeatProblems(options: ConsumerOptions): readonly OptionProblem[] {
  const sessionTimeout = options['session.timeout.ms']
  if (options['heartbeat.interval.ms'] < sessionTimeout) return []
  return [{ option: 'heartbeat.interval.ms', message: `must be lower than session.timeout.ms, ${sessionTimeout}` }]
}

function resetProblems(options: ConsumerOptions, version: KafkaVersion): readonly OptionProblem[] {
  const policy = parseOffsetReset(options['auto.offset.reset'])
  if (policy === undefined) return [{ option: 'auto.offset.reset', message: 'has a duration that cannot be read' }]
  if (policy.type !== 'by_duration' || version !== '3.9') return []
  return [{ option: 'auto.offset.reset', message: 'knows by_duration since 4.0 only' }]
}
