import type { Micros } from '../../../simulation/duration.ts'
import type { OffsetResetPolicy } from '../core/consumer/offset-reset.ts'
import { present } from '../core/invariant.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import { retryBackoff } from '../core/producer/retry-backoff.ts'
import type { ApplicationOptions, OnRevoked } from '../options/application-options.ts'
import type { ConsumerOptions } from '../options/consumer-options.ts'
import { assignmentStrategies } from '../options/consumer-options.ts'
import { parseOffsetReset } from '../options/offset-reset-option.ts'
import type { LinkSettings } from './broker-link.ts'
import { javaLinkSettings, javaRetryBackoff, micros } from './client-settings.ts'
import type { JoinAgain } from './group-membership.ts'
import type { CommitPolicy } from './offset-commits.ts'
import type { MetadataSettings } from './topic-metadata.ts'

/** What every consumer goes by; times in µs. */
export interface ConsumerSettings {
  readonly links: LinkSettings
  readonly metadata: Omit<MetadataSettings, 'topic'>
  readonly retryBackoff: Backoff
  readonly sessionTimeout: Micros
  /** How long the group waits for a member to join again; in Java, `max.poll.interval.ms`. */
  readonly rebalanceTimeout: Micros
  readonly heartbeatInterval: Micros
  readonly joinAgain: JoinAgain
  readonly reset: OffsetResetPolicy
  /** Whether a position is checked against the log of a new leader (KIP-320). */
  readonly detectsTruncation: boolean
  /** Where the client is, so that it may read from a replica nearby; empty for nowhere. */
  readonly rack: string
  readonly assignors: readonly string[]
  readonly fetch: FetchSettings
}

/** Everything the Java consumer goes by; times in µs. */
export interface JavaConsumerSettings extends ConsumerSettings {
  readonly maxPollRecords: number
  readonly commits: CommitPolicy
  readonly onRevoked: OnRevoked
  /** `default.api.timeout.ms`: how long a synchronous commit is tried. */
  readonly apiTimeout: Micros
}

export interface FetchSettings {
  readonly minBytes: number
  readonly maxWait: Micros
  readonly maxBytes: number
  readonly partitionBytes: number
}

export function javaConsumerSettings(options: ConsumerOptions, application: ApplicationOptions): JavaConsumerSettings {
  const backoff = javaRetryBackoff(options)
  const maxAge = micros(options['metadata.max.age.ms'])
  return {
    links: javaLinkSettings(options),
    metadata: { allowAutoCreate: options['allow.auto.create.topics'], maxAge, retryBackoff: backoff },
    retryBackoff: backoff,
    sessionTimeout: micros(options['session.timeout.ms']),
    heartbeatInterval: micros(options['heartbeat.interval.ms']),
    rebalanceTimeout: micros(options['max.poll.interval.ms']),
    joinAgain: (failures, _last, draw) => retryBackoff(failures, backoff, draw),
    maxPollRecords: options['max.poll.records'],
    commits: options['enable.auto.commit']
      ? { type: 'automatic', interval: micros(options['auto.commit.interval.ms']) }
      : { type: 'acknowledged', interval: application['commit-interval'] },
    onRevoked: application['on-partitions-revoked'],
    detectsTruncation: true,
    rack: options['client.rack'] ?? '',
    reset: present(parseOffsetReset(options['auto.offset.reset']), 'auto.offset.reset was checked'),
    assignors: eagerAssignors(options['partition.assignment.strategy']),
    fetch: {
      minBytes: options['fetch.min.bytes'],
      maxWait: micros(options['fetch.max.wait.ms']),
      maxBytes: options['fetch.max.bytes'],
      partitionBytes: options['max.partition.fetch.bytes'],
    },
    apiTimeout: micros(options['default.api.timeout.ms']),
  }
}

/** A list with an eager assignor in it works eagerly, and the cooperative one only stands by for a later upgrade. */
function eagerAssignors(classes: readonly string[]): readonly string[] {
  const names = Object.entries(assignmentStrategies)
  return classes
    .flatMap((name) => names.find(([known]) => known === name)?.[1] ?? [])
    .filter((name) => name !== 'cooperative-sticky')
}
