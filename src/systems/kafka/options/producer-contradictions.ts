import type { KafkaVersion } from './option.ts'
import type { ProducerOptions } from './producer-options.ts'
import type { OptionProblem } from './resolve-options.ts'

/**
 * What the Java producer does with options that do not go together: a default gives way and a note says so, what was
 * set explicitly is refused.
 */
export function settleProducerOptions(
  options: ProducerOptions,
  explicit: ReadonlySet<string>,
  version: KafkaVersion,
): Settled<ProducerOptions> {
  const problems: OptionProblem[] = []
  const notes: string[] = []
  const idempotence = settleIdempotence(options, explicit, version, problems, notes)
  const deliveryTimeout = settleDeliveryTimeout(options, explicit, problems, notes)
  const settled = { ...options, 'enable.idempotence': idempotence, 'delivery.timeout.ms': deliveryTimeout }
  return {
    options: { ...settled, 'reconnect.backoff.max.ms': reconnectBackoffMax(options, explicit) },
    problems,
    notes,
  }
}

export interface Settled<Options> {
  readonly options: Options
  readonly problems: readonly OptionProblem[]
  /** What the client changed by itself, a sentence each. */
  readonly notes: readonly string[]
}

/** The longest wait follows the first one if only that was set. */
export function reconnectBackoffMax(
  options: { readonly 'reconnect.backoff.ms': number; readonly 'reconnect.backoff.max.ms': number },
  explicit: ReadonlySet<string>,
): number {
  const onlyFirst = explicit.has('reconnect.backoff.ms') && !explicit.has('reconnect.backoff.max.ms')
  return onlyFirst ? options['reconnect.backoff.ms'] : options['reconnect.backoff.max.ms']
}

function settleIdempotence(
  options: ProducerOptions,
  explicit: ReadonlySet<string>,
  version: KafkaVersion,
  problems: OptionProblem[],
  notes: string[],
): boolean {
  if (!options['enable.idempotence']) return false
  const conflicts = idempotenceConflicts(options)
  for (const { option, message } of conflicts) {
    // Since 4.0 too many requests in flight are an error even where idempotence is only a default.
    const isRefused = option === 'max.in.flight.requests.per.connection' && version !== '3.9'
    if (explicit.has('enable.idempotence') || isRefused) problems.push({ option, message })
    else notes.push(`enable.idempotence became false, because ${option} ${message}.`)
  }
  return conflicts.length === 0
}

function idempotenceConflicts(options: ProducerOptions): readonly OptionProblem[] {
  const conflicts: OptionProblem[] = []
  if (options.retries === 0) conflicts.push({ option: 'retries', message: 'must not be 0 for an idempotent producer' })
  if (options.acks !== 'all' && options.acks !== '-1') {
    conflicts.push({ option: 'acks', message: 'must be all for an idempotent producer' })
  }
  if (options['max.in.flight.requests.per.connection'] > 5) {
    const message = 'must be at most 5 for an idempotent producer'
    conflicts.push({ option: 'max.in.flight.requests.per.connection', message })
  }
  return conflicts
}

function settleDeliveryTimeout(
  options: ProducerOptions,
  explicit: ReadonlySet<string>,
  problems: OptionProblem[],
  notes: string[],
): number {
  const least = options['linger.ms'] + options['request.timeout.ms']
  const given = options['delivery.timeout.ms']
  if (given >= least) return given
  const rule = `must be at least linger.ms + request.timeout.ms, here ${least}`
  if (explicit.has('delivery.timeout.ms')) problems.push({ option: 'delivery.timeout.ms', message: rule })
  else notes.push(`delivery.timeout.ms became ${least}, because it ${rule}.`)
  return least
}
