import { offsetsPartition } from '../core/group/committed-offsets.ts'
import type { ClusterSettings } from './cluster-settings.ts'

/** The partition of the offsets topic whose leader coordinates a group. */
export function offsetsPartitionOf(settings: ClusterSettings, group: string): number {
  return offsetsPartition(group, settings.broker['offsets.topic.num.partitions'])
}

/**
 * The partitions of the offsets topic in which groups of the scenario live. The others (49 of 50 for a single group) would be replicated and
 * led without ever holding anything, which nobody could see and which took a quarter of a run: they are left out.
 */
export function modelledOffsetsPartitions(settings: ClusterSettings): ReadonlySet<number> {
  return new Set(settings.groups.map((group) => offsetsPartitionOf(settings, group)))
}
