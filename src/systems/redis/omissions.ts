/** What the model leaves out of Redis. */
export const redisOmissions: readonly string[] = [
  'There is no Redis Cluster: no slots, no cluster bus, no sharded channels across nodes.',
  'The append-only file is not rewritten and grows for ever; a damaged one is mended by nobody.',
  'A replica that starts again takes a full copy; one that only lost its connection goes on from the backlog.',
  'Replicas follow the master, never one another; consumers and producers talk to the master alone.',
  'A write to a slow disk never blocks the server, but for the fsync of appendfsync always; loading data takes no time.',
  'There are no users, no encryption and no compression, and sizes on the wire are orders of magnitude.',
  'Sentinels find one another and the servers by configuration; they know no TILT mode and run no scripts.',
  'Clients do not pipeline transactions (MULTI); scripts are those that this model gives to the server.',
  'Nothing rewrites the position file of a reader that reads by itself but its own process.',
  'An orderly end does not wait for replicas that are behind (shutdown-timeout).',
  'A client pings nobody: a connection whose other end is silent is noticed by TCP alone.',
]
