import { minute, second } from '../../../simulation/duration.ts'
import type { OptionTable, OptionValues } from '../../option.ts'
import type { DeprecatedFeature } from '../core/profile.ts'
import { longestTimer, pages } from './pages.ts'
import { policyDefinitionTable, queueTable } from './queue-table.ts'

const exchangeTable = {
  type: {
    type: 'choice',
    choices: ['direct', 'fanout', 'topic', 'headers'],
    fallback: 'direct',
    summary: 'How it compares: equal keys, nothing at all, keys with patterns, or headers.',
    page: pages.exchanges,
  },
  durable: {
    type: 'flag',
    fallback: true,
    summary: 'Whether the exchange outlives a restart of its broker.',
    page: pages.exchanges,
  },
  auto_delete: {
    type: 'flag',
    fallback: false,
    summary: 'Whether it is deleted when the last of the bindings that it had goes.',
    page: pages.exchanges,
  },
  internal: {
    type: 'flag',
    fallback: false,
    summary: 'Whether it takes messages from other exchanges only.',
    page: pages.exchanges,
  },
  'alternate-exchange': {
    type: 'text',
    fallback: null,
    summary: 'The exchange that gets what matches no binding of this one.',
    page: pages.alternate,
  },
} as const satisfies OptionTable

const bindingTable = {
  source: {
    type: 'text',
    fallback: '',
    summary: 'The exchange that messages come from; it has to be said.',
    page: pages.exchanges,
  },
  destination: {
    type: 'text',
    fallback: null,
    summary: 'The queue or exchange that they go to; by default that of the name of the binding.',
    page: pages.exchanges,
  },
  destination_type: {
    type: 'choice',
    choices: ['queue', 'exchange'],
    fallback: 'queue',
    summary: 'Whether the destination is a queue or an exchange.',
    page: pages.exchanges,
  },
  routing_key: {
    type: 'text',
    fallback: '',
    summary: 'The key of messages that match; a topic exchange takes `*` for one word and `#` for any number.',
    page: pages.exchanges,
  },
  arguments: {
    type: 'list',
    fallback: [],
    summary:
      'Headers of messages that match a headers exchange, as `name=value`, and `x-match=any` where one is enough.',
    page: pages.exchanges,
  },
} as const satisfies OptionTable

const policyTable = {
  pattern: {
    type: 'text',
    fallback: '',
    summary:
      'A regular expression that matches somewhere in the names that the policy is for; by default it matches all.',
    page: pages.policies,
  },
  'apply-to': {
    type: 'choice',
    choices: ['all', 'queues', 'classic_queues', 'exchanges'],
    fallback: 'all',
    summary: 'What the policy is for.',
    page: pages.policies,
  },
  priority: {
    type: 'count',
    fallback: 0,
    summary: 'Of the policies that match, the one with the highest priority applies, and no other.',
    page: pages.policies,
  },
  definition: { type: 'group', of: policyDefinitionTable, summary: 'What the policy says.', page: pages.policies },
} as const satisfies OptionTable

/** Options of a broker: what is declared at the start, and its configuration by the names of `rabbitmq.conf`. */
export const brokerTable = {
  queues: { type: 'map', of: queueTable, summary: 'Queues by name, which an administrator declares at the start.' },
  exchanges: {
    type: 'map',
    of: exchangeTable,
    summary: 'Exchanges by name, declared at the start beside the predeclared `amq.*`.',
  },
  bindings: {
    type: 'map',
    of: bindingTable,
    summary: 'Bindings of queues and exchanges to exchanges, under names of your own.',
  },
  policies: { type: 'map', of: policyTable, summary: 'Policies by name, which set what many queues have in common.' },
  heartbeat: {
    type: 'duration',
    unit: 's',
    fallback: minute,
    minimum: 0,
    maximum: 65_535 * second,
    summary:
      'Silence on a connection after about twice of which it counts as dead, as the broker proposes it; 0 leaves it to the client. A bare number is in s.',
    page: pages.heartbeats,
  },
  channel_max: {
    type: 'count',
    fallback: 2047,
    minimum: 1,
    maximum: 65_535,
    summary: 'Channels that one connection may have.',
    page: pages.channels,
  },
  max_message_size: {
    type: 'size',
    fallback: null,
    minimum: 1,
    maximum: 536_870_912,
    summary:
      'Bytes of the largest message that it takes; the channel of a larger one is closed. By default 16 MiB, and 128 MiB before 4.0.',
    page: pages.configure,
  },
  consumer_timeout: {
    type: 'duration',
    unit: 'ms',
    fallback: 30 * minute,
    minimum: minute,
    maximum: longestTimer,
    summary:
      'How long a delivery may stay unacknowledged before its channel is closed, looked at once a minute; from 4.3 on not for classic queues. A bare number is in ms.',
    page: pages.consumers,
  },
  channel_tick_interval: {
    type: 'duration',
    unit: 'ms',
    fallback: minute,
    minimum: second,
    maximum: longestTimer,
    summary: 'How often it looks for them. A bare number is in ms.',
    page: pages.configure,
  },
  'deprecated_features.permit.transient_nonexcl_queues': {
    type: 'flag',
    fallback: false,
    summary: 'Whether queues may be neither durable nor exclusive in 4.3; in older versions they may.',
    page: pages.queues,
  },
  'deprecated_features.permit.global_qos': {
    type: 'flag',
    fallback: false,
    summary:
      'Whether `prefetch-global` is one limit for all consumers of a channel in 4.3 as well, and not one for each.',
    page: pages.prefetch,
  },
  'vm_memory_high_watermark.absolute': {
    type: 'size',
    fallback: null,
    minimum: 1,
    summary:
      'Bytes of messages in memory at which publishers are blocked; by default there is room for all, as a share of a host is nothing that the model knows.',
    page: pages.alarms,
  },
  'disk_free_limit.absolute': {
    type: 'size',
    fallback: 50_000_000,
    minimum: 0,
    summary: 'Bytes that have to be free on the disk, or publishers are blocked.',
    page: pages.diskAlarms,
  },
  'confirms-after': {
    type: 'choice',
    choices: ['fsync', 'write'],
    fallback: 'fsync',
    summary:
      "When a queue has a persistent message: when the disk has it, as the guide to confirms says, or when the operating system has it, as the vendor's account of classic queues in 4.x says; the two differ when the power is lost.",
    page: 'https://www.rabbitmq.com/blog/2025/01/17/how-are-the-messages-stored',
  },
  disk: {
    type: 'choice',
    choices: ['nvme', 'ssd', 'hdd'],
    fallback: 'ssd',
    summary: 'What the broker writes to: confirms of durable messages wait for it.',
  },
  'disk-size': {
    type: 'size',
    fallback: 10_737_418_240,
    minimum: 1_048_576,
    summary: 'Bytes that the disk holds.',
  },
} as const satisfies OptionTable

/** What the configuration permits of what a version may do without. */
export function permitsIn(values: OptionValues<typeof brokerTable>): readonly DeprecatedFeature[] {
  const features = ['transient_nonexcl_queues', 'global_qos'] as const
  return features.filter((feature) => values[`deprecated_features.permit.${feature}`])
}
