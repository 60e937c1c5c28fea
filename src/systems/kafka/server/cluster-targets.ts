import type { World } from '../../../simulation/world.ts'
import type { Cluster } from '../cluster.ts'
import { noLeader, type TopicPartition } from '../core/controller/partition-registration.ts'
import { offsetsTopic } from '../core/group/committed-offsets.ts'
import { brokerNode, controllerNode } from './cluster-settings.ts'
import { offsetsPartitionOf } from './offsets-topic.ts'

/**
 * Makes the cluster's nodes targets of faults: its name means all of them, `brokers` the brokers, and roles go by what the quorum has committed.
 * Partitions are named `events/orders/0`, groups `events/billing`.
 */
export function addClusterTargets(world: World, cluster: Cluster): void {
  const { name, settings } = cluster
  const controllers = Array.from({ length: settings.controllers }, (_, index) => controllerNode(name, index + 1))
  world.targets.addToGroup(name, [...controllers, ...cluster.bootstrap])
  world.targets.addToGroup('broker', cluster.bootstrap)
  world.targets.addToGroup('controller', controllers)

  const roles = new Map<string, (argument: string) => readonly number[]>([
    ['leader', (argument) => leaderOf(cluster, partitionFrom(cluster, argument))],
    ['follower', (argument) => followersOf(cluster, argument)],
    ['isr', (argument) => registrationOf(cluster, argument)?.isr ?? []],
    ['replicas', (argument) => registrationOf(cluster, argument)?.replicas ?? []],
    ['coordinator', (argument) => coordinatorOf(cluster, argument)],
    ['storage-of', (argument) => storageOf(cluster, argument)],
  ])
  for (const [role, find] of roles) {
    world.targets.addRole(role, (argument) => find(argument).map((brokerId) => brokerNode(name, brokerId)))
  }
  world.targets.addRole('controller', (argument) => {
    const isOurs = argument === '' || argument === name
    return isOurs && cluster.view.controller !== undefined ? [cluster.view.controller] : []
  })
}

/** `events/orders/0`; a topic alone means its partition 0. */
function partitionFrom({ name }: Cluster, argument: string): TopicPartition | undefined {
  if (!argument.startsWith(`${name}/`)) return undefined
  const [topic = '', partition = '0'] = argument.slice(name.length + 1).split('/')
  return { topic, partition: Number(partition) }
}

function registrationOf(cluster: Cluster, argument: string) {
  const of = partitionFrom(cluster, argument)
  return of === undefined ? undefined : cluster.view.image.partition(of)
}

function leaderOf(cluster: Cluster, of: TopicPartition | undefined): readonly number[] {
  const leader = of === undefined ? noLeader : (cluster.view.image.partition(of)?.leader ?? noLeader)
  return leader === noLeader ? [] : [leader]
}

/** `events/orders/0` means every follower, in order of assignment; `events/orders/0, 2` the second. */
function followersOf(cluster: Cluster, argument: string): readonly number[] {
  const [place = '', ordinal] = argument.split(',').map((part) => part.trim())
  const registration = registrationOf(cluster, place)
  const followers = registration?.replicas.filter((brokerId) => brokerId !== registration.leader) ?? []
  return ordinal === undefined ? followers : followers.slice(Number(ordinal) - 1, Number(ordinal))
}

function coordinatorOf(cluster: Cluster, argument: string): readonly number[] {
  const { name, settings } = cluster
  const group = argument.startsWith(`${name}/`) ? argument.slice(name.length + 1) : argument
  const partition = offsetsPartitionOf(settings, group)
  return leaderOf(cluster, { topic: offsetsTopic, partition })
}

/** Every broker that has a replica of a partition, or of any partition of a topic. */
function storageOf(cluster: Cluster, argument: string): readonly number[] {
  const of = partitionFrom(cluster, argument)
  if (of === undefined) return []
  const isWholeTopic = argument.split('/').length < 3
  const partitions = cluster.view.image.partitions(of.topic) ?? []
  const meant = isWholeTopic ? partitions : partitions.slice(of.partition, of.partition + 1)
  return [...new Set(meant.flatMap(({ replicas }) => replicas))].sort((a, b) => a - b)
}
