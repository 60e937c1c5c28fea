/** What the model of the servers leaves out, a sentence each. */
export const serverOmissions: readonly string[] = [
  'Brokers and controllers are nodes of their own; there are no combined ones, and no ZooKeeper.',
  'The metadata quorum has no snapshots, no changes of its voters and no pre-vote; brokers read the whole metadata log when they start.',
  'Retention, compaction, tiered storage and log segments are not modelled: logs grow.',
  'A log is recovered in no time; checksums find every torn or corrupt record.',
  'A follower whose fetch finds nothing stays parked for up to 10 s instead of asking again every replica.fetch.wait.max.ms.',
  'flush.ms is looked at as often as it says; a real broker also needs log.flush.scheduler.interval.ms.',
  'Brokers and controllers have one log directory and halt when that fails; so does a broker when the metadata quorum has lost what it had committed. A supervisor starts them again after 10 s.',
  'There are no quotas, no throttles and no security.',
  'Offsets are not compacted: a new coordinator reads the whole log of its partition, in no time.',
  'Dynamic changes of options, reassignment of replicas and deletion of topics and records are not modelled.',
]
