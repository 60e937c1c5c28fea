import { millisecond, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../option.ts'
import { pages } from './pages.ts'

const mebibyte = 1024 * 1024

const keyTable = {
  'deleted-at': {
    type: 'duration',
    fallback: null,
    minimum: 0,
    summary:
      'Time of the run at which somebody deletes the key (`DEL`), with all that it holds; by default nobody does.',
    page: pages.streams,
  },
} as const satisfies OptionTable

/** Nothing to set: a channel is only a name. */
const channelTable = {} as const satisfies OptionTable

const outputBufferTable = {
  pubsub: {
    type: 'text',
    fallback: '32mb 8mb 60',
    summary:
      'What may wait for a subscriber: a limit that closes its connection at once, and one that does when it is exceeded for so many seconds; 0 for none.',
    page: pages.clients,
  },
  replica: {
    type: 'text',
    fallback: '256mb 64mb 60',
    summary: 'The same for what waits for a replica.',
    page: pages.clients,
  },
} as const satisfies OptionTable

const sentinelTable = {
  sentinels: {
    type: 'count',
    fallback: 0,
    minimum: 0,
    maximum: 9,
    summary:
      'How many Sentinels watch the servers and make a replica the master when the master is down; with none, nobody does.',
    page: pages.sentinel,
  },
  quorum: {
    type: 'count',
    fallback: 2,
    minimum: 1,
    summary:
      'How many Sentinels have to find the master down before it counts as down. To fail over takes a majority of all of them.',
    page: pages.sentinel,
  },
  'down-after-milliseconds': {
    type: 'duration',
    unit: 'ms',
    fallback: 30 * second,
    minimum: millisecond,
    summary:
      'How long a server may leave a Sentinel without a valid answer before that finds it down. A bare number is in ms.',
    page: pages.sentinel,
  },
  'failover-timeout': {
    type: 'duration',
    unit: 'ms',
    fallback: 180 * second,
    minimum: millisecond,
    summary:
      'After twice this time a failover of the same master may be tried again; a failover that makes no headway for so long is given up. A bare number is in ms.',
    page: pages.sentinel,
  },
} as const satisfies OptionTable

/** Options of the servers, by the names of `redis.conf` and `sentinel.conf`, and what is declared. */
export const systemTable = {
  streams: { type: 'map', of: keyTable, summary: 'Streams by name: entries stay, and every group reads all of them.' },
  lists: { type: 'map', of: keyTable, summary: 'Lists by name, used as queues: each element goes to one worker.' },
  channels: {
    type: 'map',
    of: channelTable,
    summary: 'Channels by name: each message goes to whoever is subscribed at that moment, and to nobody later.',
    page: pages.pubsub,
  },
  appendonly: {
    type: 'flag',
    fallback: false,
    summary: 'Whether every write is appended to a file (AOF) that a start plays again.',
    page: pages.persistence,
  },
  appendfsync: {
    type: 'choice',
    choices: ['always', 'everysec', 'no'],
    fallback: 'everysec',
    summary:
      'When the append-only file is forced to the disk: before each reply, about once a second in the background, or when the kernel does it by itself.',
    page: pages.persistence,
  },
  'aof-load-truncated': {
    type: 'flag',
    fallback: true,
    summary:
      'Whether a start with an append-only file whose last command is incomplete drops that and goes on; without it the server does not start.',
    page: pages.persistence,
  },
  save: {
    type: 'text',
    fallback: '3600 1 300 100 60 10000',
    summary:
      'When a snapshot (RDB) is written: pairs of seconds and of writes that have to be reached; empty for never.',
    page: pages.persistence,
  },
  'stop-writes-on-bgsave-error': {
    type: 'flag',
    fallback: true,
    summary: 'Whether writes are refused (MISCONF) while the last snapshot could not be written.',
    page: pages.configuration,
  },
  maxmemory: {
    type: 'size',
    fallback: 0,
    minimum: 0,
    summary: 'Bytes of data at which `maxmemory-policy` sets in; 0 for no limit.',
    page: pages.eviction,
  },
  'maxmemory-policy': {
    type: 'choice',
    choices: ['noeviction', 'allkeys-lru', 'allkeys-random'],
    fallback: 'noeviction',
    summary:
      'What happens at the limit: commands that need memory are refused (OOM), or whole keys go, the one that was not used for longest or any.',
    page: pages.eviction,
  },
  'client-output-buffer-limit': {
    type: 'group',
    of: outputBufferTable,
    summary: 'What may wait for a client that does not read.',
    page: pages.clients,
  },
  'stream-node-max-entries': {
    type: 'count',
    fallback: 100,
    minimum: 0,
    summary: 'Entries in one node of a stream; trimming with `~` removes whole nodes only. 0 for no limit.',
    page: pages.configuration,
  },
  'stream-node-max-bytes': {
    type: 'size',
    fallback: 4096,
    minimum: 0,
    summary: 'Bytes in one node of a stream; 0 for no limit.',
    page: pages.configuration,
  },
  'stream-idmp-duration': {
    type: 'duration',
    unit: 's',
    fallback: 100 * second,
    minimum: second,
    maximum: 86_400 * second,
    summary:
      'How long a stream remembers the ids by which it knows what producers send again, unless they send too many others. A bare number is in s. Since 8.6.',
    page: pages.xcfgset,
  },
  'stream-idmp-maxsize': {
    type: 'count',
    fallback: 100,
    minimum: 1,
    maximum: 10_000,
    summary: 'How many ids of each producer a stream remembers, the latest. Since 8.6.',
    page: pages.xcfgset,
  },
  replicas: {
    type: 'count',
    fallback: 0,
    minimum: 0,
    maximum: 9,
    summary: 'How many replicas follow the master; `<name>-1` is the master at the start.',
    page: pages.replication,
  },
  'replica-priority': {
    type: 'list',
    fallback: [],
    summary:
      'The priority of each server, in order, by which Sentinel prefers lower numbers and never takes 0; 100 where nothing is said.',
    page: pages.sentinel,
  },
  'repl-backlog-size': {
    type: 'size',
    fallback: mebibyte,
    minimum: 16 * 1024,
    summary: 'Bytes of the latest writes that a master keeps, so that a replica that comes back needs no full copy.',
    page: pages.replication,
  },
  'repl-timeout': {
    type: 'duration',
    unit: 's',
    fallback: 60 * second,
    minimum: second,
    summary: 'Silence after which master and replica take their connection for dead. A bare number is in s.',
    page: pages.configuration,
  },
  'repl-ping-replica-period': {
    type: 'duration',
    unit: 's',
    fallback: 10 * second,
    minimum: second,
    summary: 'How often a master pings its replicas. A bare number is in s.',
    page: pages.configuration,
  },
  'repl-diskless-sync-delay': {
    type: 'duration',
    unit: 's',
    fallback: 5 * second,
    minimum: 0,
    summary: 'How long a master waits for more replicas before it sends a full copy. A bare number is in s.',
    page: pages.configuration,
  },
  'min-replicas-to-write': {
    type: 'count',
    fallback: 0,
    minimum: 0,
    summary: 'How many replicas have to have been heard of lately, or writes are refused (NOREPLICAS); 0 for none.',
    page: pages.replication,
  },
  'min-replicas-max-lag': {
    type: 'duration',
    unit: 's',
    fallback: 10 * second,
    minimum: 0,
    summary: 'How long ago that may have been. A bare number is in s.',
    page: pages.replication,
  },
  ...sentinelTable,
  'time-per-request': {
    type: 'duration',
    fallback: 5,
    minimum: 0,
    summary: 'Work of a server for each command; it works on one at a time.',
  },
  disk: {
    type: 'choice',
    choices: ['nvme', 'ssd', 'hdd'],
    fallback: 'ssd',
    summary: 'What a server writes its files to.',
  },
} as const satisfies OptionTable

export type SystemValues = OptionValues<typeof systemTable>
