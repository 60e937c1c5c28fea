import { minute, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../../systems/option.ts'

const manual = 'https://www.postgresql.org/docs/15'
const client = 'https://node-postgres.com/apis'

/** Options by the names that they have in the server's configuration, in drivers, and, with a dot, in tools around them. */
export const databaseOptions = {
  max_connections: {
    type: 'count',
    fallback: 100,
    minimum: 1,
    summary: 'Connections that the server takes; three of them are kept for administrators.',
    page: `${manual}/runtime-config-connection.html`,
  },
  default_transaction_isolation: {
    type: 'choice',
    choices: ['read committed', 'repeatable read', 'serializable'],
    fallback: 'read committed',
    summary: 'The isolation level of transactions that ask for none.',
    page: `${manual}/runtime-config-client.html`,
  },
  synchronous_commit: {
    type: 'choice',
    choices: ['on', 'off', 'local', 'remote_write', 'remote_apply'],
    fallback: 'on',
    summary:
      'What a commit waits for: the disk of the primary (local), also the standby if that is synchronous (on, remote_write, remote_apply: all taken as on its disk), or nothing (off).',
    page: `${manual}/runtime-config-wal.html`,
  },
  wal_writer_delay: {
    type: 'duration',
    fallback: second / 5,
    minimum: 1000,
    summary: 'How long commits that wait for nothing stay in memory.',
    page: `${manual}/runtime-config-wal.html`,
  },
  deadlock_timeout: {
    type: 'duration',
    fallback: second,
    minimum: 1000,
    summary: 'How long a session waits for a lock before it looks whether it waits for itself.',
    page: `${manual}/runtime-config-locks.html`,
  },
  lock_timeout: {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary: 'How long a statement waits for a lock before it fails; 0 without a limit.',
    page: `${manual}/runtime-config-client.html`,
  },
  statement_timeout: {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary: 'How long a statement may take before it fails; 0 without a limit.',
    page: `${manual}/runtime-config-client.html`,
  },
  idle_in_transaction_session_timeout: {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary: 'How long a session with an open transaction may say nothing before it is ended; 0 without a limit.',
    page: `${manual}/runtime-config-client.html`,
  },
  tcp_keepalives_idle: {
    type: 'duration',
    fallback: 120 * minute,
    minimum: second,
    summary: 'Silence of a client after which the server probes whether its host is there.',
    page: `${manual}/runtime-config-connection.html`,
  },
  tcp_keepalives_interval: {
    type: 'duration',
    fallback: 75 * second,
    minimum: second,
    summary: 'Time between two probes.',
    page: `${manual}/runtime-config-connection.html`,
  },
  tcp_keepalives_count: {
    type: 'count',
    fallback: 9,
    minimum: 1,
    summary: 'Probes without an answer after which a connection is over.',
    page: `${manual}/runtime-config-connection.html`,
  },
  standby: {
    type: 'flag',
    fallback: false,
    summary: 'Whether there is a second server, which gets the log of the first and takes over.',
    page: `${manual}/warm-standby.html`,
  },
  synchronous_standby_names: {
    type: 'choice',
    choices: ['', '*'],
    fallback: '',
    summary: 'Whether commits wait for the standby: `*` makes it synchronous, nothing leaves it asynchronous.',
    page: `${manual}/runtime-config-replication.html`,
  },
  wal_retrieve_retry_interval: {
    type: 'duration',
    fallback: 5 * second,
    minimum: 1000,
    summary: 'How long a standby waits before it asks the primary for its log again.',
    page: `${manual}/runtime-config-replication.html`,
  },
  'failover.after': {
    type: 'duration',
    fallback: 30 * second,
    minimum: 1000,
    summary:
      'How long the standby hears nothing from the primary before it takes over. The server leaves this to others; this is the `ttl` of Patroni.',
    page: 'https://patroni.readthedocs.io/en/latest/dynamic_configuration.html',
  },
  'pool.max': {
    type: 'count',
    fallback: 10,
    minimum: 1,
    summary: 'Connections of one client process; who finds all in use waits.',
    page: `${client}/pool`,
  },
  connect_timeout: {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary:
      'How long a client tries to connect to one server; 0 leaves it to its host, which takes about two minutes.',
    page: `${manual}/libpq-connect.html`,
  },
  query_timeout: {
    type: 'duration',
    fallback: 0,
    minimum: 0,
    summary: 'How long a client waits for an answer before it gives the connection up; 0 without a limit.',
    page: `${client}/client`,
  },
  unique: {
    type: 'choice',
    choices: ['none', 'message', 'operation'],
    fallback: 'none',
    summary:
      'A unique key on the table of effects that are applied as they come, by strategies without tables of their own.',
  },
  disk: { type: 'choice', choices: ['nvme', 'ssd', 'hdd'], fallback: 'nvme', summary: 'How long an fsync takes.' },
} as const satisfies OptionTable

export type DatabaseValues = OptionValues<typeof databaseOptions>
