import type { TopicPartition } from '../controller/partition-registration.ts'
import { present } from '../invariant.ts'
import type { MemberSubscription } from './group-replies.ts'

/**
 * How a group's leader shares out partitions. Members come in any order; the result does not depend on it.
 * A sticky assignor would also take what each member owned before.
 */
export type Assignor = (
  members: readonly MemberSubscription[],
  partitionCounts: ReadonlyMap<string, number>,
) => ReadonlyMap<string, readonly TopicPartition[]>

/**
 * Kafka's RangeAssignor: per topic, contiguous ranges over the subscribers in order of member id; the first ones get
 * one partition more when it does not divide.
 */
export const assignRange: Assignor = (members, partitionCounts) => {
  const assignment = emptyAssignment(members)
  for (const topic of subscribedTopics(members, partitionCounts)) {
    const subscribers = sortedMembers(members).filter((member) => member.topics.includes(topic))
    const partitions = partitionCounts.get(topic) ?? 0
    const share = Math.floor(partitions / subscribers.length)
    const larger = partitions % subscribers.length
    let next = 0
    subscribers.forEach(({ memberId }, index) => {
      const end = next + share + (index < larger ? 1 : 0)
      for (; next < end; next += 1) assignment.get(memberId)?.push({ topic, partition: next })
    })
  }
  return assignment
}

/** Kafka's RoundRobinAssignor: all partitions of all topics in turn over the members, passing over non-subscribers. */
export const assignRoundRobin: Assignor = (members, partitionCounts) => {
  const assignment = emptyAssignment(members)
  const order = sortedMembers(members)
  let turn = 0
  for (const topicPartition of partitionsOf(subscribedTopics(members, partitionCounts), partitionCounts)) {
    while (!memberAt(order, turn).topics.includes(topicPartition.topic)) turn += 1
    assignment.get(memberAt(order, turn).memberId)?.push(topicPartition)
    turn += 1
  }
  return assignment
}

/**
 * The round robin of kafkajs: like Kafka's, but topics stay in the order given and every member is taken to subscribe to
 * all of them.
 */
export const assignKafkaJsRoundRobin: Assignor = (members, partitionCounts) => {
  const assignment = emptyAssignment(members)
  const order = sortedMembers(members)
  const topics = [...partitionCounts.keys()].filter((topic) => members.some((member) => member.topics.includes(topic)))
  partitionsOf(topics, partitionCounts).forEach((topicPartition, index) => {
    assignment.get(memberAt(order, index).memberId)?.push(topicPartition)
  })
  return assignment
}

/** Assignors by the name that members offer them under. */
export const assignors: ReadonlyMap<string, Assignor> = new Map([
  ['range', assignRange],
  ['roundrobin', assignRoundRobin],
  ['RoundRobinAssigner', assignKafkaJsRoundRobin],
])

function emptyAssignment(members: readonly MemberSubscription[]): Map<string, TopicPartition[]> {
  return new Map(sortedMembers(members).map(({ memberId }) => [memberId, []]))
}

/** By UTF-16 code units, as Java compares strings. */
function sortedMembers(members: readonly MemberSubscription[]): readonly MemberSubscription[] {
  return [...members].sort((a, b) => (a.memberId < b.memberId ? -1 : a.memberId > b.memberId ? 1 : 0))
}

function subscribedTopics(
  members: readonly MemberSubscription[],
  partitionCounts: ReadonlyMap<string, number>,
): readonly string[] {
  const topics = new Set(members.flatMap((member) => member.topics))
  return [...topics].filter((topic) => partitionCounts.has(topic)).sort()
}

function partitionsOf(
  topics: readonly string[],
  partitionCounts: ReadonlyMap<string, number>,
): readonly TopicPartition[] {
  return topics.flatMap((topic) => {
    return Array.from({ length: partitionCounts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition }))
  })
}

function memberAt(order: readonly MemberSubscription[], turn: number): MemberSubscription {
  return present(order[turn % order.length], 'a group that is assigned has members')
}
