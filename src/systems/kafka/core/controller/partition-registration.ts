/** What the controller has on record of one partition. */
export interface PartitionRegistration {
  /** Brokers in the order of assignment; the first is the preferred leader. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  /** `noLeader` while the partition is offline. */
  readonly leader: number
  /** Grows with every election, and whenever the leader is lost. */
  readonly leaderEpoch: number
  /** Grows with every change; a request that names another one is refused. */
  readonly partitionEpoch: number
  /** Eligible leader replicas: left the ISR while it was below `min.insync.replicas`, and so have all that is committed. */
  readonly elr: readonly number[]
  /** The leader that was lost when ISR and ELR ran empty. */
  readonly lastKnownLeader: number | undefined
}

export const noLeader = -1

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

/** A new partition: led by the first replica that is alive, with the replicas that are alive as its ISR. */
export function registerPartition(replicas: readonly number[], alive: ReadonlySet<number>): PartitionRegistration {
  const isr = replicas.filter((brokerId) => alive.has(brokerId))
  const leader = isr[0] ?? noLeader
  return { replicas, isr, leader, leaderEpoch: 0, partitionEpoch: 0, elr: [], lastKnownLeader: undefined }
}

const names = new Map<string, string[]>()

/** The name of a partition as maps use it: always the same string, which maps find faster than one that was just put together. */
export function partitionName({ topic, partition }: TopicPartition): string {
  const ofTopic = names.get(topic) ?? []
  if (ofTopic.length === 0) names.set(topic, ofTopic)
  return (ofTopic[partition] ??= `${topic}-${partition}`)
}
