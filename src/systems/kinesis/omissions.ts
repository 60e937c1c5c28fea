/** What the model leaves out, a sentence each. */
export const kinesisOmissions: readonly string[] = [
  'The service keeps everything that it has acknowledged: a crash or a loss of power of its node is an outage, and nothing more.',
  'Streams on demand keep their four shards; they do not grow with what is written.',
  'ExplicitHashKey, streams that take records above 1 MiB, server-side encryption, tags and limits of the account are left out.',
  'Resharding takes no time; the stream is not UPDATING meanwhile, and a closed shard stays listed for the whole run.',
  'GetRecords never brings nothing where there is something further on.',
  'A poll that would find nothing is not repeated: it is answered when the next one would have been made that finds something. Polls of an idle shard use up none of its five reads.',
  'PutRecords gives its entries sequence numbers in their order, but for stragglers; the service promises no order.',
  'The client library is that of version 2: the leases of 3.x, which a leader assigns by CPU and throughput and hands over gracefully, are left out.',
  'A worker has one thread for all its record processors: it works on one batch after the other, whatever shards they are from. The library has a thread for each shard.',
  'One batch is fetched ahead of the application, where the library keeps up to three.',
  'Workers that find no leases make them at once; the library waits up to half a minute before that, so that not all of them do.',
  'The leases of shards that are done with stay in the table.',
  'The Kinesis Producer Library collects records and does not aggregate them; it knows no limit of its own for a shard.',
  'Other consumers are left out: event-source mappings of Lambda, Firehose, Flink.',
]
