import type { OptionPart } from '../../system.ts'

const noSockets = 'The scenario says who talks to whom.'
const noCluster = 'There is no Redis Cluster in the model: a master, its replicas and Sentinels.'

const serverReasons: readonly (readonly [RegExp, string])[] = [
  [/^(bind|port|unixsocket|tcp-backlog|timeout|tcp-keepalive|protected-mode|tls-|maxclients)/, noSockets],
  [/^cluster-/, noCluster],
  [/^(requirepass|masterauth|masteruser|user|acl|rename-command)/, 'There are no users.'],
  [/^(replicaof|slaveof)$/, 'The option replicas says how many servers follow the first.'],
  [
    /^(databases|loglevel|logfile|syslog|pidfile|daemonize|supervised|dir|dbfilename|appendfilename|appenddirname)/,
    'It changes nothing that anybody is told.',
  ],
  [
    /^(io-threads|hz|dynamic-hz|activedefrag|active-defrag|lazyfree|oom-score|jemalloc)/,
    'Commands are worked off one after the other; time-per-request says how fast.',
  ],
  [
    /^(auto-aof-rewrite|no-appendfsync-on-rewrite|aof-use-rdb-preamble|aof-timestamp|aof-rewrite)/,
    'The append-only file is not rewritten.',
  ],
  [/^(rdbcompression|rdbchecksum|rdb-)/, 'A snapshot is written as a whole.'],
  [/^(list-|set-|zset-|hash-|hll-|activerehashing)/, 'It says how the server stores data.'],
  [
    /^(slowlog|latency|notify-keyspace-events|lua-time-limit|busy-reply)/,
    'Logs, notifications and long scripts are left out.',
  ],
  [
    /^(repl-diskless-sync|repl-diskless-load|repl-disable-tcp-nodelay|repl-backlog-ttl|replica-serve-stale-data|replica-read-only|replica-announce)$/,
    'The model has its default only.',
  ],
  [/^parallel-syncs$/, 'Replicas are told of a new master all at once.'],
]

const clientReasons: readonly (readonly [RegExp, string])[] = [
  [/^(host|port|url|family|path|db|database|username|password|tls|socket_connect|name|sentinels)$/, noSockets],
  [/^(keepAlive|noDelay|socket_keepalive)$/, 'Each client has its own default.'],
  [
    /^(lazyConnect|enableReadyCheck|autoPipelining|enableAutoPipelining|keyPrefix|showFriendlyErrorStack)$/,
    'It changes nothing that anybody is told.',
  ],
  [/^(retryStrategy|reconnectStrategy|reconnectOnError)$/, 'It is code: each client has its own default.'],
  [/^autoResubscribe$/, 'Every client subscribes again after a lost connection.'],
]

/** Why a real option of Redis or its clients means nothing in the model. */
export function reasonWithoutMeaning(part: OptionPart, option: string): string | undefined {
  const reasons = part === 'system' ? serverReasons : clientReasons
  return reasons.find(([pattern]) => pattern.test(option))?.[1]
}
