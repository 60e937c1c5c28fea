import type { Process } from '../../../simulation/process.ts'
import type { Cluster } from '../cluster.ts'
import { ConsumerPositions } from '../core/consumer/consumer-positions.ts'
import type { PositionLoss } from '../core/consumer/offset-reset.ts'
import { positionReset } from '../facts.ts'
import { BrokerLinks } from './broker-links.ts'
import type { ConsumerSettings } from './consumer-settings.ts'
import type { MembershipSettings } from './group-membership.ts'
import { GroupMembership } from './group-membership.ts'
import { GroupOffsets } from './group-offsets.ts'
import type { GroupProgress } from './group-progress.ts'
import { PositionFinder } from './position-finder.ts'
import { PreferredReplicas } from './preferred-replicas.ts'
import { TopicMetadata } from './topic-metadata.ts'

export interface ConsumerUse {
  readonly topic: string
  readonly group: string
  readonly progress: GroupProgress
}

/** What the parts tell the client that they belong to. */
export interface ConsumerEvents {
  /** Something came that the client may have waited for. */
  changed(): void
  /** A new generation has begun, with these partitions for this member. */
  assigned(partitions: readonly number[]): void
  /** Joining the group failed as often as it may. */
  gaveUp(): void
}

/** What every consumer is made of, whatever drives it. */
export interface ConsumerParts {
  readonly links: BrokerLinks
  readonly metadata: TopicMetadata
  readonly membership: GroupMembership
  readonly offsets: GroupOffsets
  readonly positions: ConsumerPositions
  readonly finder: PositionFinder
  readonly preferred: PreferredReplicas
}

/** Makes the parts and asks for the topic's metadata. */
export function consumerParts(
  process: Process,
  cluster: Cluster,
  { topic, group, progress }: ConsumerUse,
  settings: ConsumerSettings,
  events: ConsumerEvents,
): ConsumerParts {
  const { changed } = events
  const links: BrokerLinks = new BrokerLinks(process, cluster.bootstrap, settings.links, (change) => {
    if (change === 'lost') metadata.requestUpdate()
  })
  const metadata = new TopicMetadata(process, links, { ...settings.metadata, topic }, changed)
  const membership = new GroupMembership({
    process,
    links,
    settings: membershipSettings(process, topic, group, settings),
    partitionCount: () => metadata.partitionCount ?? 0,
    ...events,
  })
  const offsets = new GroupOffsets(membership)
  const positions = new ConsumerPositions()
  const finder = new PositionFinder({
    process,
    topic,
    links,
    metadata,
    positions,
    offsets,
    reset: settings.reset,
    detectsTruncation: settings.detectsTruncation,
    retryAfter: settings.retryBackoff.initial,
    changed,
    skippedTo: (partition, offset, loss) => {
      progress.reached(group, topic, partition, offset)
      const reason = lossWords[loss?.type ?? 'no-committed-offset']
      // Who begins at the beginning has missed nothing.
      if (offset > 0 || loss?.type !== 'no-committed-offset')
        process.record(positionReset, { group, partition: `${cluster.name}/${topic}/${partition}`, offset, reason })
    },
  })
  metadata.requestUpdate()
  const preferred = new PreferredReplicas(process, settings.metadata.maxAge)
  return { links, metadata, membership, offsets, positions, finder, preferred }
}

const lossWords: Readonly<Record<PositionLoss['type'], string>> = {
  'no-committed-offset': 'no committed offset',
  'out-of-range': 'its offset was out of range',
  truncated: 'the log was truncated',
}

/** Nothing of it asks or hears anything any more. */
export function closeParts({ links, metadata, membership }: ConsumerParts): void {
  membership.close()
  metadata.close()
  links.close()
}

function membershipSettings(
  process: Process,
  topic: string,
  group: string,
  settings: ConsumerSettings,
): MembershipSettings {
  const { sessionTimeout, rebalanceTimeout, retryBackoff, joinAgain, assignors, links } = settings
  const { requestTimeout } = links
  const identity = { group, topic, clientId: process.name }
  return { ...identity, sessionTimeout, rebalanceTimeout, requestTimeout, retryBackoff, joinAgain, assignors }
}
